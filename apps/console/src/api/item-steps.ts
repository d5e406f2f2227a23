/** The way of an item as data: one entry a step, each with its time, its outcome and the reason. */
import { z } from 'zod';
import type { FetchRow } from '#storage/fetch-log.repository.js';
import type { ItemAdminRow } from '#storage/item-admin.repository.js';
import type { StoryTrail } from '#storage/story-admin.repository.js';
import { dateTime } from './api-route.js';
import { joiningOf } from './item-joining.js';
import { reasonOf } from './item-reason.js';

export const itemStepSchema = z
  .object({
    step: z.enum(['fetch', 'store', 'change', 'process', 'join', 'tag', 'announce', 'deliver']),
    at: dateTime.nullable().meta({ description: 'Null for a step that has not happened yet.' }),
    outcome: z.string().meta({ example: 'dropped' }),
    reason: z.string().nullable().meta({ example: 'rule "No horoscopes"' }),
    details: z.record(z.string(), z.unknown()).meta({ description: 'Ids, scores and counts, by name.' }),
  })
  .meta({ id: 'ItemStep' });
export type ItemStep = z.infer<typeof itemStepSchema>;

interface Surroundings {
  firstFetch: FetchRow | null;
  lastFetch: FetchRow | null;
  /** Of the story that the item is in. */
  trail: StoryTrail | null;
}

/** In the order of events. What is no longer kept (a fetch, a delivery) is left out. */
export function itemSteps(item: ItemAdminRow, { firstFetch, lastFetch, trail }: Surroundings): ItemStep[] {
  return [
    ...(firstFetch === null ? [] : [fetchStep(firstFetch)]),
    {
      step: 'store',
      at: item.received_at.toISOString(),
      outcome: 'stored',
      reason: `identified by its ${item.identity_rule}`,
      details: { identityKey: item.identity_key, documentId: item.document_id, quietReason: item.quiet_reason },
    },
    ...(item.version > 1 ? [...(lastFetch === null ? [] : [fetchStep(lastFetch)]), changeStep(item)] : []),
    processStep(item),
    ...joinStep(item),
    ...(trail === null ? [] : storySteps(trail)),
  ];
}

function fetchStep(fetch: FetchRow): ItemStep {
  return {
    step: 'fetch',
    at: fetch.started_at.toISOString(),
    outcome: fetch.outcome,
    reason: fetch.error,
    details: { fetchId: fetch.id, kind: fetch.kind, httpStatus: fetch.http_status, durationMs: fetch.duration_ms },
  };
}

function changeStep({ changed_at, version, fetch_id, document_id }: ItemAdminRow): ItemStep {
  const details = { version, fetchId: fetch_id, documentId: document_id };
  return { step: 'change', at: changed_at.toISOString(), outcome: `version ${version}`, reason: null, details };
}

function processStep(item: ItemAdminRow): ItemStep {
  const details = { version: item.version, processedVersion: item.processed_version };
  const waits = item.processed_version < item.version;
  const at = item.processed_at === null ? null : item.processed_at.toISOString();
  if (waits)
    return { step: 'process', at, outcome: 'waiting', reason: 'its latest version is not processed yet', details };
  return { step: 'process', at, outcome: item.state, reason: reasonOf(item), details };
}

function joinStep(item: ItemAdminRow): ItemStep[] {
  const joining = joiningOf(item);
  if (joining === null) return [];
  const { story_id: storyId, relation, is_leading, evidence, joined_at } = item;
  const details = { storyId, relation, leading: is_leading === true, evidence: evidence ?? {} };
  return [{ step: 'join', at: joined_at?.toISOString() ?? null, ...joining, details }];
}

function storySteps({ tags, events, deliveries }: StoryTrail): ItemStep[] {
  return [
    {
      step: 'tag',
      at: null,
      outcome: tags.length === 1 ? '1 tag' : `${tags.length} tags`,
      reason: null,
      details: { tags: tags.map(({ scheme, slug, source, confidence }) => ({ scheme, slug, source, confidence })) },
    },
    ...events.flatMap((event): ItemStep[] => {
      const at = event.created_at.toISOString();
      const announced: ItemStep = {
        step: 'announce',
        at,
        outcome: event.type,
        reason: event.quiet_reason,
        details: { eventId: event.id, seq: event.seq, storyVersion: event.story_version },
      };
      const counts = deliveries.filter(({ event_id }) => event_id === event.id);
      if (counts.length === 0) return [announced];
      const outcome = counts.map(({ status, count }) => `${count} ${status}`).join(', ');
      return [announced, { step: 'deliver', at, outcome, reason: null, details: { eventId: event.id } }];
    }),
  ];
}
