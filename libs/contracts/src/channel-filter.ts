/** A channel's or an endpoint's filter: which stories belong to it. An empty filter takes all. */
import { z } from 'zod';
import { tagSchemeSchema } from './story-body.js';

/** `SCHEME/SLUG`, as in a tag's address: `topic/sport`. */
export const tagRefSchema = z
  .string()
  .regex(new RegExp(`^(${tagSchemeSchema.options.join('|')})/[a-z0-9\\p{L}\\p{M}\\p{N}-]+$`, 'u'), {
    error: 'a tag is written SCHEME/SLUG, for example topic/sport or place/berlin',
  });

const tagList = z.array(tagRefSchema).max(100).optional();

/** A word, or several that stand side by side; at least one letter or digit. Accents and letter case do not count. */
const phraseSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/[\p{L}\p{N}]/u, { error: 'has no letter and no digit that a text could have' });
const phraseList = z.array(phraseSchema).max(50).optional();

export const STORY_MEDIA = ['image', 'audio', 'video'] as const;

/**
 * All given conditions must hold; within a list one match is enough. `tags`: SCHEME/SLUG; `partners`: slugs;
 * `languages`: BCP 47 primary subtags such as `en`; `channels` (endpoints only): channel slugs.
 */
const conditions = {
  tags: tagList,
  partners: z.array(z.string().min(1).max(100)).max(100).optional(),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/, { error: 'must be a primary language such as en' }))
    .max(50)
    .optional(),
};

/**
 * What channels can ask besides. `allTags`, `allWords`: every one of them; `noTags`, `noWords`: none of them; `words`: one of them is
 * in the title, the text or the names of partners and tags; `media`: one of these kinds comes with it; `minPartners`: as many carry
 * it; `maxAgeHours`: hours since it was published, after which it leaves; `onlyRouted`: nothing but what a rule routes there.
 */
export const storyFilterSchema = z
  .strictObject({
    ...conditions,
    allTags: tagList,
    noTags: tagList,
    words: phraseList,
    allWords: phraseList,
    noWords: phraseList,
    media: z.array(z.enum(STORY_MEDIA)).max(STORY_MEDIA.length).optional(),
    minPartners: z.int().min(1).max(1_000).optional(),
    maxAgeHours: z.int().min(1).max(87_600).optional(),
    onlyRouted: z.literal(true).optional(),
  })
  .superRefine((filter, context) => {
    refuseContradiction(context, 'noTags', filter.noTags, [...(filter.allTags ?? []), ...(filter.tags ?? [])]);
    refuseContradiction(context, 'noWords', filter.noWords, [...(filter.allWords ?? []), ...(filter.words ?? [])]);
  });
export const endpointFilterSchema = z.strictObject({
  ...conditions,
  channels: z.array(z.string().min(1).max(100)).max(100).optional(),
});

export type StoryFilter = z.infer<typeof storyFilterSchema>;
export type EndpointFilter = z.infer<typeof endpointFilterSchema>;

/** What is asked for and refused at once would never come. */
function refuseContradiction(
  context: z.RefinementCtx,
  field: string,
  refused: readonly string[] = [],
  wanted: readonly string[],
): void {
  const plain = new Set(wanted.map((value) => value.toLowerCase()));
  for (const [index, value] of refused.entries())
    if (plain.has(value.toLowerCase()))
      context.addIssue({
        code: 'custom',
        path: [field, index],
        message: `${value} is wanted by another list of this filter: take it out of one of them`,
      });
}
