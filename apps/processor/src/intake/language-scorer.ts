/** Scores languages by the n-grams of a text's UTF-8: the method of the package eld, without an object for each n-gram. */
import { type LanguageTable, ngramHash } from './language-table.js';

/** What is behind these many characters, or the word that reaches these many bytes, plays no part. */
const MAX_CHARACTERS = 1_000;
const LAST_WORD_FROM_BYTES = 350;
const MAX_BYTES = 380;
/** Of a longer word only these bytes are looked at, and its end. */
const MAX_WORD_BYTES = 70;

/** The table leaves this out of each score. */
const SCORE_BASE = 53;
/** The mean score of an n-gram that counts one half. */
const HALF_SCORE = 25;
/** A verdict needs this share of what its language scores on average, and more n-grams than chance. */
const RELIABLE_SHARE = 0.75;
const RELIABLE_NGRAMS = 3;

/** More than the n-grams of a text can be (a third of its bytes, and two for each word), and a power of two. */
const SEEN_SLOTS = 1_024;
const SPACE = 0x20;

/** The likeliest language, and how likely each one is from 0 to below 1, by the table's numbers. */
export interface Verdict {
  language: string;
  languages: readonly string[];
  scores: readonly number[];
  /** The best score, as a share of what texts of that language score on average. */
  share: number;
  isReliable: boolean;
}

const isApostrophe = (codeUnit: number): boolean => codeUnit === 0x27 || codeUnit === 0x60 || codeUnit === 0x2019;

export class LanguageScorer {
  private readonly totals: Uint32Array;
  private readonly word = new Uint8Array(MAX_BYTES + 3);
  private wordLength = 0;
  /** The n-grams of this text, each counted once: a slot is taken if it has the number of this text. */
  private readonly seenBy = new Uint32Array(SEEN_SLOTS);
  private readonly seenUpper = new Uint32Array(SEEN_SLOTS);
  private readonly seenLower = new Int32Array(SEEN_SLOTS);
  private readonly longEnds = new Set<string>();
  private ngrams = 0;
  private text = 0;

  constructor(private readonly table: LanguageTable) {
    this.totals = new Uint32Array(table.languages.length);
  }

  /** Undefined where nothing speaks for any language. */
  score(text: string): Verdict | undefined {
    this.totals.fill(0);
    this.longEnds.clear();
    this.ngrams = 0;
    this.nextText();
    this.readWords(text);
    const { totals } = this;
    let best = 0;
    for (let language = 1; language < totals.length; language++)
      if ((totals[language] as number) > (totals[best] as number)) best = language;
    if (totals[best] === 0) return undefined;
    const scores = Array.from(totals, (total) => total / this.ngrams / (total / this.ngrams + HALF_SCORE));
    const { languages, averages } = this.table;
    const share = (scores[best] as number) / (averages[best] as number);
    const isReliable = this.ngrams >= RELIABLE_NGRAMS && share >= RELIABLE_SHARE;
    return { language: languages[best] as string, languages, scores, share, isReliable };
  }

  private nextText(): void {
    this.text += 1;
    if (this.text < 2 ** 32) return;
    this.seenBy.fill(0);
    this.text = 1;
  }

  /** Words are letters, with the apostrophes in them and directly before them. */
  private readWords(text: string): void {
    const end = Math.min(text.length, MAX_CHARACTERS);
    let bytes = 0;
    for (let start = 0, at = 0; ;) {
      while (at < end && this.table.isLetter(text.charCodeAt(at))) at++;
      let gapEnd = at;
      while (gapEnd < end && !this.table.isLetter(text.charCodeAt(gapEnd))) gapEnd++;
      let next = gapEnd;
      while (next > at && isApostrophe(text.charCodeAt(next - 1))) next--;
      const isOver = next === at;
      if (isOver && gapEnd < end) {
        at = gapEnd;
        continue;
      }
      const wordEnd = isOver ? gapEnd : at;
      if (wordEnd > start) {
        bytes += this.readWord(text.slice(start, wordEnd).toLowerCase(), MAX_BYTES - bytes);
        if (bytes > LAST_WORD_FROM_BYTES) return;
        // The space behind it.
        bytes += 1;
      }
      if (isOver) return;
      start = next;
      at = gapEnd;
    }
  }

  /** Takes the n-grams of a word, up to the character that exceeds `room`. Answers its bytes. */
  private readWord(word: string, room: number): number {
    const { word: bytes } = this;
    const { symbols } = this.table;
    let length = 0;
    for (let index = 0; index < word.length && length <= room; index++) {
      const unit = word.charCodeAt(index);
      if (unit < 0x80) {
        bytes[length++] = unit;
      } else if (unit < 0x800) {
        bytes[length++] = symbols[0xc0 | (unit >> 6)] as number;
        bytes[length++] = symbols[0x80 | (unit & 0x3f)] as number;
      } else {
        bytes[length++] = symbols[0xe0 | (unit >> 12)] as number;
        bytes[length++] = symbols[0x80 | ((unit >> 6) & 0x3f)] as number;
        bytes[length++] = symbols[0x80 | (unit & 0x3f)] as number;
      }
    }
    this.wordLength = length;
    this.takeNgrams();
    return length;
  }

  /** Four bytes of every three, and the last four; the first with a space before it, the last with one behind it. */
  private takeNgrams(): void {
    const { word, wordLength } = this;
    const end = Math.min(wordLength, MAX_WORD_BYTES);
    let at = 0;
    for (; at + 4 < end; at += 3) {
      const four =
        ((word[at] as number) << 24) |
        ((word[at + 1] as number) << 16) |
        ((word[at + 2] as number) << 8) |
        (word[at + 3] as number);
      this.take(at === 0 ? SPACE : 0, four);
    }
    const from = Math.max(0, end - 4);
    // Of a word that is cut the package takes all the rest as one n-gram, which no table has, but which counts.
    if (wordLength - from > 5) return this.takeLongEnd(from);
    let upper = 0;
    let lower = at === 0 ? SPACE : 0;
    for (let index = from; index <= wordLength; index++) {
      upper = ((upper << 8) | (lower >>> 24)) & 0xffff;
      lower = (lower << 8) | (index < wordLength ? (word[index] as number) : SPACE);
    }
    this.take(upper, lower);
  }

  private takeLongEnd(from: number): void {
    const rest = Buffer.from(this.word.subarray(from, this.wordLength)).toString('latin1');
    if (this.longEnds.has(rest)) return;
    this.longEnds.add(rest);
    this.ngrams += 1;
  }

  private take(upper: number, lower: number): void {
    let slot = ngramHash(upper, lower) & (SEEN_SLOTS - 1);
    for (; this.seenBy[slot] === this.text; slot = (slot + 1) & (SEEN_SLOTS - 1))
      if (this.seenLower[slot] === lower && this.seenUpper[slot] === upper) return;
    this.seenBy[slot] = this.text;
    this.seenLower[slot] = lower;
    this.seenUpper[slot] = upper;
    this.ngrams += 1;
    const ngram = this.table.find(upper, lower);
    if (ngram < 0) return;
    const { starts, scoredLanguages, scores } = this.table;
    const end = starts[ngram + 1] as number;
    for (let index = starts[ngram] as number; index < end; index++)
      this.totals[scoredLanguages[index] as number]! += (scores[index] as number) + SCORE_BASE;
  }
}
