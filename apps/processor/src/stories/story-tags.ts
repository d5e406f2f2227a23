/** How the tags of a story's items become the story's. Pure. */
import type { StateItem, StateTag } from '#storage/story-state.repository.js';
import { CATEGORY_SOURCE, categoryTags, type SourcedTag } from '../tagging/category-tags.js';
import { isFromText } from '../tagging/text-source.js';
import type { TopicIndex } from '#domain/topic-index.js';

const MAX_TAGS_A_STORY = 40;

/** The present tags and those of `more` that are new, up to what a story can use. */
export function mergeTags(present: readonly StateTag[], more: readonly (SourcedTag & { id: string })[]): StateTag[] {
  return uniqueById([...present, ...more]).slice(0, Math.max(MAX_TAGS_A_STORY, present.length));
}

type ItemTags = readonly (SourcedTag & { id: string })[];

/**
 * What items bring to a story: everything but what their texts name, and after it what the leading one's text names. `lead`
 * is null when the leading item is none of them.
 */
export function broughtTags(items: readonly { tags: ItemTags }[], lead: { tags: ItemTags } | null): ItemTags {
  return [
    ...(lead?.tags ?? []).filter((tag) => !isFromText(tag)),
    ...items.flatMap(({ tags }) => tags.filter((tag) => !isFromText(tag))),
    ...(lead?.tags ?? []).filter(isFromText),
  ];
}

/** The tags that the former text named and the new leading text does not, and those that somebody now vouches for besides a text. */
export function outdatedTags(present: readonly StateTag[], brought: ItemTags, leads: boolean): StateTag[] {
  const byId = new Map(uniqueById(brought).map((tag) => [tag.id, tag]));
  return present.filter((tag) => {
    if (!isFromText(tag)) return false;
    const now = byId.get(tag.id);
    return now === undefined ? leads : !isFromText(now);
  });
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
    items.flatMap(({ categories, partnerId, partnerName }) =>
      categoryTags(categories, partnerName, (category) => findTopic(category, partnerId)).map(
        ({ scheme, slug }) => `${scheme}/${slug}`,
      ),
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
