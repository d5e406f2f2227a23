/** Parsed facts as PostgreSQL can keep them, and what decides whether an item is news: pure. */
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { cleanText } from '#domain/clean-text.js';

/** Every text inside `value`, cleaned: PostgreSQL refuses NUL and halves of surrogate pairs in text and jsonb. */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, storable(inner)])) as T;
}

/** When an item was published, as far as it says; dates that no calendar of ours holds count as none. */
export function publishedAt(item: ParsedItem): string | null {
  const given = item.published ?? item.updated;
  if (given === undefined) return null;
  const at = new Date(given);
  const year = at.getUTCFullYear();
  return year >= 1 && year <= 9999 ? at.toISOString() : null;
}

/**
 * Since when a feed's items are news: since it was added, and at most as long as copies are recognised by their texts. What is
 * older may have been here under another id and address (an archive that moves floods back whole), and nobody could tell.
 */
export function newsFrom(
  newsSince: Date,
  { identityWindowDays, newsWindowSeconds }: { identityWindowDays: number; newsWindowSeconds: number },
  now: Date,
): Date {
  const longestMs = Math.max(identityWindowDays * 86_400, newsWindowSeconds) * 1_000;
  return new Date(Math.max(newsSince.getTime(), now.getTime() - longestMs));
}

/**
 * Why an item makes a story without a story.published webhook, or null: it is older than what counts
 * as news, or without a date in the first document, where nothing tells it from the archive.
 */
export function backlogReason(published: string | null, newsSince: Date, isFirst: boolean): string | null {
  if (published === null) return isFirst ? 'backlog: without a date in the first document of its feed' : null;
  if (new Date(published) >= newsSince) return null;
  return `backlog: published ${published}, before ${newsSince.toISOString()}`;
}
