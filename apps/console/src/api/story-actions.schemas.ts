/** Story actions on the wire: what is asked for, and the record of what was done. */
import { z } from 'zod';
import { parsedMediaSchema } from '#contracts/parsed-feed.js';
import { storyActionFactsSchema, storyActionKindSchema, storyActionRequestSchema } from '#contracts/story-actions.js';
import { storyImageSchema, storyTagSchema, tagSchemeSchema } from '#contracts/story-body.js';
import { slugify } from '#domain/slug.js';
import type { StoryActionRow } from '#storage/story-action.repository.js';
import type { StoryVersionDetail, StoryVersionHead } from '#storage/story-version.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const MAX_AT_ONCE = 200;
const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .optional()
  .meta({ description: 'Kept in the record.', example: 'asked for by the partner' });

export const mergeSchema = fields({
  storyIds: z
    .array(z.uuid())
    .min(1)
    .max(20)
    .meta({ description: 'Stories that go into this one; their permalinks redirect here for ever.' }),
  reason,
}).meta({
  id: 'StoryMerge',
  example: { storyIds: ['01936f2e-8c1a-7000-8000-0000000000b2'], reason: 'the same event' },
});

export const splitSchema = fields({
  itemIds: z.array(z.uuid()).min(1).max(MAX_AT_ONCE).meta({ description: 'Items that become a story of their own.' }),
  reason,
}).meta({ id: 'StorySplit', example: { itemIds: ['01936f2e-8c1a-7000-8000-0000000000c3'] } });

/** Without a body: without a reason. */
export const reasonSchema = fields({ reason })
  .prefault({})
  .meta({ id: 'StoryActionReason', example: { reason: 'asked for by the partner' } });

export const leadSchema = fields({
  itemId: z.uuid().nullable().meta({ description: 'The item that leads from now on; null: the hub chooses again.' }),
  reason,
}).meta({ id: 'StoryLead', example: { itemId: '01936f2e-8c1a-7000-8000-0000000000c3' } });

/** Part of the tag's address, so something of it must be left there. */
const tagName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((name) => slugify(name) !== '', { error: 'must have a letter or a digit' });

export const retagSchema = fields({
  add: z
    .array(z.object({ scheme: tagSchemeSchema, name: tagName }))
    .max(40)
    .optional(),
  remove: z
    .array(z.object({ scheme: tagSchemeSchema, slug: z.string().min(1).max(100) }))
    .max(40)
    .optional()
    .meta({ description: 'They do not come back with the next copy.' }),
  reason,
})
  .refine(({ add = [], remove = [] }) => add.length + remove.length > 0, { error: 'name tags to add or to remove' })
  .refine(
    ({ add = [], remove = [] }) =>
      !add.some(({ scheme, name }) => remove.some((tag) => tag.scheme === scheme && tag.slug === slugify(name))),
    { error: 'a tag is named both in add and in remove: keep one' },
  )
  .meta({ id: 'StoryRetag', example: { add: [{ scheme: 'topic', name: 'Transport' }], remove: [] } });

export const storyActionSchema = z
  .object({
    id: z.uuid(),
    kind: storyActionKindSchema,
    storyId: z.uuid().nullable(),
    itemId: z.uuid().nullable(),
    actor: z.string().meta({ description: "'machine', 'feed', or the operator with the address." }),
    reason: z.string().nullable(),
    request: storyActionRequestSchema,
    status: z.enum(['waiting', 'done', 'refused']),
    outcome: z.string().nullable().meta({ description: 'What was done, or why not.' }),
    before: storyActionFactsSchema.nullable(),
    after: storyActionFactsSchema.nullable(),
    undoes: z.uuid().nullable(),
    undoneBy: z.uuid().nullable(),
    createdAt: dateTime,
    doneAt: dateTime.nullable(),
  })
  .meta({ id: 'StoryAction' });
export const storyActionPageSchema = pageOf(storyActionSchema, 'StoryActionPage');
export const storyActionQuerySchema = fields({
  ...pageFields,
  storyId: z.uuid().optional(),
  itemId: z.uuid().optional(),
  kind: storyActionKindSchema.optional(),
  status: z.enum(['waiting', 'done', 'refused']).optional(),
});

export function storyActionView(row: StoryActionRow): z.infer<typeof storyActionSchema> {
  return {
    ...{ id: row.id, kind: row.kind, storyId: row.story_id, itemId: row.item_id, actor: row.actor },
    ...{ reason: row.reason, request: row.request, status: row.status, outcome: row.outcome },
    ...{ before: row.before, after: row.after, undoes: row.undoes, undoneBy: row.undone_by },
    createdAt: row.created_at.toISOString(),
    doneAt: isoOrNull(row.done_at),
  };
}

const versionHeadSchema = z
  .object({
    version: z.number().int(),
    createdAt: dateTime,
    itemId: z.uuid().meta({ description: 'The item that led then.' }),
    changed: z.array(z.string()),
    title: z.string(),
  })
  .meta({ id: 'StoryVersion' });
export const versionPageSchema = pageOf(versionHeadSchema, 'StoryVersionPage');
export const versionListQuerySchema = fields({ ...pageFields });
export const versionQuerySchema = fields({
  against: z.coerce
    .number()
    .int()
    .positive()
    .max(2_000_000_000)
    .optional()
    .meta({ description: 'The version to compare with; without it the one before.', example: 1 }),
});

const pieceSchema = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
const namesSchema = z.object({ added: z.array(z.string()), removed: z.array(z.string()) });
export const versionDetailSchema = versionHeadSchema
  .extend({
    summary: z.string().nullable(),
    content: z.string(),
    language: z.string().nullable(),
    sourceName: z.string().nullable(),
    rights: z.string().nullable(),
    image: storyImageSchema.nullable(),
    media: z.array(parsedMediaSchema).nullable(),
    tags: z.array(storyTagSchema).nullable(),
    partners: z.array(z.object({ slug: z.string(), name: z.string() })).nullable(),
    diff: z
      .object({
        against: z.number().int(),
        title: z.array(pieceSchema),
        text: z.array(pieceSchema).meta({ description: 'Word by word; empty when the text is the same.' }),
        tags: namesSchema,
        partners: namesSchema,
        media: namesSchema,
        rights: z.object({ before: z.string().nullable(), after: z.string().nullable() }).nullable(),
      })
      .nullable()
      .meta({ description: 'Null for the first version.' }),
  })
  .meta({ id: 'StoryVersionDetail' });

export function versionHeadView(row: StoryVersionHead): z.infer<typeof versionHeadSchema> {
  const { version, created_at, item_id, changed, title } = row;
  return { version, createdAt: created_at.toISOString(), itemId: item_id, changed, title };
}

export function versionView(row: StoryVersionDetail): Omit<z.infer<typeof versionDetailSchema>, 'diff'> {
  const { summary, content, language, source_name: sourceName, rights, image, media, tags, partners } = row;
  return { ...versionHeadView(row), summary, content, language, sourceName, rights, image, media, tags, partners };
}
