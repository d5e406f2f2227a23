/** The hours and days at which a feed does not want to be polled: skipHours and skipDays of RSS 2.0, in UTC. */
import type { ScheduleHints } from '#contracts/parsed-feed.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const HOUR_MS = 3_600_000;
/** Whoever allows no hour of a whole week is not believed. */
const LOOK_AHEAD_HOURS = 8 * 24;

/** `at` itself where it is allowed, else the start of the next allowed hour; `at` too when nothing is allowed at all. */
export function nextAllowedTime(at: Date, { skipHours = [], skipDays = [] }: ScheduleHints): Date {
  if (skipHours.length === 0 && skipDays.length === 0) return at;
  let candidate = at;
  for (let hours = 0; hours < LOOK_AHEAD_HOURS; hours++) {
    const day = DAYS[candidate.getUTCDay()] ?? '';
    if (!skipHours.includes(candidate.getUTCHours()) && !skipDays.includes(day)) return candidate;
    candidate = new Date((Math.floor(candidate.getTime() / HOUR_MS) + 1) * HOUR_MS);
  }
  return at;
}
