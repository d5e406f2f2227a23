/** Stories on the wire, with the reasons behind every part. */
import { z } from 'zod';
import { tagRefSchema } from '#contracts/channel-filter.js';
import { eventTypeSchema } from '#contracts/events.js';
import { parsedAuthorSchema, parsedItemSchema, parsedMediaSchema } from '#contracts/parsed-feed.js';
import { storyImageSchema, storyTagSchema } from '#contracts/story-body.js';
import type { StoryAdminRow } from '#storage/story-admin.repository.js';
import { dateTime } from './api-route.js';
import { itemSchema, joinSchema } from './items.schemas.js';
import { pageFields, pageOf } from './lists.js';
import { explanationFields } from './story-explanation.schemas.js';
import { fields } from './validation.js';

const statusSchema = z.enum(['published', 'withdrawn', 'merged', 'withheld']).meta({
  description: "withheld: never shown yet, because of its partners' rights; `shownCopies` of the story says which.",
});
const deliveryCountsSchema = z
  .object({
    pending: z.number().int(),
    delivering: z.number().int(),
    delivered: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
  })
  .meta({ id: 'DeliveryCounts' });
export type DeliveryCounts = z.infer<typeof deliveryCountsSchema>;

export const storySchema = z
  .object({
    id: z.uuid(),
    url: z.string().meta({ description: 'The public permalink.' }),
    version: z.number().int(),
    status: statusSchema,
    mergedInto: z.uuid().nullable(),
    title: z.string(),
    summary: z.string().meta({ description: 'Plain text.' }),
    language: z.string().nullable(),
    sourceName: z.string(),
    itemUrl: z.string().nullable().meta({ description: 'The original of the leading item.' }),
    partners: z.array(z.object({ slug: z.string(), name: z.string() })),
    tags: z.array(storyTagSchema),
    items: z.number().int().meta({ description: 'How many items tell it.' }),
    demo: z.boolean(),
    publishedAt: dateTime,
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Story' });
export const storyPageSchema = pageOf(storySchema, 'StoryPage');

export const storyDetailSchema = storySchema
  .omit({ items: true })
  .extend({
    content: z.string().meta({ description: 'Sanitised HTML.' }),
    authors: z.array(parsedAuthorSchema),
    image: storyImageSchema.nullable(),
    media: z.array(parsedMediaSchema),
    rights: z.string().nullable(),
    leadingItemId: z.uuid(),
    items: z
      .array(
        itemSchema.extend({
          join: joinSchema.nullable(),
          parsed: parsedItemSchema,
          textLeftOut: z.boolean().meta({
            description:
              '`parsed` has headline and link only, for the answer has a megabyte of texts; GET /items/ID has it all.',
          }),
        }),
      )
      .meta({
        description: 'The newest 200 copies, side by side, each with the rule and the evidence that joined it.',
      }),
    itemCount: z.number().int().meta({ description: 'How many items tell it; GET /items?storyId=ID lists all.' }),
    tags: z.array(storyTagSchema.extend({ source: z.string(), confidence: z.number() })),
    versionCount: z
      .number()
      .int()
      .meta({ description: 'How many versions are kept; GET /stories/ID/versions lists all.' }),
    eventCount: z.number().int().meta({ description: 'How many events told of it; `events` are the newest 200.' }),
    versions: z.array(
      z.object({
        version: z.number().int(),
        createdAt: dateTime,
        itemId: z.uuid(),
        changed: z.array(z.string()),
        title: z.string(),
        content: z.string(),
        textLeftOut: z.boolean().meta({
          description: '`content` is empty, for newer versions have a megabyte; GET /stories/ID/versions/N has it.',
        }),
      }),
    ),
    events: z.array(
      z.object({
        id: z.uuid(),
        type: eventTypeSchema,
        seq: z.number().int().nullable(),
        storyVersion: z.number().int().nullable(),
        quietReason: z.string().nullable(),
        correlationId: z.string(),
        createdAt: dateTime,
        deliveries: deliveryCountsSchema,
      }),
    ),
    deliveries: deliveryCountsSchema,
    ...explanationFields,
  })
  .meta({ id: 'StoryDetail' });

export const storyQuerySchema = fields({
  ...pageFields,
  q: z.string().trim().min(1).max(300).optional().meta({ description: 'Words to search for.' }),
  tag: tagRefSchema.optional().meta({ example: 'topic/sport' }),
  partner: z.string().max(100).optional().meta({ description: "A partner's slug.", example: 'harbour-gazette' }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, { error: 'must be a language such as en' })
    .optional(),
  status: statusSchema.optional(),
  since: z.iso
    .datetime({ offset: true, error: 'must be a date such as 2026-08-01T09:30:00Z' })
    .optional()
    .meta({ description: 'Only stories published (or first seen) since then.', example: '2026-08-01T09:30:00Z' }),
});

export const NO_DELIVERIES: DeliveryCounts = { pending: 0, delivering: 0, delivered: 0, failed: 0, cancelled: 0 };

/** `publicUrl`: base of the permalinks. */
export function storyView(row: StoryAdminRow, publicUrl: string): z.infer<typeof storySchema> {
  return {
    id: row.id,
    url: `${publicUrl}/stories/${row.id}/${row.slug}`,
    version: row.version,
    status: row.status,
    mergedInto: row.merged_into,
    title: row.title,
    summary: row.summary,
    language: row.language,
    sourceName: row.source_name,
    itemUrl: row.item_url,
    partners: row.partners,
    tags: row.tags,
    items: row.items,
    demo: row.is_demo,
    publishedAt: row.published_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
