/** What stands around two unknown words with capital letters and makes a person of them. Pure. */
import { lastOfApposition } from './apposition.js';
import { type NameQuestion, NOUNS_IN_CAPITALS } from './name-shapes.js';
import { APPOSED_ROLES, BEFALLS_PEOPLE, ROLES, SAYING } from './name-words.js';
import { MAKES_NO_PLACE_BEFORE } from './place-words.js';
import type { Token } from './text-tokens.js';

/** Words of a name: longer rows of unknown words are headlines. */
const MAX_UNKNOWN = 3;
/** How far before the name the word may stand that says what the person is. */
const REACH = 6;
/** They join a role to what it is held in: "spokesman for Kelso, Zog Quillfeather, said". */
const HELD_IN = new Set('of for at in de del du della do da der des von'.split(' '));

/** An age, a country in brackets, a verb that only people have, or what the person is; undefined where nothing tells. */
export function personCue(
  { tokens, language, taken }: NameQuestion,
  from: number,
  end: number,
  isFirstName: (word: string) => boolean,
): string | undefined {
  if (NOUNS_IN_CAPITALS.has(language ?? '') || end - from > MAX_UNKNOWN) return undefined;
  if (MAKES_NO_PLACE_BEFORE.has(tokens[from]?.key ?? '')) return undefined;
  for (let at = from + 1; at < end; at += 1) if (isFirstName(tokens[at]?.raw ?? '')) return undefined;
  const [next, after] = [tokens[end], tokens[end + 1]];
  if (next === undefined) return undefined;
  if (next.gap === 'comma') {
    const isAge = next.shape === 'number' && /^\d\d$/.test(next.raw);
    if (isAge && (after?.gap === 'comma' || after?.key === 'ans' || after === undefined || after.starts)) return 'age';
    if (next.key === 'aged' && after?.shape === 'number') return 'age';
    if (isPlaced(taken, from, end)) return undefined;
    if (isRoleAfter(tokens, end) || isRoleBefore(tokens, from)) return 'role';
  }
  // "Kelso Vienna (Austria)" is a club: people are seldom called like cities.
  const isOfCountry = next.gap === 'bracket' && taken.has(end) && after?.gap === 'bracket';
  if (isOfCountry && !isPlaced(taken, from, end)) return 'country in brackets';
  if (next.gap !== 'space' || next.shape !== 'small') return undefined;
  if (befalls(tokens, end)) return 'verb';
  return tokens[from]?.starts !== true && SAYING.has(next.key) && !/^its?$/.test(after?.key ?? '') ? 'says' : undefined;
}

/** "Zog Quillfeather, the club's former captain": the words after the comma end with what somebody is. */
function isRoleAfter(tokens: readonly Token[], comma: number): boolean {
  const word = lastOfApposition(tokens, comma);
  return word !== undefined && APPOSED_ROLES.has(word.key);
}

/** "The club's captain, Zog Quillfeather, …" and "a spokesman for Kelso, Zog Quillfeather, …". */
function isRoleBefore(tokens: readonly Token[], from: number): boolean {
  if (tokens[from]?.gap !== 'comma') return false;
  for (let at = from - 1; at >= 0 && at >= from - REACH; at -= 1) {
    const token = tokens[at] as Token;
    const isNext = at === from - 1;
    if (token.shape === 'small' && APPOSED_ROLES.has(token.key))
      return isNext || HELD_IN.has(tokens[at + 1]?.key ?? '');
    if (token.gap !== 'space' && token.gap !== 'hyphen') return false;
  }
  return false;
}

/** "was arrested", "has been jailed": it happens to people only. */
function befalls(tokens: readonly Token[], at: number): boolean {
  const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (first === undefined || second === undefined || !/^(?:was|is|has|had)$/.test(first.key)) return false;
  const verb = second.key === 'been' ? third : second;
  return verb !== undefined && verb.gap === 'space' && verb.shape === 'small' && BEFALLS_PEOPLE.has(verb.key);
}

/** "Striker", "his widow": before a name, in small letters, it says that a person follows. */
export function isRole(token: Token | undefined): boolean {
  return token !== undefined && token.shape === 'small' && ROLES.has(token.key);
}

/** A word of it is a place's name. */
export function isPlaced(taken: ReadonlyMap<number, number>, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (taken.has(at)) return true;
  return false;
}
