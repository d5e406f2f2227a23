/** Which stories an item proves to be one: it carries a key of each, and has something in common with both. Pure. */
import { headlineLikeness } from '#domain/headline-likeness.js';
import { isRoundUp } from '#domain/headline-markers.js';
import type { ItemInDoubt } from './item-in-doubt.js';
import { type KeyMatch, type KnownKey, KnownKeys } from './key-matches.js';

/** Another story than the item's own. `evidence` with `rule`, the key and the item that has it. */
export interface StoryConnection {
  storyId: string;
  evidence: Record<string, unknown>;
}

/** An item that is in a story already and came in a new version, some key of which leads to another story. */
export interface DoubtfulPlace {
  item: ItemInDoubt;
  storyId: string;
  matches: KeyMatch[];
}

/** A story as far as its item is held against it. `isShared`: other items are in it, too. */
export interface OwnStory {
  title: string;
  isShared: boolean;
}

/** Headlines with half of their words in common. */
const SOME_LIKENESS = 0.5;

/**
 * The keys that prove something; `alikeIn`: stories with a text like the item's own. A link may name a page whose article
 * changes, so what it leads to must be like the item in text or headline.
 */
export function provedMatches(
  { title }: Pick<ItemInDoubt, 'title'>,
  matches: readonly KeyMatch[],
  alikeIn: ReadonlySet<string>,
): KeyMatch[] {
  return matches.filter(({ rule, match: { storyId, storyTitle } }) => {
    if (isRoundUp(storyTitle)) return false;
    return rule !== 'url' || alikeIn.has(storyId) || headlineLikeness(title, storyTitle) >= SOME_LIKENESS;
  });
}

/** Each other story once, by its strongest evidence. A key that leads to several stories connects none of them. */
export function keyConnections(ownStoryId: string, matches: readonly KeyMatch[]): StoryConnection[] {
  const found = new Map<string, StoryConnection>();
  for (const match of matches) {
    const { storyId } = match.match;
    if (storyId === ownStoryId || found.has(storyId)) continue;
    found.set(storyId, { storyId, evidence: { rule: match.rule, ...keyEvidence(match) } });
  }
  return [...found.values()];
}

/** New versions that a key leads out of their story; a round-up's never do: it has another story each time. */
export function doubtfulPlaces(
  placed: readonly { item: ItemInDoubt; storyId: string }[],
  known: readonly KnownKey[],
): DoubtfulPlace[] {
  return placed.flatMap(({ item, storyId }) => {
    if (isRoundUp(item.title)) return [];
    // Its own earlier keys would only say where it is.
    const matches = new KnownKeys(known.filter((key) => key.itemId !== item.id)).matches(item);
    return matches.some(({ match }) => match.storyId !== storyId) ? [{ item, storyId, matches }] : [];
  });
}

/**
 * What was a headline yesterday may carry another partner's whole text today. But an item that is another article in each
 * version (a page's "top story") says nothing of the items that its first version came to: it must still be like them.
 */
export function connectionsOfPlaced(
  { item, storyId, matches }: DoubtfulPlace,
  { title, isShared }: OwnStory,
  alikeIn: ReadonlySet<string>,
): StoryConnection[] {
  const proved = provedMatches(item, matches, alikeIn);
  const belongs =
    !isShared ||
    alikeIn.has(storyId) ||
    headlineLikeness(item.title, title) >= SOME_LIKENESS ||
    proved.some(({ match }) => match.storyId === storyId);
  return belongs ? keyConnections(storyId, proved) : [];
}

export function keyEvidence({ key, match }: KeyMatch): Record<string, unknown> {
  return { key, matchedItemId: match.itemId, matchedPartner: match.partnerName };
}
