/** Reads the dates that feeds carry, in every format and language met so far, the same in every time zone; or not at all. */
import { MONTH_NAMES, monthOf } from './month-names.js';
import { normaliseDate } from './normalise-date.js';
import { splitPlace, timeAtPlace, zoneOffset } from './time-zones.js';

/** A calendar date and time of day as written; `offset` in minutes east of UTC. */
interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  offset: number;
}

const MAX_LENGTH = 100;
const EARLIEST_YEAR = 1900;
const LATEST_YEAR = 2200;

/**
 * The instant that `text` names, as ISO 8601 in UTC, or undefined when it names none for sure. A date without zone is UTC,
 * one without time is midnight; nothing depends on the machine's zone or clock.
 */
export function parseDate(text: string): string | undefined {
  const usual = USUAL.exec(text);
  if (usual) return toIso(instantOf(usualDate(usual)));
  const plain = RFC_3339.exec(text);
  if (plain) return toIso(instantOf(plainIso(plain)));
  const cleaned = normaliseDate(text);
  if (cleaned === '' || cleaned.length > MAX_LENGTH) return undefined;
  const { local, place } = splitPlace(cleaned);
  const time = instantOf(inKorea(local, isoDate(local) ?? writtenDate(local))) ?? unixTime(local);
  return toIso(time !== undefined && place !== undefined ? timeAtPlace(time, place) : time);
}

/** Korean words and no zone: the one time zone of Korea (the blog systems that print them never name it). */
function inKorea(text: string, moment: Moment | undefined): Moment | undefined {
  return moment && moment.offset === 0 && /[\uac00-\ud7a3]/.test(text) && !/[+-]\d\d:?\d\d$|[a-z]$/i.test(text)
    ? { ...moment, offset: 540 }
    : moment;
}

/** RFC 822 as nearly all feeds write it: the short way for the common case. */
const USUAL = /^(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (gmt|[+-]\d{4})$/i;

/** RFC 3339, as nearly all the rest write it. */
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

type Six = [number, number, number, number, number, number];

function plainIso(found: RegExpExecArray): Moment | undefined {
  const offset = zoneOffset(found[8] ?? '');
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as Six;
  const millisecond = Math.floor(Number(`0.${found[7] ?? '0'}`) * 1000);
  return offset === undefined ? undefined : { year, month, day, hour, minute, second, millisecond, offset };
}

function usualDate(found: RegExpExecArray): Moment | undefined {
  const month = monthOf((found[2] ?? '').toLowerCase());
  const offset = zoneOffset(found[7] ?? '');
  if (month === undefined || offset === undefined) return undefined;
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((group) => Number(found[group])) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { year, month, day, hour, minute, second, millisecond: 0, offset };
}

function toIso(time: number | undefined): string | undefined {
  if (time === undefined || !Number.isFinite(time)) return undefined;
  const year = new Date(time).getUTCFullYear();
  return year >= EARLIEST_YEAR && year <= LATEST_YEAR ? new Date(time).toISOString() : undefined;
}

/** Milliseconds of a moment whose every part is in range; 24:00 is the next midnight, a leap second the next minute. */
function instantOf(m: Moment | undefined): number | undefined {
  if (m === undefined) return undefined;
  const days = new Date(Date.UTC(2000, m.month, 0)).getUTCDate() - (m.month === 2 && !isLeap(m.year) ? 1 : 0);
  const endOfDay = m.hour === 24 && m.minute === 0 && m.second === 0;
  // Date.UTC takes years below 100 for the 1900s; 0001-01-01 is how some systems print "no date".
  if (m.year < EARLIEST_YEAR || m.month < 1 || m.month > 12 || m.day < 1 || m.day > days) return undefined;
  if ((m.hour > 23 && !endOfDay) || m.minute > 59 || m.second > 60 || Math.abs(m.offset) > 15 * 60) return undefined;
  return Date.UTC(m.year, m.month - 1, m.day, m.hour, m.minute - m.offset, m.second, m.millisecond);
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Seconds or milliseconds since 1970, as some content systems print them. */
function unixTime(text: string): number | undefined {
  if (/^\d{10}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  return /^\d{13}$/.test(text) ? Number(text) : undefined;
}

const ISO = new RegExp(
  '^([+]?\\d{4})(?:' +
    '[-/.]?W(?<week>\\d\\d)(?:-?(?<weekday>[1-7]))?' +
    '|-?(?<ordinal>\\d{3})(?!\\d)' +
    '|([-/.]?)(?<month>\\d{1,2})(?:\\5(?<day>\\d{1,2}))?' +
    ')?(?:[T ,]+(?:at )?(?<rest>\\S.*)|(?<zone>Z|[+-]\\d\\d:\\d\\d))?$',
  'i',
);

/** ISO 8601 and RFC 3339 in all their variants: basic, ordinal, week, partial (W3C-DTF), space for T, one-digit parts. */
function isoDate(text: string): Moment | undefined {
  const found = ISO.exec(text.replace(/(\d)T(?=\d)/i, '$1 '));
  if (!found?.groups) return undefined;
  const { week, weekday, ordinal, month, day, rest, zone } = found.groups;
  const year = Number(found[1]);
  // Six digits are YYMMDD or YYYYMM: nobody can tell.
  if (found[5] === '' && month !== undefined && (day === undefined || month.length !== 2 || day.length !== 2))
    return undefined;
  // xs:date may carry a zone behind the day; ISO 8601 an hour alone behind the T.
  const time =
    rest === undefined
      ? { ...MIDNIGHT, offset: zoneOffset(zone ?? '') ?? 0 }
      : timeOf(rest.replace(/^(\d\d)(?=Z|[+-]|$)/i, '$1:00'));
  if (!time) return undefined;
  if (ordinal !== undefined) return { year, ...dayOfYear(year, Number(ordinal)), ...time };
  if (week !== undefined) return { ...weekDate(year, Number(week), Number(weekday ?? 1)), ...time };
  return { year, month: Number(month ?? 1), day: Number(day ?? 1), ...time };
}

function dayOfYear(year: number, ordinal: number): { month: number; day: number } {
  const date = new Date(Date.UTC(year, 0, ordinal));
  if (ordinal < 1 || date.getUTCFullYear() !== year) return { month: 0, day: 0 };
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** ISO 8601 week date: week 1 holds 4 January, weeks begin on Monday. */
function weekDate(year: number, week: number, weekday: number): { year: number; month: number; day: number } {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const date = new Date(Date.UTC(year, 0, 4 - ((fourth.getUTCDay() + 6) % 7) + (week - 1) * 7 + weekday - 1));
  if (week < 1 || week > 53) return { year, month: 0, day: 0 };
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

type TimeOfDay = Pick<Moment, 'hour' | 'minute' | 'second' | 'millisecond' | 'offset'>;
const MIDNIGHT: TimeOfDay = { hour: 0, minute: 0, second: 0, millisecond: 0, offset: 0 };

const AM = 'a\\.?\\s?m\\.?|오전|上午|午前|π\\.?μ\\.?|sáng|de\\.';
const PM = 'p\\.?\\s?m\\.?|오후|下午|午後|μ\\.?μ\\.?|chiều|du\\.';
const TIME = new RegExp(
  `^(?:(${AM}|${PM})\\s*)?(\\d{1,2})(?:[:.](\\d{1,2})(?:[:.](\\d{1,2})(?:[.,:](\\d{1,9}))?)?)?\\s*(?:(${AM}|${PM})(?![\\p{L}]))?\\s*(.*)$`,
  'iu',
);
const BASIC_TIME = /^(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?(?![\d:])\s*(.*)$/;
const IS_PM = new RegExp(`^(?:${PM})$`, 'iu');

/** A time of day with its zone; undefined when a part or the zone is not understood. */
function timeOf(text: string): TimeOfDay | undefined {
  const basic = BASIC_TIME.exec(text);
  const found = basic
    ? [undefined, undefined, basic[1], basic[2], basic[3], basic[4], undefined, basic[5]]
    : TIME.exec(text);
  if (!found) return undefined;
  const half = found[1] ?? found[6];
  if (!basic && found[3] === undefined && half === undefined) return undefined;
  const offset = zoneOffset((found[7] ?? '').trim());
  let hour = Number(found[2]);
  // 15:04 PM is met; twelve o'clock is the odd one of both halves.
  if (half !== undefined && hour <= 12) hour = (hour % 12) + (IS_PM.test(half) ? 12 : 0);
  if (offset === undefined) return undefined;
  const millisecond = Math.floor(Number(`0.${found[5] ?? '0'}`) * 1000);
  return { hour, minute: Number(found[3] ?? 0), second: Number(found[4] ?? 0), millisecond, offset };
}

const CLOCK = new RegExp(
  `(?:^|[\\s,T])((?:(?:${AM}|${PM})\\s*)?\\d{1,2}(?::\\d{1,2}){1,2}.*|\\d{1,2}\\s*(?:${AM}|${PM}).*)$`,
  'iu',
);

const TIME_FIRST = new RegExp(`^(\\d{1,2}:\\d\\d(?::\\d\\d)?(?:\\s*(?:${AM}|${PM}))?)\\s*[,-]?\\s+(.*)$`, 'iu');

/** Dates in words or in a local order: RFC 822, RFC 850, asctime, JavaScript, and those of the world's languages. */
function writtenDate(text: string): Moment | undefined {
  // 年 月 日 and 년 월 일 name their numbers, and stand between them and the time.
  const cjk =
    /^(?:\D{0,12})(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]\s*(?:[(（]?[일월화수목금토日月火水木金土](?:요일|曜日)?[)）]?)?\s*(.*)$/u.exec(
      text,
    );
  if (cjk) {
    const time =
      cjk[4] === ''
        ? MIDNIGHT
        : timeOf(
            (cjk[4] ?? '')
              .replace(/[時时시分분]\s*/g, ':')
              .replace(/[秒초]/g, '')
              .replace(/:$/, ''),
          );
    return time && { year: Number(cjk[1]), month: Number(cjk[2]), day: Number(cjk[3]), ...time };
  }
  const clock = CLOCK.exec(text);
  const before = clock ? text.slice(0, clock.index) : text;
  let clockText = clock?.[1] ?? '';
  // asctime puts the year behind the time, and behind the zone where there is one: 16:29:06 PST 2004.
  const lateYear = /\s(\d{4})(?:\s|$)/.exec(clockText);
  const yearIsLate = lateYear !== null && !/\d{4}/.test(before);
  if (yearIsLate) clockText = clockText.replace(/\s\d{4}(?=\s|$)/, '');
  // Or the date itself: 16:29, 4 January 2004.
  const late = before.trim() === '' ? TIME_FIRST.exec(clock?.[1] ?? '') : null;
  const date = calendarDate(late ? (late[2] ?? '') : `${before} ${yearIsLate ? (lateYear[1] ?? '') : ''}`);
  const time = clock ? timeOf(late ? (late[1] ?? '') : clockText) : MIDNIGHT;
  return date && time && { ...date, ...time };
}

/** Day, month and year from words and numbers in any usual order. */
function calendarDate(text: string): { year: number; month: number; day: number } | undefined {
  const words = text.toLocaleLowerCase('en').match(MONTH_NAMES.token) ?? [];
  const months = words.map((word) => monthOf(word));
  const at = months.findLastIndex((month) => month !== undefined);
  const numbers = words.filter((word) => /^\d/.test(word)).map((word) => word.replace(/\D+$/, ''));
  const month = months[at];
  if (month !== undefined) {
    // Month and year, as in W3C-DTF's partial dates.
    if (numbers.length === 1 && numbers[0]?.length === 4) return { year: Number(numbers[0]), month, day: 1 };
    if (numbers.length !== 2) return undefined;
    const [first = '', second = ''] = numbers;
    const yearFirst = first.length === 4;
    const day = yearFirst ? second : first;
    return day.length > 2 ? undefined : { year: fullYear(yearFirst ? first : second), month, day: Number(day) };
  }
  return numericDate(text);
}

/** 31.12.2004 is day first everywhere; 12/31/2004 only when no other reading is possible; 01/02/2004 is nobody's guess. */
function numericDate(text: string): { year: number; month: number; day: number } | undefined {
  const found = /^(?:[\p{L}.]+,?\s+)?(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/u.exec(
    text.trim().replace(/[,\s]+$/, ''),
  );
  if (!found) return undefined;
  const [first, second, year] = [Number(found[1]), Number(found[3]), fullYear(found[4] ?? '')];
  if (found[2] === '.') return { year, month: second, day: first };
  if ((found[4] ?? '').length === 2) return undefined;
  if (first > 12) return { year, month: second, day: first };
  if (second > 12 || first === second) return { year, month: first, day: second };
  return undefined;
}

/** Two- and three-digit years by RFC 5322, 4.3. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : digits.length === 4 ? year : NaN;
}
