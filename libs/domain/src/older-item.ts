/** Whether a form of an item was written before another one, as far as the dates of both tell. Pure. */

/** Dates as ISO 8601. */
export interface DatedItem {
  published?: string | null | undefined;
  updated?: string | null | undefined;
}

/** False where the dates do not tell, and where `known` claims to be from after `now`: such a date tells nothing. */
export function isOlderItem(one: DatedItem, known: DatedItem, now: Date): boolean {
  const byUpdate = [one.updated, known.updated].some((date) => typeof date === 'string');
  const [given, before] = byUpdate ? [one.updated, known.updated] : [one.published, known.published];
  const knownAt = Date.parse(before ?? '');
  return Date.parse(given ?? '') < knownAt && knownAt <= now.getTime();
}
