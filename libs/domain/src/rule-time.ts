/** When an item was published, as rules ask: between dates, on weekdays, at hours of a place. */
import { type ConditionLeaf, WEEKDAYS } from '#contracts/rule.js';

type TimeCondition = Extract<ConditionLeaf, { kind: 'time' }>;

const MINUTES_A_DAY = 1_440;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** All that is asked must hold. `until` and the end of `hours` are not part of the span. */
export function timeHolds({ from, until, days, hours, zone = 'UTC' }: TimeCondition, at: Date): boolean {
  if (from !== undefined && at < new Date(from)) return false;
  if (until !== undefined && at >= new Date(until)) return false;
  if (days === undefined && hours === undefined) return true;
  const { day, minute } = localTime(at, zone);
  if (days !== undefined && !days.some((wanted) => wanted === day)) return false;
  if (hours === undefined) return true;
  const start = minutes(hours.from);
  // Over midnight, or the whole day where both are the same.
  const length = (minutes(hours.until) - start + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY;
  return (minute - start + MINUTES_A_DAY) % MINUTES_A_DAY < length;
}

function localTime(at: Date, zone: string): { day: string; minute: number } {
  if (zone === 'UTC')
    return { day: WEEKDAYS[(at.getUTCDay() + 6) % 7] ?? '', minute: at.getUTCHours() * 60 + at.getUTCMinutes() };
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(zone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: (part['weekday'] ?? '').toLowerCase(), minute: Number(part['hour']) * 60 + Number(part['minute']) };
}

function minutes(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}
