/** Which stories an item proves to be one: it carries a key of each. Pure. */
import type { ItemInDoubt } from './item-in-doubt.js';
import { type KeyMatch, type KnownKey, KnownKeys } from './key-matches.js';

/** Another story than the item's own. `evidence` with `rule`, the key and the item that has it. */
export interface StoryConnection {
  storyId: string;
  evidence: Record<string, unknown>;
}

/** Each other story once, by its strongest evidence. A key that leads to several stories connects none of them. */
export function keyConnections(ownStoryId: string, matches: readonly KeyMatch[]): StoryConnection[] {
  const others = new Map<string, StoryConnection>();
  for (const match of matches) {
    const { storyId } = match.match;
    if (storyId === ownStoryId || others.has(storyId)) continue;
    others.set(storyId, { storyId, evidence: { rule: match.rule, ...keyEvidence(match) } });
  }
  return [...others.values()];
}

/**
 * Connections of items that are in a story already and came in a new version: what was a headline yesterday may carry
 * another partner's whole text today. By item id; only those that have any.
 */
export function connectionsOfPlaced(
  placed: readonly { item: ItemInDoubt; storyId: string }[],
  known: readonly KnownKey[],
): Map<string, StoryConnection[]> {
  const found = new Map<string, StoryConnection[]>();
  for (const { item, storyId } of placed) {
    // Its own earlier keys would only say where it is.
    const keys = new KnownKeys(known.filter((key) => key.itemId !== item.id));
    const connections = keyConnections(storyId, keys.matches(item));
    if (connections.length > 0) found.set(item.id, connections);
  }
  return found;
}

export function keyEvidence({ key, match }: KeyMatch): Record<string, unknown> {
  return { key, matchedItemId: match.itemId, matchedPartner: match.partnerName };
}
