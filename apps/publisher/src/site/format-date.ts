/** Dates as readers see them, in UTC, with the zone named. */

export interface DateFormats {
  /** "23 November 2026, 18:59 UTC" */
  dateTime: (date: Date) => string;
  /** "18:59" */
  clock: (date: Date) => string;
  /** "Monday 23 November 2026" */
  day: (date: Date) => string;
  /** "November 2026" */
  month: (date: Date) => string;
  /** "November" */
  monthName: (date: Date) => string;
}

/** `locale` is a BCP 47 tag; English is written the British way. */
export function dateFormats(locale: string): DateFormats {
  const tag = locale === 'en' ? 'en-GB' : locale;
  const format = (options: Intl.DateTimeFormatOptions): ((date: Date) => string) => {
    const made = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' });
    return (date) => made.format(date);
  };
  const date = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return {
    dateTime: (at) => `${date(at)}, ${clock(at)} UTC`,
    clock,
    day: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    month: format({ month: 'long', year: 'numeric' }),
    monthName: format({ month: 'long' }),
  };
}
