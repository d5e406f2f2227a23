/** What a reparse run changes, as operators are shown it: some items with the start of each field before and after. */
import { isDeepStrictEqual } from 'node:util';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import type { FetchedItem } from './fetched-document.repository.js';
import type { ReparseExample } from './schema.js';

/** `before` is what was stored; null for a new item. */
export interface ItemChange {
  item: FetchedItem;
  kind: 'new' | 'changed';
  before: ParsedItem | null;
}

const MOST_EXAMPLES = 100;
const EXCERPT_LENGTH = 160;
const EXAMPLE_FIELDS = 8;

/** As it comes back from jsonb: without the fields that are undefined. */
export function asStored(item: ParsedItem): unknown {
  return JSON.parse(JSON.stringify(item));
}

/** `shown` are there already, of a hundred at most. */
export function examplesOf(
  document: { id: string; feedId: string },
  changes: readonly ItemChange[],
  shown: number,
): ReparseExample[] {
  return changes.slice(0, Math.max(0, MOST_EXAMPLES - shown)).map(({ item, kind, before }) => ({
    feedId: document.feedId,
    documentId: document.id,
    change: kind,
    identityKey: item.identityKey,
    title: excerpt(item.parsed.title),
    fields: kind === 'new' ? [] : changedFields(before, item.parsed),
  }));
}

function changedFields(before: ParsedItem | null, after: ParsedItem): ReparseExample['fields'] {
  const old = (before ?? {}) as Record<string, unknown>;
  const now = asStored(after) as Record<string, unknown>;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => !isDeepStrictEqual(old[field], now[field]))
    .slice(0, EXAMPLE_FIELDS)
    .map((field) => ({ field, before: excerpt(old[field]), after: excerpt(now[field]) }));
}

/** Cut between characters: half of one cannot be stored. */
function excerpt(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= EXCERPT_LENGTH
    ? text
    : `${[...text.slice(0, EXCERPT_LENGTH - 1)].filter((c) => !/^[\ud800-\udfff]$/.test(c)).join('')}…`;
}
