/** Text as rules and dictionaries look at it: compatibility forms folded, one kind of apostrophe, single spaces. */
import { cleanText } from './clean-text.js';

/** `cased` keeps letter case and line breaks; `folded` has the same length, in lower case, with spaces for line breaks. */
export interface MatchableText {
  cased: string;
  folded: string;
}

/** Characters of one text that are looked at; nobody reads further. */
const MAX_LENGTH = 100_000;

export function matchableText(text: string): MatchableText {
  const cased = text
    .slice(0, MAX_LENGTH)
    .normalize('NFKC')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/\s*\n\s*/g, '\n')
    .replace(/[^\S\n]{2,}|[^\S\n ]/g, ' ');
  return { cased, folded: folded(cased) };
}

/** A phrase or a literal in the same two forms, without what cleaning has taken out of every text. */
export function matchablePhrase(phrase: string): MatchableText {
  const cased = matchableText(cleanText(phrase)).cased.replaceAll('\n', ' ').trim();
  return { cased, folded: folded(cased) };
}

/** Lower case without a change of length, so that a place in one form is the same place in the other. */
function folded(cased: string): string {
  const lower = cased.toLowerCase();
  // Final sigma depends on what follows; a phrase's end must not decide how its letters are written.
  const even = (lower.length === cased.length ? lower : lowerEach(cased)).replaceAll('ς', 'σ');
  return even.includes('\n') ? even.replaceAll('\n', ' ') : even;
}

function lowerEach(text: string): string {
  let result = '';
  for (const character of text) {
    const lower = character.toLowerCase();
    result += lower.length === character.length ? lower : character;
  }
  return result;
}

const OTHER = 0;
const WORD = 1;
const UNSPACED = 2;
/**
 * Scripts whose words are not parted by spaces, or that hang particles on them (Hangul): every place is a boundary there. By
 * extensions: the long mark of サッカー is no script's own.
 */
const UNSPACED_SCRIPTS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
let known: Uint8Array | undefined;

/** Whether nothing of a word is cut off at `at`: the characters before and behind it are not both letters, marks or digits. */
export function isWordBoundary(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return true;
  const classes = characterClasses();
  return classes[text.charCodeAt(at - 1)] !== WORD || classes[text.charCodeAt(at)] !== WORD;
}

/** Where the first word from `at` on begins; -1 when there is none. Scripts that do not part words have none. */
export function wordStart(text: string, at: number): number {
  const classes = characterClasses();
  for (let i = at; i < text.length; i += 1) if (classes[text.charCodeAt(i)] === WORD) return i;
  return -1;
}

/** Where the word that `at` stands in is over. */
export function wordEnd(text: string, at: number): number {
  const classes = characterClasses();
  let end = at;
  while (end < text.length && classes[text.charCodeAt(end)] === WORD) end += 1;
  return end;
}

/** By UTF-16 unit: what lies beyond is symbols, or scripts of the past. */
function characterClasses(): Uint8Array {
  known ??= Uint8Array.from({ length: 65_536 }, (_, code) => {
    const character = String.fromCharCode(code);
    if (!/[\p{L}\p{M}\p{N}]/u.test(character)) return OTHER;
    return UNSPACED_SCRIPTS.test(character) ? UNSPACED : WORD;
  });
  return known;
}
