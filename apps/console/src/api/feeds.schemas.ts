/** Feeds on the wire. */
import { z } from 'zod';
import { feedCandidateSchema } from '#contracts/feed-preview.js';
import type { FeedAdminRow } from '#storage/feed-admin.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { feedSettingsInputSchema, feedSettingsSchema, settingsView } from './feed-settings.schemas.js';
import { feedPushSchema } from './feed-push.schema.js';
import { pageFields, pageOf } from './lists.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const EXAMPLE_URL = 'https://gazette.example/feed.xml';
const title = z.string().trim().min(1).max(300);
const intervalSeconds = z
  .number()
  .int()
  .min(1)
  .max(30 * 86_400)
  .meta({ description: "Seconds between polls, instead of the feed's own rhythm.", example: 900 });
const paused = z.boolean();
const statusSchema = z.enum(['active', 'paused', 'retired']);

export const feedSchema = z
  .object({
    id: z.uuid(),
    url: z.string().meta({ example: EXAMPLE_URL }),
    title: z.string().nullable(),
    partnerId: z.uuid(),
    partner: z.object({ id: z.uuid(), slug: z.string(), name: z.string() }),
    status: statusSchema,
    statusReason: z.string().nullable(),
    siteUrl: z.string().nullable(),
    format: z.string().nullable().meta({ example: 'rss' }),
    language: z.string().nullable(),
    discoveredFrom: z
      .string()
      .nullable()
      .meta({ description: 'The page that was given and that led to this feed; null: the feed itself was given.' }),
    intervalSeconds: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'Set by an operator; null: the rhythm of the feed.' }),
    newsSince: dateTime.meta({ description: 'Items published before this became stories silently.' }),
    partnerReason: z.string().nullable().meta({
      description: 'Why it is of this partner; null: an operator said so.',
      example: 'made from its home page, gazette.example',
    }),
    settings: feedSettingsSchema,
    demo: z.boolean(),
    fetching: z.boolean().meta({ description: 'Being fetched at this moment.' }),
    lastFetchAt: dateTime.nullable(),
    lastSuccessAt: dateTime.nullable(),
    lastFetchId: z.uuid().nullable(),
    consecutiveFailures: z.number().int(),
    lastError: z
      .object({
        class: z.string().meta({ example: 'timeout' }),
        message: z.string(),
        scope: z.enum(['remote', 'ours', 'backpressure']).meta({ description: 'Only remote failures count.' }),
      })
      .nullable()
      .meta({
        description: 'Why the last fetch failed; null when it did not. docs/operations.md explains each class.',
      }),
    nextFetchAt: dateTime,
    nextFetchReason: z.string(),
    push: feedPushSchema,
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Feed' });
export const feedPageSchema = pageOf(feedSchema, 'FeedPage');

export const feedQuerySchema = fields({
  ...pageFields,
  partnerId: z.uuid().optional(),
  status: statusSchema.optional(),
  failing: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'true: only feeds whose last fetch failed.' }),
});

export const newFeedSchema = fields({
  url: webUrl(EXAMPLE_URL).meta({
    description: 'RSS, Atom or JSON Feed, or a page that names one. This alone is enough.',
  }),
  partnerId: z.uuid().optional().meta({ description: 'The partner it belongs to.' }),
  partner: z.string().trim().min(1).max(200).optional().meta({
    description:
      'Or the slug or name of the partner, who is added if unknown. Without either, it is the one of its home page, made if unknown.',
    example: 'Harbour Gazette',
  }),
  title: title.optional(),
  intervalSeconds: intervalSeconds.optional(),
  paused: paused.optional(),
  settings: feedSettingsInputSchema.optional(),
  demo: z.boolean().default(false).meta({ description: 'Part of the demo, which the first real feed ends.' }),
})
  .refine((feed) => feed.partnerId === undefined || feed.partner === undefined, {
    error: 'give partnerId or partner, not both',
    path: ['partner'],
  })
  .meta({ id: 'NewFeed' });
export type NewFeedBody = z.infer<typeof newFeedSchema>;

export const feedPatchSchema = fields({
  url: webUrl(EXAMPLE_URL).optional(),
  title: title.nullable().optional().meta({ description: "null gives the feed back the document's own title." }),
  intervalSeconds: intervalSeconds
    .nullable()
    .optional()
    .meta({ description: 'null gives the feed back its own rhythm.' }),
  paused: paused.optional(),
  partnerId: z.uuid().optional(),
  settings: feedSettingsInputSchema.optional(),
}).meta({ id: 'FeedPatch' });

export const feedConflictSchema = z
  .object({ id: z.uuid().meta({ description: 'The feed that has this URL.' }) })
  .meta({ id: 'FeedAlreadyHere' });

/** What a 422 carries beside the problem's own fields. */
export const severalFeedsSchema = z.object({ candidates: z.array(feedCandidateSchema) }).meta({ id: 'SeveralFeeds' });

export function feedView(row: FeedAdminRow): z.infer<typeof feedSchema> {
  return {
    id: row.id,
    url: row.url,
    title: row.title,
    partnerId: row.partner_id,
    partner: { id: row.partner_id, slug: row.partner_slug, name: row.partner_name },
    status: row.status,
    statusReason: row.status_reason,
    siteUrl: row.site_url,
    format: row.format,
    language: row.language,
    discoveredFrom: row.discovered_from,
    intervalSeconds: row.interval_seconds,
    newsSince: row.news_since.toISOString(),
    partnerReason: row.partner_reason,
    settings: settingsView(row),
    demo: row.is_demo,
    fetching: row.is_fetching,
    lastFetchAt: isoOrNull(row.last_fetched_at),
    lastSuccessAt: isoOrNull(row.last_success_at),
    lastFetchId: row.last_fetch_id,
    consecutiveFailures: row.consecutive_failures,
    lastError:
      row.last_error_class === null
        ? null
        : {
            class: row.last_error_class,
            message: row.last_error ?? 'no details',
            scope: row.answer_facts?.scope ?? 'remote',
          },
    nextFetchAt: row.next_fetch_at.toISOString(),
    nextFetchReason: row.next_fetch_reason,
    push: row.push,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
