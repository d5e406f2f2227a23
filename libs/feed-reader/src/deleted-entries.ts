/** Reads tombstones: the items that a feed says it has taken back (RFC 6721, at:deleted-entry). */
import { type ParsedDocument, type ParsedItem } from '#contracts/parsed-feed.js';

import { type FeedNode } from './feed-node.js';
import { parseDate } from './parse-date.js';
import { wholeId } from './resolve-url.js';

type Deleted = NonNullable<ParsedDocument['deleted']>;

/** A feed that took back more than this at once has more to say than tombstones. */
const MAX_DELETED = 1_000;

/**
 * Each item once. An entry of the same document that is newer than its tombstone, or has no date to tell, is alive (section
 * 3: the tombstone speaks of what was before `when`). Items are named as their own ids are read: "12345" is no address.
 */
export function deletedEntries(
  feed: FeedNode,
  { isAtom, documentUrl }: { isAtom: boolean; documentUrl: string },
  items: readonly ParsedItem[],
): Deleted {
  const alive = new Map(items.map((item) => [item.id, item.updated ?? item.published]));
  const deleted = new Map<string, Deleted[number]>();
  for (const node of feed.all('deleted-entry').slice(0, MAX_DELETED)) {
    const written = node.attribute('ref')?.trim() ?? '';
    if (written === '') continue;
    const ref = isAtom ? wholeId({ text: written, base: node.base }, documentUrl) : written;
    const when = parseDate(node.attribute('when') ?? '');
    const isAlive = alive.has(ref) && (when === undefined || (alive.get(ref) ?? when) >= when);
    if (!isAlive) deleted.set(ref, { ref, ...(when === undefined ? {} : { when }) });
  }
  return [...deleted.values()];
}
