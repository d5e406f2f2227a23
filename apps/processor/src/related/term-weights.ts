/** Turns a story's words into a weighted vector of unit length, by how rare each word is among the stories at hand. Pure. */
import type { StoryTerms } from '#domain/story-terms.js';

/** Words live in so many slots; with some ten thousand in use, two of them rarely share one. */
const SLOT_BITS = 20;
export const SLOTS = 1 << SLOT_BITS;
const COUNT_BITS = 8;
const MOST_COUNTED = (1 << COUNT_BITS) - 1;
/** Rare words weigh more than in proportion: common ones are what unrelated stories share. */
const RARITY_POWER = 1.5;

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

/** `slots` and their `weights`, whose squares add up to 1 (or 0 when nothing of the story is known elsewhere). */
export interface TermVector {
  slots: Int32Array;
  weights: Float32Array;
}

/** In how many of `stories` stories each slot's word comes. */
export interface Rarity {
  stories: number;
  storiesWith: Uint32Array;
}

/** A word that no other story has connects nothing; it is left out, or a small collection would drown in such words. */
export function weigh(packed: Int32Array, { stories, storiesWith }: Rarity): TermVector {
  const slots = new Int32Array(packed.length);
  const weights = new Float32Array(packed.length);
  let length = 0;
  let squares = 0;
  for (const term of packed) {
    const slot = slotOfPacked(term);
    const having = storiesWith[slot] ?? 0;
    if (having < 2) continue;
    const weight = (1 + Math.log(term & MOST_COUNTED)) * Math.log((stories + 1) / having) ** RARITY_POWER;
    slots[length] = slot;
    weights[length] = weight;
    squares += weight * weight;
    length += 1;
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  for (let at = 0; at < length; at += 1) weights[at] = (weights[at] ?? 0) * scale;
  return { slots: slots.subarray(0, length), weights: weights.subarray(0, length) };
}
