/** Says in a sentence what came of a fetch and why: for those who look at the log. */
import type { FetchRow } from '#storage/fetch-log.repository.js';

/** Items of the document that were here already and have not changed. */
export function unchangedItems({ items_seen, items_new, items_changed, items_blocked }: FetchRow): number {
  return Math.max(0, items_seen - items_new - items_changed - items_blocked);
}

export function fetchInWords(row: FetchRow): string {
  if (row.outcome === 'failed') return `failed: ${row.error ?? row.error_class ?? 'no details'}`;
  if (row.outcome === 'unchanged')
    return row.http_status === 304 ? 'not modified (304)' : 'the same bytes as last time, although sent again';
  const parts = [
    [row.items_new, 'new'],
    [row.items_changed, 'changed'],
    [unchangedItems(row), 'unchanged'],
    [row.items_blocked, 'blocked by rules'],
  ].filter(([count]) => count !== 0);
  const counts = parts.length === 0 ? 'no items' : parts.map((part) => part.join(' ')).join(', ');
  const { length } = row.problems;
  const problems = length === 0 ? '' : `; ${length} ${length === 1 ? 'problem' : 'problems'} repaired or passed over`;
  return `${row.kind === 'reparse' ? 'a stored document, read again' : 'a new document'}: ${counts}${problems}`;
}
