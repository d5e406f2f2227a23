/** Reads what a feed in XML says of when to poll it: ttl, skipHours, skipDays (RSS 2.0) and the syndication module. */
import { type ScheduleHints } from '#contracts/parsed-feed.js';

import { type FeedNode } from './feed-node.js';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
/** Minutes of the periods of RSS 1.0's syndication module. */
const PERIODS: Record<string, number> = { hourly: 60, daily: 1_440, weekly: 10_080, monthly: 43_200, yearly: 525_600 };

export function scheduleHints(feed: FeedNode): ScheduleHints {
  const number = (text: string): number | undefined => (/^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined);
  const ttlMinutes = feed.first(['ttl'], (node) => number(node.text));
  const frequency = feed.first(['sy:updateFrequency'], (node) => number(node.text)) ?? 1;
  const period = PERIODS[feed.first(['sy:updatePeriod'], (node) => node.text.toLowerCase()) ?? ''];
  const hours = feed.all('skipHours').flatMap((node) => node.all('hour').map((hour) => number(hour.text)));
  // Userland counted from 1 to 24, the specification from 0 to 23.
  const skipHours = [
    ...new Set(hours.filter((hour) => hour !== undefined && hour <= 24).map((hour) => (hour ?? 0) % 24)),
  ].sort((a, b) => a - b);
  const named = feed.all('skipDays').flatMap((node) => node.all('day').map((day) => day.text.toLowerCase()));
  const skipDays = DAYS.filter((day) => named.includes(day.toLowerCase()));
  return {
    ...(ttlMinutes !== undefined && ttlMinutes > 0 && { ttlMinutes }),
    ...(period !== undefined && frequency > 0 && { updatePeriodMinutes: Math.max(1, Math.round(period / frequency)) }),
    ...(skipHours.length > 0 && skipHours.length < 24 && { skipHours }),
    ...(skipDays.length > 0 && skipDays.length < 7 && { skipDays }),
  };
}
