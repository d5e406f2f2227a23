/** Items on the wire: one partner's copy of a story, and the way it took. */
import { z } from 'zod';
import { parsedItemSchema } from '#contracts/parsed-feed.js';
import type { ItemAdminRow } from '#storage/item-admin.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { fetchSchema } from './fetches.schemas.js';
import { itemStepSchema } from './item-steps.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const stateSchema = z.enum(['received', 'in-story', 'dropped', 'held', 'failed']);
const partnerRefSchema = z.object({ id: z.uuid(), slug: z.string(), name: z.string() });

export const itemSchema = z
  .object({
    id: z.uuid(),
    title: z.string().nullable(),
    url: z.string().nullable(),
    feedId: z.uuid(),
    partner: partnerRefSchema,
    version: z.number().int().meta({ description: 'How often the partner has changed it, counted from 1.' }),
    processedVersion: z.number().int().meta({ description: 'Lower than version while the change waits.' }),
    state: stateSchema,
    stateReason: z.string().nullable(),
    quietReason: z.string().nullable().meta({ description: 'Why no webhook announces it, such as backlog.' }),
    identity: z.object({ key: z.string(), rule: z.enum(['guid', 'url', 'content']) }),
    storyId: z.uuid().nullable(),
    publishedAt: dateTime.nullable(),
    receivedAt: dateTime,
    changedAt: dateTime,
    processedAt: dateTime.nullable(),
    fetchId: z.uuid(),
    documentId: z.uuid().nullable(),
    correlationId: z.string(),
  })
  .meta({ id: 'Item' });
export const itemPageSchema = pageOf(itemSchema, 'ItemPage');

/** Why an item is part of its story. */
export const joinSchema = z
  .object({
    storyId: z.uuid(),
    rule: z.string().meta({
      description:
        "'first' for an item that made its story (`evidence.originalOf`, where that was merged into this one), 'operator' for one that an operator moved here, else the rule that joined it.",
    }),
    relation: z.enum(['original', 'duplicate', 'derived']).meta({
      description:
        "'duplicate': shown as what it copies. 'derived': an update, an extract or another version, linked and visible in the story's history. 'original': what the others copy.",
    }),
    evidence: z.record(z.string(), z.unknown()),
    leading: z.boolean().meta({ description: 'The story shows the text of this item.' }),
    joinedAt: dateTime,
  })
  .meta({ id: 'ItemJoin' });

export const itemDetailSchema = itemSchema
  .extend({
    feed: z.object({ id: z.uuid(), url: z.string(), title: z.string().nullable() }),
    join: joinSchema.nullable(),
    parsed: parsedItemSchema.meta({ description: 'As the partner wrote it, before cleaning.' }),
    firstFetch: fetchSchema.nullable(),
    lastFetch: fetchSchema.nullable().meta({ description: 'The fetch that brought the latest version.' }),
    way: z.array(z.string()).meta({ description: 'What happened to it, step by step, in words.' }),
    steps: z.array(itemStepSchema).meta({ description: 'The same as data, on to its events and their deliveries.' }),
  })
  .meta({ id: 'ItemDetail' });

export const itemQuerySchema = fields({
  ...pageFields,
  feedId: z.uuid().optional(),
  partnerId: z.uuid().optional(),
  fetchId: z.uuid().optional(),
  storyId: z.uuid().optional(),
  state: stateSchema.optional(),
  unprocessed: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'true: only items whose latest version waits to be processed.' }),
});

export function itemView(row: ItemAdminRow): z.infer<typeof itemSchema> {
  return {
    id: row.id,
    title: row.parsed.title ?? null,
    url: row.parsed.url ?? null,
    feedId: row.feed_id,
    partner: { id: row.partner_id, slug: row.partner_slug, name: row.partner_name },
    version: row.version,
    processedVersion: row.processed_version,
    state: row.state,
    stateReason: row.state_reason,
    quietReason: row.quiet_reason,
    identity: { key: row.identity_key, rule: row.identity_rule },
    storyId: row.story_id,
    publishedAt: isoOrNull(row.published_at),
    receivedAt: row.received_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    processedAt: isoOrNull(row.processed_at),
    fetchId: row.fetch_id,
    documentId: row.document_id,
    correlationId: row.correlation_id,
  };
}

/** Null while the item is part of no story. */
export function joinView(row: ItemAdminRow): z.infer<typeof joinSchema> | null {
  if (row.story_id === null || row.joined_at === null) return null;
  return {
    storyId: row.story_id,
    rule: row.rule ?? '',
    relation: row.relation ?? 'original',
    evidence: row.evidence ?? {},
    leading: row.is_leading ?? false,
    joinedAt: row.joined_at.toISOString(),
  };
}
