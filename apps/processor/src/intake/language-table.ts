/** The table by which languages are told: how much each n-gram speaks for each language, in 3 MB where objects took 100. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';

/** The first line of the file, JSON. Everything behind it is binary. */
interface Head {
  /** ISO 639-1, by number. */
  languages: string[];
  /** What a text of each language scores for it, on average. */
  averages: number[];
  /** Bytes of UTF-8 that no n-gram tells apart; a space stands for each. */
  unknownBytes: number[];
  ngrams: number;
  scores: number;
}

/** Bits of the hash. Two slots in five are taken: most n-grams of a text are found, or known to be missing, at once. */
const SLOT_BITS = 18;
const SLOTS = 1 << SLOT_BITS;
/** UTF-16 code units, a bit each. */
const LETTER_BYTES = 0x10000 / 8;
const SPACE = 0x20;

/**
 * Made by scripts/make-languages.mjs: the head; a bit for each UTF-16 code unit that is a letter; of each n-gram, sorted, the lower
 * four bytes, then the upper two, then how many languages it speaks for; then of each n-gram and language the language's
 * number and the score. All numbers are unsigned and little-endian.
 */
export class LanguageTable {
  readonly languages: readonly string[];
  readonly averages: readonly number[];
  /** The symbol that stands for each byte of UTF-8. */
  readonly symbols = Uint8Array.from({ length: 0x100 }, (_, byte) => byte);
  /** The scores of n-gram n are from `starts[n]` up to `starts[n + 1]`. */
  readonly starts: Uint32Array;
  readonly scoredLanguages: Uint8Array;
  readonly scores: Uint8Array;
  private readonly letters: Uint8Array;
  private readonly lower: Uint32Array;
  private readonly upper: Uint16Array;
  /** One more than the n-gram's number; 0 is free. */
  private readonly slots = new Uint32Array(SLOTS);

  constructor(file: Uint8Array) {
    const headEnd = file.indexOf(0x0a);
    const head = JSON.parse(Buffer.from(file.subarray(0, headEnd)).toString()) as Head;
    let at = headEnd + 1;
    // Copies: the sections are not aligned, and the file need not stay in memory.
    const section = (bytes: number): Uint8Array => new Uint8Array(file.subarray(at, (at += bytes)));
    this.languages = head.languages;
    this.averages = head.averages;
    this.symbols.fill(SPACE, 0, SPACE);
    for (const byte of head.unknownBytes) this.symbols[byte] = SPACE;
    this.letters = section(LETTER_BYTES);
    this.lower = new Uint32Array(section(head.ngrams * 4).buffer);
    this.upper = new Uint16Array(section(head.ngrams * 2).buffer);
    this.starts = startsOf(section(head.ngrams));
    this.scoredLanguages = section(head.scores);
    this.scores = section(head.scores);
    if (at !== file.length || this.starts.at(-1) !== head.scores)
      throw new Error('the table of languages is incomplete');
    for (let ngram = 0; ngram < head.ngrams; ngram++)
      this.slots[this.slotOf(this.upper[ngram] as number, this.lower[ngram] as number)] = ngram + 1;
  }

  isLetter(codeUnit: number): boolean {
    return (((this.letters[codeUnit >> 3] as number) >> (codeUnit & 7)) & 1) === 1;
  }

  /** The n-gram's number, or -1. `lower`: its last four symbols, the last one lowest; `upper`: the two before them. */
  find(upper: number, lower: number): number {
    return (this.slots[this.slotOf(upper, lower)] as number) - 1;
  }

  /** Where the n-gram is, or would be. */
  private slotOf(upper: number, lower: number): number {
    const wanted = lower >>> 0;
    for (let slot = ngramHash(upper, lower) >>> (32 - SLOT_BITS); ; slot = (slot + 1) & (SLOTS - 1)) {
      const ngram = (this.slots[slot] as number) - 1;
      if (ngram < 0 || (this.lower[ngram] === wanted && this.upper[ngram] === upper)) return slot;
    }
  }
}

/** 32 bits, the upper ones the best mixed. */
export function ngramHash(upper: number, lower: number): number {
  const mixed = Math.imul(lower ^ Math.imul(upper, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
}

function startsOf(counts: Uint8Array): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  counts.forEach((count, index) => (starts[index + 1] = (starts[index] as number) + count));
  return starts;
}

/** The table that ships with Dateline. */
export function readLanguageTable(): LanguageTable {
  return new LanguageTable(readFileSync(projectFile('libs/domain/data/languages.bin')));
}
