/** Turns a story's words into a weighted vector, by how rare each word is among the stories at hand. Pure. */
import type { StoryTerms } from '#domain/story-terms.js';

/** Words live in so many slots; with some ten thousand in use, two of them rarely share one. */
const SLOT_BITS = 20;
export const SLOTS = 1 << SLOT_BITS;
const COUNT_BITS = 8;
const MOST_COUNTED = (1 << COUNT_BITS) - 1;
/** Rare words weigh more than in proportion: common ones are what unrelated stories share. */
const RARITY_POWER = 1.5;
/** Words are weighed as if there were so many more stories without them: of five stories nothing can be said to be rare. */
const UNSEEN_STORIES = 1_500;
/** With so many stories a word that only one has counts half in its length, with a thousand a tenth. */
const ENOUGH_STORIES = 100;

/** A word of a story: its slot and how often it comes, in one number that PostgreSQL's `int` holds. */
export function packTerms(terms: StoryTerms): Int32Array {
  const counts = new Map<number, number>();
  for (const [word, count] of terms) {
    const slot = slotOf(word);
    counts.set(slot, (counts.get(slot) ?? 0) + count);
  }
  return Int32Array.from(counts, ([slot, count]) => (slot << COUNT_BITS) | Math.min(count, MOST_COUNTED)).sort();
}

export function slotOfPacked(packed: number): number {
  return packed >>> COUNT_BITS;
}

/** FNV-1a over UTF-16 code units, folded. */
export function slotOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) {
    hash ^= word.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return ((hash >>> SLOT_BITS) ^ hash) & (SLOTS - 1);
}

/** `slots` of words that other stories have, and their `weights`: the squares add up to 1, less what words that only this story has took. */
export interface TermVector {
  slots: Int32Array;
  weights: Float32Array;
}

/** In how many of `stories` stories each slot's word comes. */
export interface Rarity {
  stories: number;
  storiesWith: Uint32Array;
}

/**
 * A word that no other story has connects nothing, and is not among the answers. But it says that its story is about something
 * else: without it, five stories of a young installation would be alike by the few words that any two texts share. The more
 * stories there are, the more it is a mere oddity (a misspelling, a minor name), and among thousands such words would drown the others.
 */
export function weigh(packed: Int32Array, { stories, storiesWith }: Rarity): TermVector {
  const slots = new Int32Array(packed.length);
  const weights = new Float32Array(packed.length);
  const loneShare = (ENOUGH_STORIES / (ENOUGH_STORIES + stories)) ** 2;
  let length = 0;
  let squares = 0;
  for (const term of packed) {
    const slot = slotOfPacked(term);
    const having = Math.max(1, storiesWith[slot] ?? 0);
    const rarity = Math.log((stories + UNSEEN_STORIES + 1) / having) ** RARITY_POWER;
    const weight = (1 + Math.log(term & MOST_COUNTED)) * rarity;
    if (having === 1) {
      squares += weight * weight * loneShare;
      continue;
    }
    slots[length] = slot;
    weights[length] = weight;
    squares += weight * weight;
    length += 1;
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  for (let at = 0; at < length; at += 1) weights[at] = (weights[at] ?? 0) * scale;
  return { slots: slots.subarray(0, length), weights: weights.subarray(0, length) };
}
