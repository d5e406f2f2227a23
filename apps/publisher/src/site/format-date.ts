/** Dates as readers see them, in UTC, with the zone named. */
import type { Messages } from './messages/en.js';

export interface DateFormats {
  /** "23 November 2026, 18:59 UTC" */
  dateTime: (date: Date) => string;
  /** "18:59" */
  clock: (date: Date) => string;
  /** "23 November 2026" */
  date: (date: Date) => string;
  /** "Monday, 23 November 2026" */
  day: (date: Date) => string;
  /** "November 2026" */
  month: (date: Date) => string;
  /** "November" */
  monthName: (date: Date) => string;
  /** "Mon" to "Sun", in this order. */
  weekdays: readonly string[];
}

/** A Monday. */
const WEEK_BEGINS = Date.UTC(2026, 10, 23);
const DAY_MS = 86_400_000;

export function dateFormats({ locale, dateAndTime }: Pick<Messages, 'locale' | 'dateAndTime'>): DateFormats {
  const format = (options: Intl.DateTimeFormatOptions): ((date: Date) => string) => {
    const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return (date) => made.format(date);
  };
  const date = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const weekday = format({ weekday: 'short' });
  return {
    dateTime: (at) => dateAndTime(date(at), clock(at)),
    clock,
    date,
    day: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    month: format({ month: 'long', year: 'numeric' }),
    monthName: format({ month: 'long' }),
    weekdays: Array.from({ length: 7 }, (_, index) => weekday(new Date(WEEK_BEGINS + index * DAY_MS))),
  };
}
