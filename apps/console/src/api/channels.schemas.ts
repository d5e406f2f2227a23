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
  description:
    'All conditions must hold; empty takes every story. One of `tags`, `partners`, `languages`, `words`, `media` is enough; all of `allTags`, `allWords`; ' +
    'none of `noTags`, `noWords`. Words may be phrases. `minPartners`: as many carry it. `maxAgeHours`: younger than this, and it leaves when it is not.',
  example: { tags: ['topic/sport'], languages: ['en'], noWords: ['live ticker'] },
});
const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be lower case letters, digits and single hyphens' })
  .max(100)
  .meta({ description: 'Part of the addresses of its page and feeds; an old one redirects.', example: 'sport' });
const settings = {
  imageUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2_000)
    .nullable()
    .meta({ description: "The channel's picture, said in its feeds.", example: 'https://news.example/sport.png' }),
  order: z.enum(['newest', 'updated']).meta({
    description: 'What its feeds are ordered by: when stories were published, or when they last changed.',
  }),
  size: z.int().min(1).max(200).meta({ description: 'Entries of its feeds.', example: 50 }),
  fullText: z.boolean().meta({ description: 'False: its feeds hold excerpts.' }),
};
const optionalSettings = {
  description: description.optional(),
  filter: filter.optional(),
  language: language.optional(),
  imageUrl: settings.imageUrl.optional(),
  order: settings.order.optional(),
  size: settings.size.optional(),
  fullText: settings.fullText.optional(),
};

export const channelSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    title,
    description,
    filter,
    language,
    ...settings,
    formerSlugs: z.array(z.string()).meta({ description: 'They redirect here, and no other channel can take them.' }),
    filling: z.boolean().meta({ description: 'True while its filter is still being applied to older stories.' }),
    url: z.string().meta({ description: 'Its page.' }),
    feeds: z.object({ rss: z.string(), atom: z.string(), json: z.string() }),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Channel' });
export const channelPageSchema = pageOf(channelSchema, 'ChannelPage');
export const channelQuerySchema = fields(pageFields);

export const newChannelSchema = fields({ slug, title, ...optionalSettings }).meta({ id: 'NewChannel' });

export const channelPatchSchema = fields({
  slug: slug.optional(),
  title: title.optional(),
  ...optionalSettings,
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
    imageUrl: row.image_url,
    order: row.sort_order,
    size: row.size,
    fullText: row.full_text,
    formerSlugs: row.former_slugs,
    filling: row.filling_id !== null,
    url: `${publicUrl}/channels/${row.slug}`,
    feeds: { rss: `${feed}.rss`, atom: `${feed}.atom`, json: `${feed}.json` },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
