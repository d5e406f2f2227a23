/** What of a text is compared with others: hashes of its three-word shingles, its figures, its sentences. Pure and quick. */
import { numbersIn } from './number-tokens.js';
import { sentencesOf, tokensOf } from './text-tokens.js';

/**
 * A sentence of a print: `hash` of its words; `shingles[from..to)` and `numbers[numbersFrom..numbersTo)` are those that it
 * has first, `text.slice(start, end)` is its text.
 */
export interface PrintedSentence {
  hash: number;
  from: number;
  to: number;
  numbersFrom: number;
  numbersTo: number;
  start: number;
  end: number;
}

/**
 * A text's print. `shingles`: 32-bit hashes of every three neighbouring words, each once, in the order of the text.
 * `numbers`: hashes of the figures, each once. `words`: words of the text that was read, at most MAX_WORDS.
 */
export interface TextPrint {
  words: number;
  shingles: Int32Array;
  numbers: Int32Array;
  sentences: PrintedSentence[];
}

/** Enough to recognise a text of any length by, and a bound for what is stored of each. */
const MAX_WORDS = 1_500;
const MAX_NUMBERS = 200;

const { imul } = Math;

export function textPrint(text: string): TextPrint {
  const shingles = new Set<number>();
  const numbers = new Set<number>();
  const sentences: PrintedSentence[] = [];
  const hashes: number[] = [];
  for (const { start, end } of sentencesOf(text)) {
    const tokens = tokensOf(text.slice(start, end)).slice(0, MAX_WORDS - hashes.length);
    if (tokens.length === 0) continue;
    const from = hashes.length;
    const numbersFrom = numbers.size;
    let hash = 0;
    for (const token of tokens) {
      const word = hashText(token);
      hash = (imul(hash, 31) + word) | 0;
      hashes.push(word);
    }
    for (const number of numbersIn(tokens)) if (numbers.size < MAX_NUMBERS) numbers.add(hashText(`n${number}`));
    sentences.push({ hash: mixed(hash), from, to: hashes.length, numbersFrom, numbersTo: numbers.size, start, end });
    if (hashes.length >= MAX_WORDS) break;
  }
  // A shingle belongs to the sentence that it begins in; positions of words become positions of shingles.
  const at = new Int32Array(hashes.length + 1);
  for (let i = 0; i < hashes.length; i += 1) {
    at[i] = shingles.size;
    if (i + 2 < hashes.length) shingles.add(shingleHash(hashes, i));
  }
  at[hashes.length] = shingles.size;
  return {
    words: hashes.length,
    shingles: Int32Array.from(shingles),
    numbers: Int32Array.from(numbers),
    sentences: sentences.map(({ from, to, ...rest }) => ({ ...rest, from: at[from] ?? 0, to: at[to] ?? 0 })),
  };
}

/** The print without some sentences: what remains is compared as if they had never been there. */
export function withoutSentences(print: TextPrint, isUnwanted: (hash: number) => boolean): TextPrint {
  const kept = print.sentences.filter(({ hash }) => !isUnwanted(hash));
  if (kept.length === print.sentences.length) return print;
  const shingles: number[] = [];
  const numbers: number[] = [];
  const sentences = kept.map((sentence) => {
    const [from, numbersFrom] = [shingles.length, numbers.length];
    shingles.push(...print.shingles.subarray(sentence.from, sentence.to));
    numbers.push(...print.numbers.subarray(sentence.numbersFrom, sentence.numbersTo));
    return { ...sentence, from, to: shingles.length, numbersFrom, numbersTo: numbers.length };
  });
  return {
    words: Math.max(0, print.words - (print.shingles.length - shingles.length)),
    shingles: Int32Array.from(shingles),
    numbers: Int32Array.from(numbers),
    sentences,
  };
}

function shingleHash(words: readonly number[], i: number): number {
  const [a = 0, b = 0, c = 0] = [words[i], words[i + 1], words[i + 2]];
  return mixed(imul(a, 0x01000193) ^ imul(b, 0x85ebca6b) ^ imul(c ^ (a >>> 7), 0xc2b2ae35));
}

/** FNV-1a, mixed once more: small differences must move every bit, for the smallest hashes are a sample. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

function mixed(hash: number): number {
  let value = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
