/** Expressions in the form that texts have: characters in their compatibility forms, and ranges of them. */
import { cleanText } from './clean-text.js';

/** What is quoted or escaped, and classes; all between them is text, and signs of the syntax. */
const PARTS = /\\Q[^]*?(?:\\E|$)|\\[^]|(?<open>\[\^?\]?)(?<members>(?:\[:\^?[a-z]+:\]|\\[^]|[^\\\]])*)|[^\\[]+/gu;
/**
 * Of a class: named classes, escapes and what reaches from or to an escape, which stay; ranges; and single characters. An end of a range may
 * have its marks written apart, a range of marks is none from the letter before it.
 */
const MEMBERS =
  /\[:\^?[a-z]+:\]|\\(?:[pPx]\{[^}]*\}|[^])(?:-[^\\])?|[^\\]-\\(?:[pPx]\{[^}]*\}|[^])|(?<from>\p{M}(?=-\p{M})|\P{M}\p{M}*(?=-\P{M}))-(?<to>\p{M}|\P{M}\p{M}*)|(?<single>[^\\](?:\p{M}(?!-\p{M}))*)/gu;
const APOSTROPHES = /[‘’ʼ]/g;
/** Behind the last character that has a compatibility form. */
const END_OF_FORMS = 0x2fb00;
const BLOCK = 256;

type Groups = Record<string, string | undefined>;

/** What becomes a sign of the syntax stands for itself: "（" is a bracket of the text. */
export function matchablePattern(pattern: string): string {
  return cleanText(pattern).replace(PARTS, (part: string, ...matched: unknown[]) => {
    const { open, members = '' } = matched.at(-1) as Groups;
    if (open !== undefined) return open + members.replace(MEMBERS, matchableMember);
    if (part.startsWith('\\Q')) return form(part);
    return part.startsWith('\\') ? part.replace(APOSTROPHES, "'") : matchable(part);
  });
}

function matchableMember(member: string, ...matched: unknown[]): string {
  const { from, to, single } = matched.at(-1) as Groups;
  if (single !== undefined) return matchable(single);
  const [first, last] = [codePoint(from), codePoint(to)];
  if (first !== undefined && last !== undefined) return matchableRange(first, last);
  return member.startsWith('\\') ? member.replace(APOSTROPHES, "'") : member;
}

/**
 * As it is written, and what its characters are in texts: "[ｦ-ﾟ]" finds ヲ and カ, whose places are others. What is several characters in
 * texts (ヿ is コト) is none of them.
 */
function matchableRange(from: number, to: number): string {
  const range = `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`;
  if (to < 0x80) return range;
  const others = singleForms().filter(([code, other]) => code >= from && code <= to && (other < from || other > to));
  return range + escaped(String.fromCodePoint(...new Set(others.map(([, other]) => other))));
}

/** Of one character, also where its marks are written apart. */
function codePoint(written = ''): number | undefined {
  const signs = Array.from(written);
  const [sign, ...more] = signs.length === 1 ? signs : Array.from(written.normalize('NFC'));
  return more.length === 0 ? sign?.codePointAt(0) : undefined;
}

function matchable(text: string): string {
  return text.normalize('NFC').replace(/[^\0-\x7f]/gu, (sign) => escaped(form(sign)));
}

function form(text: string): string {
  return text.normalize('NFKC').replace(APOSTROPHES, "'");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}-]/g, '\\$&');
}

let known: [code: number, other: number][] | undefined;

/** Characters that are one other character in texts, by code point: some thousands. */
function singleForms(): [code: number, other: number][] {
  // Most blocks have none: to ask block by block is many times as fast.
  known ??= Array.from({ length: END_OF_FORMS / BLOCK }, (_, block) => codesOf(block))
    .filter((codes) => form(String.fromCodePoint(...codes)) !== String.fromCodePoint(...codes))
    .flat()
    .map((code): [number, number] => {
      const [other = '', ...more] = Array.from(form(String.fromCodePoint(code)));
      return [code, more.length === 0 ? (other.codePointAt(0) ?? code) : code];
    })
    .filter(([code, other]) => other !== code);
  return known;
}

function codesOf(block: number): number[] {
  return Array.from({ length: BLOCK }, (_, place) => block * BLOCK + place);
}
