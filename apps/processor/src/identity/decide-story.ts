/** Is this item a story we have? Decides from keys alone, the strongest evidence first, and says why. Pure. */
import { normaliseText } from '#domain/normalised-text.js';
import type { IdentityKey } from './item-keys.js';

/** An item that is in no story yet. `words`: length of its body. */
export interface ItemInDoubt {
  id: string;
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  title: string;
  words: number;
  keys: IdentityKey[];
}

/** A key that an item of some story has. */
export interface KnownKey extends IdentityKey {
  itemId: string;
  storyId: string;
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  title: string | null;
}

/** `rule` is 'first' for an item that makes its story. `evidence` is kept for whoever asks. */
export interface Verdict {
  storyId: string;
  rule: 'first' | IdentityKey['kind'];
  evidence: Record<string, unknown>;
}

/** Weaker evidence is only asked when stronger says nothing. */
const RULE_ORDER = ['guid', 'url', 'text'] as const;
/** A shorter body that one feed repeats under other headlines is its boilerplate ("This article is for subscribers …"). */
const WORDS_BEYOND_BOILERPLATE = 40;

/**
 * Verdicts for a batch, by item id; items are decided in the given order, and each may join a story that one before it
 * made. `known` are the keys that earlier batches left.
 */
export function decideStories(
  items: readonly ItemInDoubt[],
  known: readonly KnownKey[],
  newStoryId: () => string,
): Map<string, Verdict> {
  const index = new Map<string, KnownKey[]>();
  for (const key of known) remember(index, key);
  const verdicts = new Map<string, Verdict>();
  for (const item of items) {
    const verdict = join(item, index) ?? { storyId: newStoryId(), rule: 'first', evidence: { keys: item.keys } };
    verdicts.set(item.id, verdict);
    const { keys, ...owner } = item;
    for (const key of keys) remember(index, { ...owner, ...key, itemId: item.id, storyId: verdict.storyId });
  }
  return verdicts;
}

function remember(index: Map<string, KnownKey[]>, key: KnownKey): void {
  const name = `${key.kind} ${key.key}`;
  const matches = index.get(name);
  if (matches === undefined) index.set(name, [key]);
  else matches.push(key);
}

function join(item: ItemInDoubt, index: Map<string, KnownKey[]>): Verdict | undefined {
  for (const rule of RULE_ORDER) {
    for (const key of item.keys.filter(({ kind }) => kind === rule)) {
      const matches = (index.get(`${rule} ${key.key}`) ?? []).filter((match) => match.isDemo === item.isDemo);
      const match = rule === 'text' ? sameText(item, matches) : sameAddress(item, matches);
      if (match === undefined) continue;
      const { itemId, partnerName, storyId } = match;
      return { storyId, rule, evidence: { key: key.key, matchedItemId: itemId, matchedPartner: partnerName } };
    }
  }
  return undefined;
}

/**
 * A guid or link that the item's own feed uses for another item too (a live blog, an index page, a careless CMS) names
 * neither; one that already leads to several stories names none of them.
 */
function sameAddress(item: ItemInDoubt, matches: readonly KnownKey[]): KnownKey | undefined {
  if (matches.some((match) => match.feedId === item.feedId && match.itemId !== item.id)) return undefined;
  return oneStory(matches);
}

/** Equal text is strong, wherever it comes from; in one partner's feeds a short one needs its headline's agreement. */
function sameText(item: ItemInDoubt, matches: readonly KnownKey[]): KnownKey | undefined {
  const sameTitle = (match: KnownKey): boolean => normaliseText(match.title ?? '') === normaliseText(item.title);
  if (item.words >= WORDS_BEYOND_BOILERPLATE) return oneStory(matches.filter(sameTitle)) ?? matches[0];
  const accepted = matches.filter((match) => match.partnerId !== item.partnerId || sameTitle(match));
  return oneStory(accepted) ?? oneStory(accepted.filter(sameTitle));
}

function oneStory(matches: readonly KnownKey[]): KnownKey | undefined {
  const [first, ...others] = matches;
  return others.every((match) => match.storyId === first?.storyId) ? first : undefined;
}
