/** Channels on the wire. */
import { z } from 'zod';
import { storyFilterSchema } from '#contracts/channel-filter.js';
import type { ChannelRow } from '#storage/channel.repository.js';
import { dateTime } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const title = z.string().trim().min(1).max(200).meta({ example: 'Sport in English' });
const description = z.string().max(2_000);
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error: 'must be a language such as en or pt-BR' })
  .nullable()
  .meta({ description: "Said in the channel's feeds." });
const filter = storyFilterSchema.meta({
  description: 'All conditions must hold, one match of each list is enough; empty takes every story.',
  example: { tags: ['topic/sport'], languages: ['en'] },
});

export const channelSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    title,
    description,
    filter,
    language,
    feeds: z.object({ rss: z.string(), atom: z.string(), json: z.string() }),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Channel' });
export const channelPageSchema = pageOf(channelSchema, 'ChannelPage');
export const channelQuerySchema = fields(pageFields);

export const newChannelSchema = fields({
  slug: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be lower case letters, digits and single hyphens' })
    .max(100)
    .meta({ description: 'Part of the addresses of its feeds; never changes.', example: 'sport' }),
  title,
  description: description.optional(),
  filter: filter.optional(),
  language: language.optional(),
}).meta({ id: 'NewChannel' });

export const channelPatchSchema = fields({
  title: title.optional(),
  description: description.optional(),
  filter: filter.optional(),
  language: language.optional(),
}).meta({ id: 'ChannelPatch' });

export const channelConflictSchema = z
  .object({ id: z.uuid().optional().meta({ description: 'The channel that has this slug.' }) })
  .meta({ id: 'ChannelAlreadyHere' });

export function channelView(row: ChannelRow, publicUrl: string): z.infer<typeof channelSchema> {
  const feed = `${publicUrl}/feeds/${row.slug}`;
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    filter: row.filter,
    language: row.language,
    feeds: { rss: `${feed}.rss`, atom: `${feed}.atom`, json: `${feed}.json` },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
