/** Reads dates of numbers alone, only where one reading is possible: day, month and year stand in other orders in other countries. */

/** A day of the calendar as written; month from 1. */
export interface CalendarDay {
  year: number;
  month: number;
  day: number;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * 31.12.2004 is day first everywhere; 12/31/2004 only when no other reading is possible; 01/02/2004 is nobody's guess, unless
 * an English weekday before it fits only one of the two. Undefined when it cannot be told.
 */
export function numericDate(text: string): CalendarDay | undefined {
  const found = /^(?:([\p{L}.]+),?\s+)?(\d{1,2})([./ -])(\d{1,2})\3(\d{4}|\d{2})$/u.exec(
    text.trim().replace(/[-,\s]+$/, ''),
  );
  if (!found) return undefined;
  const [weekday, separator, digits = ''] = [found[1], found[3], found[5]];
  const [first, second, year] = [Number(found[2]), Number(found[4]), fullYear(digits)];
  const dayFirst = { year, month: second, day: first };
  const monthFirst = { year, month: first, day: second };
  if (separator === '.') return dayFirst;
  // 23/10/30 may begin with its year; 10/30/23 cannot, and no month is the thirtieth.
  if (digits.length === 2) return second > 12 && first <= 12 ? monthFirst : undefined;
  if (first > 12) return dayFirst;
  if (second > 12 || first === second) return monthFirst;
  const fitting = [dayFirst, monthFirst].filter((day) => weekdayOf(day) === weekday?.slice(0, 3).toLowerCase());
  return fitting.length === 1 ? fitting[0] : undefined;
}

function weekdayOf({ year, month, day }: CalendarDay): string | undefined {
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
}

/** Two- and three-digit years by RFC 5322, 4.3. */
export function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : digits.length === 4 ? year : NaN;
}
