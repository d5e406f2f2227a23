/** How often a feed brings something new, as the dates of a document's items show it: pure. */
import type { ParsedItem } from '#contracts/parsed-feed.js';
import type { ObservedRhythm } from '#domain/poll-interval.js';

/** So many of the newest items speak for the present; a lively feed's last day counts, not its last year. */
const RECENT_ITEMS = 20;
/** Fewer dates than this are an accident, not a rhythm. */
const LEAST_DATES = 3;
/** Dates that lie ahead of the clock by more than its usual error say nothing of the past. */
const CLOCK_ERROR_MS = 300_000;
const MAX_SPACING_SECONDS = 31_536_000;

/**
 * The mean time between the items that were published last; null when too few have a date, or all the same one (a whole
 * document dated at its making). Dates in the future do not count.
 */
export function observedRhythm(
  items: readonly Pick<ParsedItem, 'published' | 'updated'>[],
  now: Date,
): ObservedRhythm | null {
  const latest = now.getTime() + CLOCK_ERROR_MS;
  const times = items
    .map(({ published, updated }) => Date.parse(published ?? updated ?? ''))
    .filter((time) => !Number.isNaN(time) && time <= latest);
  const recent = [...new Set(times)].sort((a, b) => b - a).slice(0, RECENT_ITEMS);
  const [newest] = recent;
  const oldest = recent.at(-1);
  if (newest === undefined || oldest === undefined || recent.length < LEAST_DATES) return null;
  const mean = (newest - oldest) / (recent.length - 1) / 1000;
  return {
    spacingSeconds: Math.round(Math.max(1, Math.min(mean, MAX_SPACING_SECONDS))),
    newestAt: new Date(Math.min(newest, now.getTime())),
  };
}
