/** A channel's or an endpoint's filter: which stories belong to it. An empty filter takes all. */
import { z } from 'zod';
import { tagSchemeSchema } from './story-body.js';

/** `SCHEME/SLUG`, as in a tag's address: `topic/sport`. */
export const tagRefSchema = z
  .string()
  .regex(new RegExp(`^(${tagSchemeSchema.options.join('|')})/[a-z0-9\\p{L}\\p{M}\\p{N}-]+$`, 'u'), {
    error: 'a tag is written SCHEME/SLUG, for example topic/sport or place/berlin',
  });

/**
 * All given conditions must hold; within a list one match is enough. `tags`: SCHEME/SLUG; `partners`: slugs;
 * `languages`: BCP 47 primary subtags such as `en`; `channels` (endpoints only): channel slugs; `onlyRouted` (channels only):
 * nothing but what a rule routes there.
 */
const conditions = {
  tags: z.array(tagRefSchema).max(100).optional(),
  partners: z.array(z.string().min(1).max(100)).max(100).optional(),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .max(50)
    .optional(),
};
export const storyFilterSchema = z.strictObject({ ...conditions, onlyRouted: z.literal(true).optional() });
export const endpointFilterSchema = z.strictObject({
  ...conditions,
  channels: z.array(z.string().min(1).max(100)).max(100).optional(),
});

export type StoryFilter = z.infer<typeof storyFilterSchema>;
export type EndpointFilter = z.infer<typeof endpointFilterSchema>;
