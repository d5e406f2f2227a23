/** Tells the way of an item in sentences: the answer to "why is this item (not) in a story?". */
import type { FetchRow } from '#storage/fetch-log.repository.js';
import type { ItemAdminRow } from '#storage/item-admin.repository.js';
import { joiningOf } from './item-joining.js';
import { reasonOf } from './item-reason.js';

/** One sentence a step, in the order of events. A fetch that is no longer kept is null. */
export function itemWay(item: ItemAdminRow, firstFetch: FetchRow | null, lastFetch: FetchRow | null): string[] {
  return [
    `${at(item.received_at)}: received from ${item.feed_url}${how(firstFetch)}, identified by its ${item.identity_rule}.`,
    item.version > 1 ? changing(item, lastFetch) : undefined,
    item.quiet_reason === null ? undefined : `No webhook announces it: ${item.quiet_reason}.`,
    processing(item),
    joining(item),
  ].filter((sentence) => sentence !== undefined);
}

function changing({ changed_at, version }: ItemAdminRow, lastFetch: FetchRow | null): string {
  const by = lastFetch?.kind === 'reparse' ? 'changed when its document was read again' : 'changed by the partner';
  return `${at(changed_at)}: ${by}; this is version ${version}.`;
}

function how(fetch: FetchRow | null): string {
  if (fetch === null) return '';
  if (fetch.kind === 'reparse') return ' when a stored document was read again';
  return ` by ${fetch.kind} (HTTP ${fetch.http_status ?? 'push'}, ${fetch.duration_ms} ms)`;
}

function processing(item: ItemAdminRow): string {
  if (item.processed_version < item.version)
    return `Version ${item.version} waits to be processed (${item.processed_version === 0 ? 'none was yet' : `version ${item.processed_version} was`}).`;
  const when = item.processed_at === null ? '' : `${at(item.processed_at)}: `;
  const reason = reasonOf(item);
  const why = reason === null ? '' : `: ${reason}`;
  return `${when}processed; it is ${item.state}${why}.`;
}

function joining(item: ItemAdminRow): string | undefined {
  const how = joiningOf(item);
  if (how === null || item.joined_at === null) return undefined;
  const leading = item.is_leading === true ? ' It leads the story.' : '';
  const evidence = item.rule === 'first' ? '' : `: ${JSON.stringify(item.evidence)}`;
  return `${at(item.joined_at)}: ${how.outcome} ${item.story_id ?? ''}: ${how.reason}${evidence}.${leading}`;
}

function at(date: Date): string {
  return date.toISOString();
}
