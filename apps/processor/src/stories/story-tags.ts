/** How the tags of a story's items become the story's. Pure. */
import type { StateItem, StateTag } from '#storage/story-state.repository.js';
import { CATEGORY_SOURCE, categoryTags, type SourcedTag } from '../tagging/category-tags.js';
import type { TopicIndex } from '../tagging/topic-index.js';

/** How the source of a tag begins that an operator gave. */
export const OPERATOR_SOURCE = 'operator';

const MAX_TAGS_A_STORY = 40;

/** The present tags and those of `more` that are new, up to what a story can use. */
export function mergeTags(present: readonly StateTag[], more: readonly (SourcedTag & { id: string })[]): StateTag[] {
  return uniqueById([...present, ...more]).slice(0, Math.max(MAX_TAGS_A_STORY, present.length));
}

/**
 * The tags that came from a partner's category which no item of the story names any more. Tags from elsewhere (rules,
 * operators) are not the partners' to take away.
 */
export function forsakenTags(
  tags: readonly StateTag[],
  items: readonly StateItem[],
  findTopic: TopicIndex,
): StateTag[] {
  const named = new Set(
    items.flatMap(({ categories, partnerName }) =>
      categoryTags(categories, partnerName, findTopic).map(({ scheme, slug }) => `${scheme}/${slug}`),
    ),
  );
  return tags.filter(
    ({ source, scheme, slug }) => source.startsWith(CATEGORY_SOURCE) && !named.has(`${scheme}/${slug}`),
  );
}

/** The first of each id, in order. */
export function uniqueById<T extends { id: string }>(values: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const value of values) if (!seen.has(value.id)) seen.set(value.id, value);
  return [...seen.values()];
}
