/** Phrases with what they ask of their surroundings (whole words, letter case), found in one pass over a text. */
import { isWordBoundary, matchablePhrase, type MatchableText, wordEnd, wordStart } from './matchable-text.js';
import { PhraseAutomaton } from './phrase-automaton.js';
import { pairHash, wordHash, WordTable } from './word-table.js';

/** `fields`: bits of the fields that it is looked for in. `owner` is whatever the caller knows it by. */
export interface IndexedPhrase {
  phrase: string;
  owner: number;
  wholeWords: boolean;
  matchCase: boolean;
  fields: number;
}

/** A folded phrase with everybody who looks for it. */
interface Entry {
  folded: string;
  uses: (Omit<IndexedPhrase, 'phrase'> & { cased: string })[];
}

/** Told of each occurrence, in no particular order. */
type OnHit = (owner: number, start: number, end: number) => void;

/**
 * Whole words, which nearly all phrases are, are looked up by the one or two words that they begin with: that touches far less memory
 * than an automaton, which is for parts of words, and for scripts that do not part them.
 */
export class PhraseIndex {
  private readonly byFirstWord: WordTable<Entry>;
  private readonly byTwoWords: WordTable<Entry>;
  private readonly hasWords: boolean;
  private readonly inside: Entry[] = [];
  private readonly automaton: PhraseAutomaton;

  constructor(phrases: readonly IndexedPhrase[]) {
    const whole = new Map<string, Entry>();
    const parts = new Map<string, Entry>();
    for (const { phrase, ...use } of phrases) {
      const { cased, folded } = matchablePhrase(phrase);
      if (folded === '') continue;
      const entries = use.wholeWords && wordStart(folded, 0) === 0 ? whole : parts;
      const entry = entries.get(folded) ?? { folded, uses: [] };
      entries.set(folded, entry);
      entry.uses.push({ ...use, cased: use.matchCase ? cased : '' });
    }
    const first: [number, Entry][] = [];
    const pairs: [number, Entry][] = [];
    for (const entry of whole.values()) {
      const { folded } = entry;
      const end = wordEnd(folded, 0);
      const second = wordStart(folded, end);
      const hash = wordHash(folded, 0, end);
      if (second === -1) first.push([hash, entry]);
      else pairs.push([pairHash(hash, wordHash(folded, second, wordEnd(folded, second))), entry]);
    }
    this.byFirstWord = new WordTable(first);
    this.byTwoWords = new WordTable(pairs);
    this.hasWords = whole.size > 0;
    this.inside = [...parts.values()];
    this.automaton = new PhraseAutomaton([...parts.keys()]);
  }

  scan(text: MatchableText, field: number, onHit: OnHit): void {
    if (this.hasWords) this.scanWords(text, field, onHit);
    if (this.inside.length === 0) return;
    this.automaton.scan(text.folded, (place, end) => {
      const entry = this.inside[place] as Entry;
      tell(entry, text, end - entry.folded.length, field, onHit);
    });
  }

  private scanWords(text: MatchableText, field: number, onHit: OnHit): void {
    const { folded } = text;
    const tellAll = (entries: readonly Entry[] | undefined, start: number): void => {
      if (entries === undefined) return;
      for (const entry of entries) if (folded.startsWith(entry.folded, start)) tell(entry, text, start, field, onHit);
    };
    let before = -1;
    let hashBefore = 0;
    for (let start = wordStart(folded, 0); start !== -1;) {
      const end = wordEnd(folded, start);
      const hash = wordHash(folded, start, end);
      tellAll(this.byFirstWord.get(hash), start);
      if (before !== -1) tellAll(this.byTwoWords.get(pairHash(hashBefore, hash)), before);
      before = start;
      hashBefore = hash;
      start = wordStart(folded, end);
    }
  }
}

function tell({ folded, uses }: Entry, text: MatchableText, start: number, field: number, onHit: OnHit): void {
  const end = start + folded.length;
  let isWhole: boolean | undefined;
  for (const use of uses) {
    if ((use.fields & field) === 0) continue;
    if (use.wholeWords && !(isWhole ??= isWordBoundary(text.folded, start) && isWordBoundary(text.folded, end)))
      continue;
    if (use.matchCase && !sameCase(text.cased, start, use.cased)) continue;
    onHit(use.owner, start, end);
  }
}

function sameCase(cased: string, start: number, phrase: string): boolean {
  if (cased.startsWith(phrase, start)) return true;
  const found = cased.slice(start, start + phrase.length);
  return found.includes('\n') && found.replaceAll('\n', ' ') === phrase;
}
