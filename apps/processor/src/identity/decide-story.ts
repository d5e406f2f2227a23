/** Is this item a story we have? Decides from keys, then from texts, the strongest evidence first, and says why. Pure. */
import { isRoundUp as saysRoundUp } from '#domain/headline-markers.js';
import type { WordCounts } from '#domain/text-likeness.js';
import { type IdentityThresholds, mayLink } from '#domain/text-verdict.js';
import type { ItemInDoubt } from './item-in-doubt.js';
import type { IdentityKey } from './item-keys.js';
import { type KeyMatch, type KnownKey, KnownKeys } from './key-matches.js';
import { joinsStories, type KnownText, KnownTexts, type MatchedText } from './known-texts.js';
import { keyConnections, keyEvidence, provedMatches, type StoryConnection } from './story-connections.js';
import { textEvidence } from './text-evidence.js';

/** What earlier batches left, and how texts are weighed. */
export interface IdentityKnowledge {
  keys: readonly KnownKey[];
  texts: readonly KnownText[];
  words: WordCounts;
  thresholds: IdentityThresholds;
}

/** How an item stands to its story: it made it, is shown as what it copies, or is linked as an update or an extract. */
export type Relation = 'original' | 'duplicate' | 'derived';

/**
 * `rule` is 'first' for an item that makes its story. `evidence` is kept for whoever asks. `connects`: other stories that
 * the item proves to be the same one, each with its evidence; they may be merged. `isRoundUp`: nothing may link to it.
 */
export interface Verdict {
  storyId: string;
  rule: 'first' | IdentityKey['kind'] | MatchedText['verdict']['rule'];
  relation: Relation;
  evidence: Record<string, unknown>;
  connects: StoryConnection[];
  isRoundUp: boolean;
}

/** Two stories whose parts of an item overlap less than this are two stories in it, not one. */
const OVERLAP_OF_ONE_STORY = 0.3;

/**
 * Verdicts for a batch, by item id; items are decided in the given order, and each may join a story that one before it
 * made.
 */
export function decideStories(
  items: readonly ItemInDoubt[],
  knowledge: IdentityKnowledge,
  newStoryId: () => string,
): Map<string, Verdict> {
  const keys = new KnownKeys(knowledge.keys);
  const texts = new KnownTexts(knowledge.texts, knowledge.words, knowledge.thresholds);
  const verdicts = new Map<string, Verdict>();
  for (const item of items) {
    const byKey = keys.matches(item);
    const comparable = { ...item, text: item.print };
    const alike = mayLink(comparable) ? texts.matches(comparable) : null;
    const isSeveral = saysRoundUp(item.title) || (alike !== null && holdsSeveralStories(alike, item));
    const isRoundUp = alike === null || isSeveral;
    const byText = isRoundUp ? [] : alike;
    const verdict = { ...decide(item, byKey, byText, newStoryId), isRoundUp };
    verdicts.set(item.id, { ...verdict, connects: isSeveral ? [] : connections(item, verdict.storyId, byKey, byText) });
    for (const key of item.keys)
      keys.add({ ...item, ...key, itemId: item.id, storyId: verdict.storyId, storyTitle: item.title });
    if (!isRoundUp) texts.add(knownText(item, verdict));
  }
  return verdicts;
}

function decide(
  item: ItemInDoubt,
  [key]: readonly KeyMatch[],
  texts: readonly MatchedText[],
  newStoryId: () => string,
): Omit<Verdict, 'connects' | 'isRoundUp'> {
  if (key !== undefined) {
    const { storyId, itemId } = key.match;
    const text = texts.find(({ known }) => known.itemId === itemId);
    const evidence = { ...(text && textEvidence(text, item.print, item.bodyText)), ...keyEvidence(key) };
    return { storyId, rule: key.rule, relation: relationByKey(item, key, text), evidence };
  }
  const [text] = texts;
  if (text === undefined)
    return { storyId: newStoryId(), rule: 'first', relation: 'original', evidence: { keys: item.keys } };
  const { rule, relation } = text.verdict;
  return { storyId: text.known.storyId, rule, relation, evidence: textEvidence(text, item.print, item.bodyText) };
}

/** One guid or link in two feeds is one article, but the later copy may be a later state of it: then its text tells. Equal text may be corrected in its headline. */
function relationByKey({ partnerId }: ItemInDoubt, { rule, match }: KeyMatch, text: MatchedText | undefined): Relation {
  if (rule !== 'text') return text?.verdict.relation ?? 'derived';
  return match.partnerId === partnerId && text?.verdict.rule === 'update-marker' ? 'derived' : 'duplicate';
}

/** Each other story once, by its strongest evidence; keys before texts. An item that a bare link placed connects nothing. */
function connections(
  item: ItemInDoubt,
  ownStoryId: string,
  keys: readonly KeyMatch[],
  texts: readonly MatchedText[],
): StoryConnection[] {
  const proved = provedMatches(item, keys, new Set(texts.map(({ known }) => known.storyId)));
  if (keys.length > 0 && !proved.some(({ match }) => match.storyId === ownStoryId)) return [];
  const byKey = keyConnections(ownStoryId, proved);
  const known = new Set([ownStoryId, ...byKey.map(({ storyId }) => storyId)]);
  const byText = texts.flatMap((text): StoryConnection[] => {
    const { storyId } = text.known;
    if (known.has(storyId) || !joinsStories(text.verdict)) return [];
    known.add(storyId);
    return [{ storyId, evidence: { rule: text.verdict.rule, ...textEvidence(text, item.print, item.bodyText) } }];
  });
  return [...byKey, ...byText];
}

/** Parts of the item are different stories: it is a round-up, whatever it is called. */
function holdsSeveralStories(matches: readonly MatchedText[], { print }: ItemInDoubt): boolean {
  const parts = matches.filter(({ known }) => known.text.shingles.length < print.shingles.length);
  const [first, ...others] = parts;
  if (first === undefined) return false;
  const inFirst = new Set(first.verdict.shared);
  return others.some(({ known, verdict: { shared } }) => {
    if (known.storyId === first.known.storyId) return false;
    const both = shared.filter((position) => inFirst.has(position)).length;
    return both < OVERLAP_OF_ONE_STORY * Math.min(shared.length, inFirst.size);
  });
}

function knownText(item: ItemInDoubt, { storyId, relation }: Pick<Verdict, 'storyId' | 'relation'>): KnownText {
  const { id, partnerId, partnerName, isDemo, title, at, print, sketch } = item;
  const isDerived = relation === 'derived';
  return { itemId: id, storyId, partnerId, partnerName, isDemo, title, at, text: print, sketch, isDerived };
}
