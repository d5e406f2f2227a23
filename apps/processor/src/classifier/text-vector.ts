/** A text as a classifier sees it: how often each of its words occurs, the words hashed into a fixed number of places. Pure. */
import { normaliseText } from '#domain/normalised-text.js';

/** Places that words are hashed into: few enough for a model of some megabytes, many enough that words seldom meet. */
export const DIMENSIONS = 65_536;
/** What news is about is said at its beginning. */
export const SAMPLE_LENGTH = 2_000;

const MAX_WORD = 40;
/** What stands in a title says twice as much. */
const TITLE_WEIGHT = 2;

/** The places of a text's words, each once, and how often each occurs. */
export interface TextVector {
  places: Uint16Array;
  counts: Uint8Array;
}

/** Scripts that part no words by spaces: pairs of characters stand for words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;

export function textVector(title: string, bodyText: string): TextVector {
  const counts = new Map<number, number>();
  countWords(counts, title, TITLE_WEIGHT);
  countWords(counts, bodyText.slice(0, SAMPLE_LENGTH), 1);
  return {
    places: Uint16Array.from(counts.keys()),
    counts: Uint8Array.from(counts.values(), (count) => Math.min(count, 255)),
  };
}

function countWords(counts: Map<number, number>, text: string, weight: number): void {
  for (const word of wordsOf(normaliseText(text))) {
    const place = hash(word);
    counts.set(place, (counts.get(place) ?? 0) + weight);
  }
}

/** Words with a letter in them: numbers say when and how much, not what about. */
function wordsOf(normalised: string): string[] {
  const pairs: string[] = [];
  const spaced = /[\u0E00-\uFFFF]/.test(normalised)
    ? normalised.replace(UNSPACED, (run) => {
        for (let at = 0; at + 1 < run.length; at += 1) pairs.push(run.slice(at, at + 2));
        return ' ';
      })
    : normalised;
  const words = spaced.split(' ').filter((word) => word.length > 1 && word.length <= MAX_WORD && /\p{L}/u.test(word));
  return pairs.length === 0 ? words : [...words, ...pairs];
}

/** FNV-1a over UTF-16 units, its halves folded together. The same in every version: stored models depend on it. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193);
  return ((value >>> 16) ^ value) & (DIMENSIONS - 1);
}
