/**
 * Tells a template's next issue from a copy where hardly a figure does: it has other names where the former one has its own
 * ("on Monday in Church Street", "on Friday in Mill Street"). What only one text has parts them from nothing. Pure.
 */
import type { ComparedText } from './text-likeness.js';
import { hashText, shingleHash, type TextPrint } from './text-print.js';
import { wordsAsWritten } from './text-tokens.js';

/** An editor who writes some names otherwise (another spelling, "today") leaves more of them. */
const SHARE_OF_OTHERS = 0.25;
/** What stands in a name's place may have so many words more than it. */
const LONGER_BY = 3;
/** A text with fewer words in small letters is written in capitals, which then tell nothing. */
const SMALL_LETTERS = 0.3;
const CAPITAL = /^\p{Lu}\p{M}*[\p{L}\p{M}]/u;
/** What has a figure in it is none. */
const OF_LETTERS = /^[\p{L}\p{M}]+$/u;
const SHINGLE = 3;

/** `word`: in lower case. `isName` null: it cannot be told (it only begins sentences, or is written small as well), or is no word. */
interface Word {
  word: string;
  isName: boolean | null;
}

/** The names of one text, to be looked for in others. */
export class NamesInPlace {
  private readonly words: Word[];
  private readonly shingles: number[];

  /** `print` is of `text`, with or without its boilerplate. */
  constructor(text: string, print: Pick<TextPrint, 'words' | 'sentences'>) {
    this.words = wordsOf(text, print);
    const hashes = this.words.map(({ word }) => hashText(word));
    this.shingles = hashes.slice(SHINGLE - 1).map((_, i) => shingleHash(hashes, i));
  }

  /** Where the texts are alike, the other one has something else in the place of `least` names or more (of one word or several) that it has nowhere. */
  differFrom(other: ComparedText, least: number): boolean {
    const kept = new Set<string>();
    const replaced = new Map<string, string[]>();
    const positions = new Map<number, number>();
    other.shingles.forEach((hash, i) => positions.set(hash, i));
    const at = this.shingles.map((hash) => positions.get(hash));
    let start = 0;
    // A word is shared when one of the shingles that hold it is; between shared ones stand those that the other text has not.
    this.words.forEach(({ word, isName }, i) => {
      if (at[i] === undefined && at[i - 1] === undefined && at[i - 2] === undefined) return;
      if (i > start && isReplaced(at[start - SHINGLE], at[i], i - start))
        for (const name of namesOf(this.words.slice(start, i))) replaced.set(name.join(' '), name);
      if (isName === true) kept.add(word);
      start = i + 1;
    });
    const others = [...replaced.values()].map((name) => name.filter((word) => !kept.has(word)));
    const gone = new Set(others.flat());
    return (
      others.filter((name) => name.length > 0).length >= least && gone.size >= SHARE_OF_OTHERS * (kept.size + gone.size)
    );
  }
}

/** `before` and `after`: where the other text has the shingles that end before and begin after these words. */
function isReplaced(before: number | undefined, after: number | undefined, words: number): boolean {
  if (before === undefined || after === undefined) return false;
  const instead = after - before - SHINGLE;
  return instead > 0 && instead <= words + LONGER_BY;
}

/** Of words that are mostly names, each name by its words; an editor changes other words as well. */
function namesOf(words: readonly Word[]): string[][] {
  if (words.filter(({ isName }) => isName === true).length < words.filter(({ isName }) => isName === false).length)
    return [];
  const names: string[][] = [[]];
  for (const { word, isName } of words)
    if (isName === true) names.at(-1)?.push(word);
    else names.push([]);
  return names.filter((name) => name.length > 0);
}

function wordsOf(text: string, { words: most, sentences }: Pick<TextPrint, 'words' | 'sentences'>): Word[] {
  const small = new Set<string>();
  const capital = new Set<string>();
  const words: Word[] = [];
  for (const { start, end } of sentences) {
    wordsAsWritten(text.slice(start, end)).forEach((written, i) => {
      const word = written.toLowerCase();
      const isCapital = CAPITAL.test(written) && OF_LETTERS.test(written);
      if (CAPITAL.test(written)) {
        if (i > 0 && isCapital) capital.add(word);
      } else small.add(word);
      words.push({ word, isName: isCapital || !OF_LETTERS.test(word) ? null : false });
    });
  }
  const tells = small.size >= SMALL_LETTERS * (small.size + capital.size);
  const isName = (word: string): boolean => tells && capital.has(word) && !small.has(word);
  return words.slice(0, most).map((one) => (isName(one.word) ? { ...one, isName: true } : one));
}
