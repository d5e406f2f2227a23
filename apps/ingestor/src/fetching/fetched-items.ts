/** The items of a document as they are stored, the same for a poll and for reading a stored document again: pure. */
import type { ParsedDocument, ParseProblem } from '#contracts/parsed-feed.js';
import type { FetchedItem } from '#storage/fetched-document.repository.js';
import { identifyItems } from './item-identity.js';
import { backlogReason, publishedAt } from './storable.js';

/** What is known of its feed that decides what is news. */
export interface NewsFacts {
  newsSince: Date;
  isFirst: boolean;
}

/** `parsed` holds text that PostgreSQL can store. The problems are the reader's and those of the items' identities. */
export function fetchedItems(
  parsed: ParsedDocument,
  feed: NewsFacts,
): { items: FetchedItem[]; problems: ParseProblem[] } {
  const { items, problems } = identifyItems(parsed.items);
  return {
    items: items.map(({ key, rule, contentHash, item }) => {
      const published = publishedAt(item);
      return {
        identityKey: key,
        identityRule: rule,
        contentHash,
        parsed: item,
        publishedAt: published,
        quietReason: backlogReason(published, feed.newsSince, feed.isFirst),
      };
    }),
    problems: [...parsed.problems, ...problems],
  };
}
