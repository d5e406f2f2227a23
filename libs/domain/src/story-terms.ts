/** The words by which different texts on one event are recognised: headline and lead, names counted twice. Pure. */
import { functionWords } from './function-words.js';

/** How often each word (or pair of characters, in scripts without spaces) comes, capitalised ones twice. */
export type StoryTerms = Map<string, number>;

/** News says what it is about at its start; further down is background, which many events share. */
const LEAD_WORDS = 300;
const LEAD_CHARACTERS = 4_000;
/** A name says more of an event than a word does. */
const NAME_WEIGHT = 2;
const LONGEST_WORD = 40;

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SENTENCE_END = /[.!?:]["'”’»)\]]*\s*["'“‘«([]*$|\n\s*["'“‘«([]*$/u;

/**
 * `bodyText` is plain text, one line a block. The function words of `language` (a BCP 47 tag, `null` if not known) are left out: the
 * few texts of a language that hardly any others are in would be alike by them.
 */
export function storyTerms(title: string, bodyText: string, language: string | null): StoryTerms {
  const terms: StoryTerms = new Map();
  const empty = functionWords(language);
  // Headlines Are Often Written Like This: their capitals say nothing, but each of their words does.
  for (const [word] of title.matchAll(WORD)) add(terms, word, NAME_WEIGHT, empty);
  const lead = bodyText.slice(0, LEAD_CHARACTERS);
  let words = 0;
  let end = 0;
  for (const match of lead.matchAll(WORD)) {
    if (words >= LEAD_WORDS) break;
    const [word] = match;
    const between = lead.slice(end, match.index);
    const isFirst = end === 0 || SENTENCE_END.test(between);
    words += add(terms, word, !isFirst && /^\p{Lu}/u.test(word) ? NAME_WEIGHT : 1, empty);
    end = match.index + word.length;
  }
  return terms;
}

/** Answers how many words it was. */
function add(terms: StoryTerms, word: string, weight: number, empty: ReadonlySet<string>): number {
  if (UNSPACED.test(word)) {
    const characters = [...word];
    for (let at = 0; at + 1 < characters.length; at += 1)
      count(terms, `${characters[at] ?? ''}${characters[at + 1] ?? ''}`, weight);
    return Math.ceil(characters.length / 2);
  }
  const lower = word.normalize('NFKC').toLowerCase();
  const stem = stemmed(lower);
  if (empty.has(lower) || empty.has(stem)) return 1;
  // Single letters and long strings of them are initials, list marks and addresses.
  if (stem.length > 1 && stem.length <= LONGEST_WORD) count(terms, stem, weight);
  return 1;
}

function count(terms: StoryTerms, term: string, weight: number): void {
  terms.set(term, (terms.get(term) ?? 0) + weight);
}

/** A word in small letters without possessive and plural: "norvia's" and "ferries" are about Norvia and a ferry. */
function stemmed(word: string): string {
  const base = word.replace(/['’]\p{L}*$/u, '');
  if (base.length < 5 || !base.endsWith('s') || /[^a-z]/.test(base) || /(ss|us|is)$/.test(base)) return base;
  return base.endsWith('ies') ? `${base.slice(0, -3)}y` : base.slice(0, -1);
}
