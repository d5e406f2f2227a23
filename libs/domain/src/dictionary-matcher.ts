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
    for (const text of texts) {
      const occurrences: Occurrence[] = [];
      this.index.scan(matchableText(text), 1, (place, start, end) => occurrences.push({ place, start, end }));
      // The longest of those that begin together comes first, so that whatever it covers is met after it.
      occurrences.sort((a, b) => a.start - b.start || b.end - a.end || a.place - b.place);
      const reach = new Map<number, Occurrence>();
      for (const occurrence of occurrences) {
        const dictionary = this.dictionaries[occurrence.place] ?? 0;
        const last = reach.get(dictionary);
        const isSame = last?.start === occurrence.start && last.end === occurrence.end;
        if (last !== undefined && occurrence.start < last.end && !isSame) continue;
        reach.set(dictionary, occurrence);
        met.add(occurrence.place);
      }
    }
    return [...met];
  }
}
