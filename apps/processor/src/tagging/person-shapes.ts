/** Which words of a row with capital letters may be a person's name, and where it ends. Pure. */
import { isCapital, isCapitalWord, isLowWord, type NameQuestion, NOUNS_IN_CAPITALS } from './name-shapes.js';
import {
  ALSO_FIRST_NAMES,
  DAYS,
  FAMILY_FIRST,
  NEVER_PEOPLE,
  NOT_AFTER_FIRST_NAMES,
  ORG_LAST,
  PARTICLES,
  ROYAL_TITLES,
  THINGS,
  TITLES,
} from './name-words.js';
import { isPlaced } from './person-cues.js';
import type { Token } from './text-tokens.js';

/** They begin the names of money, forces and offices. */
const COUNTRY_INITIALS = new Set('u.s u.s.a u.k u.n n.z h.k n.y u.a.e u.s.s.r'.split(' '));
/** They have a north and a south, or an east and a west. */
const HALVED = new Set('germany virginia va korea africa america europe yemen vietnam dakota carolina bank'.split(' '));
/** Family names that are words of places, months and countries as well. */
const EVERYDAY_FAMILIES = new Set(
  'hall hill hills lake rivers bridge park may june english french german irish west north east south day'.split(' '),
);
/** They begin the names of towns. */
const TOWNS = /^(?:San|Santa|São|Sao|Los|Las|Fort|Port|Mount)$/;
/** A letter after them tells them apart ("Series A. Quill"). */
const LETTERED = new Set(
  'series class type grade group plan vitamin hepatitis schedule section category appendix'.split(' '),
);

/** "Chang Chi-cheng": given names in two syllables, after a family name that stands first. */
export function isSecondSyllable(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.gap === 'hyphen' && token.shape === 'small' && FAMILY_FIRST.has(tokens[at - 2]?.key ?? '');
}

/** "Park Sung-sang", "Chung In-yong": a family name that stands first, whatever its words are elsewhere. */
function isFamilyFirst(tokens: readonly Token[], at: number): boolean {
  return tokens[at + 1]?.gap === 'space' && tokens[at + 1]?.shape === 'capital' && isSecondSyllable(tokens, at + 2);
}

/** "J. Quillfeather", "B.J. Marrow": not a country's initials, an hour ("8 A.M."), nor the end of another name ("Quill S.A."). */
export function isInitials(tokens: readonly Token[], at: number): boolean {
  const [token, before, next] = [tokens[at] as Token, tokens[at - 1], tokens[at + 1]];
  if (!isInitial(token) && !token.raw.endsWith('.')) return false;
  if (/^[ap]\.m$/.test(token.key) && before?.shape === 'number') return false;
  // "W. Germany", and "N.A. N.A." in tables.
  if ((/^[nsew]$/.test(token.key) && HALVED.has(next?.key ?? '')) || next?.key === token.key) return false;
  if (before === undefined || token.starts) return true;
  // "Quill and P. Marrow" are two, "S and P." and "E.D. and F. Marrow" are not.
  if (/^(?:and|&)$/.test(before.key)) return !/^(?:\p{Lu}|.*\.)$/u.test(tokens[at - 2]?.raw ?? '');
  if (LETTERED.has(before.key)) return false;
  if (before.key === 'the') return false;
  return token.gap !== 'space' || !isCapital(before) || isLowWord(before);
}

/** "Zog T. Quillfeather"; "Terminal B. Passengers" is a sentence's end. */
export function hasMiddleInitial({ tokens, language }: NameQuestion, from: number, end: number): boolean {
  const [first, middle] = [tokens[from] as Token, tokens[from + 1]];
  if (NOUNS_IN_CAPITALS.has(language ?? '') || end - from < 3 || first.shape !== 'capital' || first.dotted)
    return false;
  return isInitial(middle) && !/^[a-e]$/.test(middle?.key ?? '') && !LETTERED.has(first.key);
}

/** "T." */
export function isInitial(token: Token | undefined): boolean {
  return token !== undefined && token.raw.length === 1 && token.shape === 'capital' && token.dotted;
}

/** "U.S.", and "U.S" where the second full stop is missing. */
function isOfCountry(tokens: readonly Token[], at: number): boolean {
  const [token, next] = [tokens[at] as Token, tokens[at + 1]];
  if (COUNTRY_INITIALS.has(token.key)) return token.raw.includes('.');
  return isInitial(token) && next?.raw.length === 1 && !next.dotted && COUNTRY_INITIALS.has(`${token.key}.${next.key}`);
}

/** Where a person's name that begins here ends: two to four words, none of them another's. */
export function nameEnd(
  tokens: readonly Token[],
  from: number,
  to: number,
  taken: ReadonlyMap<number, number>,
): number {
  let end = from;
  while (end < to && end - from < 6) {
    const token = tokens[end] as Token;
    if (token.key === '&') break;
    if (token.shape === 'small') {
      if (isSecondSyllable(tokens, end)) return end + 1;
      if (end === from || !PARTICLES.has(token.key)) break;
    } else if (token.shape === 'capitals' && token.raw.length < 3 && !token.dotted && end > from) break;
    // "Sackville-West": the second half of a name may be any word.
    else if (end > from && token.gap !== 'hyphen' && isNoPart(token) && !isFamilyFirst(tokens, end - 1)) break;
    else if (end > from && isOfCountry(tokens, end)) break;
    // A place may be a family name, but not in the middle of a name.
    else if (end > from && taken.has(end) && end > from + 1) break;
    end += 1;
    if (token.possessive) break;
  }
  while (end > from && (tokens[end - 1]?.shape === 'small' || tokens[end - 1]?.raw.endsWith('.') === true)) end -= 1;
  return end;
}

function isNoPart({ key, raw, dotted }: Token): boolean {
  // "Robert A. Quillfeather": an initial is no article.
  if (raw.length === 1 && dotted) return false;
  return NEVER_PEOPLE.has(key) || TITLES.has(key) || ORG_LAST.has(key) || THINGS.has(key);
}

/** "The Harbour Bill", "Christian Democrats": a word here, that is a first name elsewhere ("Bill Quillfeather"). */
export function isWord(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at] as Token, tokens[at + 1]];
  if (!NEVER_PEOPLE.has(token.key)) return false;
  const isInside = before !== undefined && token.gap === 'space' && isCapital(before);
  if (isInside && !TITLES.has(before.key) && !isLowWord(before)) return true;
  return !isCapitalWord(next) || NOT_AFTER_FIRST_NAMES.test(next?.key ?? '') || !ALSO_FIRST_NAMES.has(token.key);
}

/** It could be the name of one in a list: two or three words as names are written, and small particles. */
export function isListable({ tokens, language, taken }: NameQuestion, from: number, to: number): boolean {
  const words = tokens.slice(from, to).filter(({ shape }) => shape !== 'small');
  return (
    words.length > 1 &&
    words.length <= 3 &&
    !NOUNS_IN_CAPITALS.has(language ?? '') &&
    words.every(({ shape, possessive }) => shape === 'capital' && !possessive) &&
    !isPlaced(taken, from, to) &&
    nameEnd(tokens, from, to, taken) === to &&
    !isNoName(tokens, taken, from, false)
  );
}

export function isNoName(
  tokens: readonly Token[],
  taken: ReadonlyMap<number, number>,
  at: number,
  first: boolean,
): boolean {
  const token = tokens[at] as Token;
  if (!isCapital(token) || isOfCountry(tokens, at)) return true;
  if (taken.has(at) || DAYS.has(token.key)) return true;
  // "San Luis Zog", "Fort Marcos" are towns.
  const before = tokens[at - 1];
  if (token.gap === 'space' && before?.shape === 'capital' && TOWNS.test(before.raw)) return true;
  // "A. Maurice Quillfeather" begins with no article.
  if (isInitial(token) || isFamilyFirst(tokens, at)) return false;
  return (
    !first &&
    (NEVER_PEOPLE.has(token.key) || TITLES.has(token.key) || ROYAL_TITLES.has(token.key) || ORG_LAST.has(token.key))
  );
}

/** "John Hall": the word behind a first name, that is no family name where nobody speaks or is told of ("Albert Hall"). */
export function isEverydayFamily(tokens: readonly Token[], at: number): boolean {
  return EVERYDAY_FAMILIES.has(tokens[at]?.key ?? '') && tokens[at]?.shape === 'capital' && tokens[at]?.gap === 'space';
}

/** Hyphens alone join its words: there is no first name in it. */
export function isHyphenated(tokens: readonly Token[], from: number, end: number): boolean {
  return tokens.slice(from + 1, end).every(({ gap }) => gap === 'hyphen');
}

/** "Robert Quill Exchange Index": what follows shows that it is the beginning of another name. */
export function isCutOff(tokens: readonly Token[], end: number): boolean {
  const next = tokens[end];
  if (!isCapitalWord(next) || tokens[end - 1]?.possessive === true) return false;
  const key = next?.key ?? '';
  return (ORG_LAST.has(key) || THINGS.has(key)) && !TITLES.has(key);
}

/** "Miguel de la Marrow", "Sandra Day Marrow": a first name, whose family name looks like other words. */
export function goesOn(tokens: readonly Token[], end: number): boolean {
  const [next, after] = [tokens[end], tokens[end + 1]];
  if (next?.gap !== 'space' || tokens[end - 1]?.possessive === true) return false;
  if (next.shape === 'small') return PARTICLES.has(next.key);
  return isCapital(next) && isCapitalWord(after) && !DAYS.has(next.key) && !isNoPart(after);
}

/** Everything in capitals: a headline inside the text, whose words say nothing. */
export function isShadowed(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens.slice(from, to).every(({ shape, raw }) => shape === 'capitals' || raw.length === 1);
}
