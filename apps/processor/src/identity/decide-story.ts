/** Is this item a story we have? Decides from keys alone, the strongest evidence first, and says why. Pure. */
import type { ItemInDoubt } from './item-in-doubt.js';
import type { IdentityKey } from './item-keys.js';
import { type KnownKey, KnownKeys } from './key-matches.js';
import { keyConnections, keyEvidence, type StoryConnection } from './story-connections.js';

/**
 * `rule` is 'first' for an item that makes its story. `evidence` is kept for whoever asks. `connects`: other stories that
 * the item proves to be the same one, each with its evidence; they may be merged.
 */
export interface Verdict {
  storyId: string;
  rule: 'first' | IdentityKey['kind'];
  evidence: Record<string, unknown>;
  connects: StoryConnection[];
}

/**
 * Verdicts for a batch, by item id; items are decided in the given order, and each may join a story that one before it
 * made. `known` are the keys that earlier batches left.
 */
export function decideStories(
  items: readonly ItemInDoubt[],
  known: readonly KnownKey[],
  newStoryId: () => string,
): Map<string, Verdict> {
  const keys = new KnownKeys(known);
  const verdicts = new Map<string, Verdict>();
  for (const item of items) {
    const matches = keys.matches(item);
    const verdict = join(item, matches, newStoryId);
    verdicts.set(item.id, { ...verdict, connects: keyConnections(verdict.storyId, matches) });
    for (const key of item.keys) keys.add({ ...item, ...key, itemId: item.id, storyId: verdict.storyId });
  }
  return verdicts;
}

function join(
  item: ItemInDoubt,
  [strongest]: ReturnType<KnownKeys['matches']>,
  newStoryId: () => string,
): Omit<Verdict, 'connects'> {
  if (strongest === undefined) return { storyId: newStoryId(), rule: 'first', evidence: { keys: item.keys } };
  return { storyId: strongest.match.storyId, rule: strongest.rule, evidence: keyEvidence(strongest) };
}
