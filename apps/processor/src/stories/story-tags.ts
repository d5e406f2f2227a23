/** How the tags of a story's items become the story's. Pure. */
import { DICTIONARY_SOURCE, RULE_SOURCE } from '#domain/rule-outcome.js';
import { CATEGORY_SOURCE } from '#domain/tag-sources.js';
import type { StateTag, StoryState } from '#storage/story-state.repository.js';
import { tagKey } from '#storage/tag.repository.js';
import { type CategoryMeanings, categoryTags, type SourcedTag } from '../tagging/category-tags.js';
import { isFromText, isGuess } from '../tagging/text-source.js';
import type { LeadOffer } from './lead-offer.js';
import type { ReadyItem } from './ready-item.js';
import type { Placement } from './story-plan.js';

const MAX_TAGS_A_STORY = 40;
const MAX_TAGS_OF_RULES = 20;

/** The present tags and those of `more` that are new, up to what a story can use; what rules give has room besides. */
export function mergeTags(present: readonly StateTag[], more: readonly (SourcedTag & { id: string })[]): StateTag[] {
  const most = Math.max(MAX_TAGS_A_STORY, present.length);
  return uniqueById([...present, ...more])
    .filter(({ source }, place) => place < most || source.startsWith(RULE_SOURCE))
    .slice(0, Math.max(present.length, MAX_TAGS_A_STORY + MAX_TAGS_OF_RULES));
}

type ItemTags = readonly (SourcedTag & { id: string })[];

/**
 * What items bring to a story: everything but what their texts name, and after it what the leading one's text names, its topic
 * first: a text may name more than a story has room for. `lead` is null when the leading item is none of them.
 */
export function broughtTags(items: readonly { tags: ItemTags }[], lead: { tags: ItemTags } | null): ItemTags {
  const own = lead?.tags ?? [];
  return [
    ...own.filter((tag) => !isFromText(tag)),
    ...items.flatMap(({ tags }) => tags.filter((tag) => !isFromText(tag))),
    ...own.filter(isGuess),
    ...own.filter((tag) => isFromText(tag) && !isGuess(tag)),
  ];
}

/** Without the classifier's topic where anybody names one: it speaks only where nobody does. */
export function withoutNeedlessGuesses<T extends SourcedTag>(tags: readonly T[]): T[] {
  const isNamed = tags.some((tag) => tag.scheme === 'topic' && !isGuess(tag));
  return isNamed ? tags.filter((tag) => !isGuess(tag)) : [...tags];
}

/** The last topic goes: the classifier may have one that was not needed until now, which only a look at all copies finds. */
export function losesLastTopic(before: readonly StateTag[], after: readonly StateTag[]): boolean {
  const isTopic = ({ scheme }: StateTag): boolean => scheme === 'topic';
  return before.some(isTopic) && !after.some(isTopic);
}

/** The copies whose tags count: those that are accepted and may be shown; of a story that nobody sees, all of them. */
export function countedCopies(offers: readonly LeadOffer[], lead: LeadOffer): ReadyItem[] {
  return offers.flatMap(({ isHidden, isBarred, ready }) =>
    ready === null || isBarred || (isHidden && !lead.isHidden) ? [] : [ready],
  );
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
 * The tags of categories, rules and dictionaries that no item of the story brings any more. What a rule takes, it takes from the item for
 * which it holds: another copy may bring the same tag, so that it does not matter which of them comes last. What an operator gave is not
 * theirs to take away. A version that is not accepted takes none: while one waits, only what is known to be another partner's goes. Sources
 * keep the name that a partner had, so that a renamed one is not known.
 */
export function forsakenTags(
  { tags, items, hasMoreItems }: Pick<StoryState, 'tags' | 'items' | 'hasMoreItems'>,
  placements: readonly Placement[],
  meanings: CategoryMeanings,
): StateTag[] {
  // Another of its items may name what these do not.
  if (items.length === 0 || hasMoreItems === true) return [];
  const judged = new Set(placements.map(({ ready }) => ready.item.id));
  const waiting = new Set(
    items.flatMap(({ itemId, isAccepted, partnerName }) => (isAccepted || judged.has(itemId) ? [] : [partnerName])),
  );
  const free = items.map(({ partnerName }) => partnerName).filter((name) => !waiting.has(name));
  const brought = new Set(items.flatMap((item) => broughtKeys(item, meanings)));
  const isKnown = items.every(({ given }) => given !== null);
  return tags.filter((tag) => {
    if (brought.has(tagKey(tag))) return false;
    if (isOfRules(tag)) return isKnown;
    return (
      tag.source.startsWith(CATEGORY_SOURCE) &&
      (waiting.size === 0 || free.some((name) => tag.source.endsWith(` (${name})`)))
    );
  });
}

/** SCHEME/SLUG of what an item brings, but what its text names. */
function broughtKeys(
  { categories, partnerId, partnerName, given, untagged }: StoryState['items'][number],
  { findTopic, findThing }: CategoryMeanings,
): string[] {
  const named = categoryTags(categories, partnerName, {
    findTopic: (category) => findTopic(category, partnerId),
    findThing,
  }).map(tagKey);
  return [...named.filter((key) => !untagged.includes(key)), ...(given ?? [])];
}

function isOfRules({ source }: StateTag): boolean {
  return source.startsWith(RULE_SOURCE) || source.startsWith(DICTIONARY_SOURCE);
}

/** The first of each id, in order. */
export function uniqueById<T extends { id: string }>(values: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const value of values) if (!seen.has(value.id)) seen.set(value.id, value);
  return [...seen.values()];
}
