/** The public body of a story: what webhooks, events and the API show, and what an event freezes. */
import { z } from 'zod';

export const TAG_SCHEMES = ['topic', 'place', 'person', 'organisation', 'keyword'] as const;
export const tagSchemeSchema = z.enum(TAG_SCHEMES);
export type TagScheme = z.infer<typeof tagSchemeSchema>;

/** A tag as readers and partners see it; `/tags/SCHEME/SLUG` is its page. */
export const storyTagSchema = z.object({ scheme: tagSchemeSchema, name: z.string(), slug: z.string() });

/** Where the leading item came from. `itemUrl` is the original; `url` the source's home page. */
export const storySourceSchema = z.object({
  name: z.string(),
  url: z.string().nullable(),
  itemUrl: z.string().nullable(),
});

/** The lead image, absolute URL, with its credit where the partner gave one. */
export const storyImageSchema = z.object({
  url: z.string(),
  credit: z.string().nullable(),
  caption: z.string().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
});

/**
 * A story as partners receive it. `id` is a UUIDv7 that never changes, `url` the permalink, `version` counts material
 * changes from 1, `summary` is plain text, `content` sanitised HTML, dates are ISO 8601 in UTC.
 */
export const storyBodySchema = z
  .object({
    id: z.uuid(),
    version: z.number().int().positive(),
    url: z.url(),
    title: z.string(),
    summary: z.string(),
    content: z.string(),
    language: z.string().nullable(),
    publishedAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    source: storySourceSchema,
    /** The line that must stand beside the story wherever it is shown; null where its partner asks for none. */
    attribution: z.string().nullable().optional(),
    partners: z.array(z.object({ slug: z.string(), name: z.string() })),
    tags: z.array(storyTagSchema),
    image: storyImageSchema.nullable(),
  })
  .meta({ id: 'StoryBody' });

export type StoryTag = z.infer<typeof storyTagSchema>;
export type StorySource = z.infer<typeof storySourceSchema>;
export type StoryImage = z.infer<typeof storyImageSchema>;
export type StoryBody = z.infer<typeof storyBodySchema>;
