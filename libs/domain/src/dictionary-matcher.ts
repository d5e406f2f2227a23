/** Which phrases of dictionaries stand in a text: whole words, and of overlapping phrases of one dictionary the longest. */
import { matchableText } from './matchable-text.js';
import { PhraseIndex } from './phrase-index.js';

/** `dictionary` is whatever tells one dictionary from another. */
export interface DictionaryPhrase {
  dictionary: number;
  phrase: string;
  matchCase: boolean;
}

interface Occurrence {
  place: number;
  dictionary: number;
  start: number;
  end: number;
}

export class DictionaryMatcher {
  private readonly index: PhraseIndex;
  /** Of each phrase: there may be a hundred thousand. */
  private readonly dictionaries: Int32Array;

  constructor(phrases: readonly DictionaryPhrase[]) {
    this.dictionaries = Int32Array.from(phrases, ({ dictionary }) => dictionary);
    this.index = new PhraseIndex(
      phrases.map(({ phrase, matchCase }, owner) => ({ phrase, matchCase, owner, wholeWords: true, fields: 1 })),
    );
  }

  /** The places of the phrases that stand in one of the texts, in the order in which they are first met. */
  match(texts: readonly string[]): number[] {
    if (this.dictionaries.length === 0) return [];
    const met = new Set<number>();
    for (const text of texts.map(matchableText)) {
      const occurrences: Occurrence[] = [];
      this.index.scan(text, 1, (place, start, end) =>
        occurrences.push({ place, start, end, dictionary: this.dictionaries[place] ?? 0 }),
      );
      if (occurrences.length > 0) for (const place of longest(occurrences, text.folded.length)) met.add(place);
    }
    return [...met];
  }
}

/** The places of those that no longer one of their dictionary overlaps, by where they begin; of two as long the first. */
function longest(occurrences: Occurrence[], textLength: number): number[] {
  occurrences.sort(
    (a, b) =>
      a.dictionary - b.dictionary || b.end - b.start - (a.end - a.start) || a.start - b.start || a.place - b.place,
  );
  const kept: Occurrence[] = [];
  // By character: which dictionary's phrase covers it. What is there is as long at least, so that it covers an end of what it overlaps.
  const covered = new Int32Array(textLength).fill(-1);
  for (const occurrence of occurrences) {
    const { dictionary, start, end } = occurrence;
    const last = kept.at(-1);
    const isSame = last?.dictionary === dictionary && last.start === start && last.end === end;
    if (!isSame && (covered[start] === dictionary || covered[end - 1] === dictionary)) continue;
    covered.fill(dictionary, start, end);
    kept.push(occurrence);
  }
  return kept.sort((a, b) => a.start - b.start || b.end - a.end || a.place - b.place).map(({ place }) => place);
}
