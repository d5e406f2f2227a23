/** What stands around two unknown words with capital letters and makes a person of them. Pure. */
import { lastOfApposition } from './apposition.js';
import { isCapital, isLowWord, type NameQuestion, NOUNS_IN_CAPITALS } from './name-shapes.js';
import { APPOSED_ROLES, BEFALLS_PEOPLE, LEGAL_FORMS, ROLES, SAYING } from './name-words.js';
import { MAKES_NO_PLACE_BEFORE } from './place-words.js';
import type { Token } from './text-tokens.js';

/** Words of a name: longer rows of unknown words are headlines. */
const MAX_UNKNOWN = 3;
/** How far before the name the word may stand that says what the person is. */
const REACH = 6;
/** They join a role to what it is held in: "spokesman for Kelso, Zog Quillfeather, said". */
const HELD_IN = new Set('of for at in de del du della do da der des von'.split(' '));

/** Before what somebody is: "vice president", "senior executive vice president". */
const RANKS = new Set(
  'vice senior executive managing general deputy former assistant chief associate acting retired joint'.split(' '),
);
/** After it: what of, and what else. */
const TITLE_GOES_ON = new Set('of for at in and with executive officer general who said'.split(' '));

/** Before a name whose owner speaks they show that it is no person's ("Vig Marrow of Quill Zog said"). */
const BEFORE_THINGS = new Set('the a an of for at from with in on by and de'.split(' '));

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
    const isFraction = after?.shape === 'number' && after.start === next.end + 1;
    if (isAge && !isFraction && (after?.gap === 'comma' || after?.key === 'ans' || after === undefined || after.starts))
      return 'age';
    if (next.key === 'aged' && after?.shape === 'number') return 'age';
    if (isPlaced(taken, from, end)) return undefined;
    if (isRoleAfter(tokens, end) || isRoleBefore(tokens, from)) return 'role';
    if (isTitleAfter(tokens, end) && !isRest(tokens, from)) return 'role';
  }
  // "Kelso Vienna (Austria)" is a club: people are seldom called like cities.
  const isOfCountry =
    next.gap === 'bracket' && taken.has(end) && after?.gap === 'bracket' && !LEGAL_FORMS.has(after.key);
  if (isOfCountry && !isPlaced(taken, from, end)) return 'country in brackets';
  if (next.gap !== 'space' || next.shape !== 'small') return undefined;
  if (befalls(tokens, end)) return 'verb';
  if (isPlaced(taken, from, end) || isThing(tokens, from) || isRest(tokens, from)) return undefined;
  return tokens[from]?.starts !== true && SAYING.has(next.key) && !/^its?$/.test(after?.key ?? '') ? 'says' : undefined;
}

/** "Of Quill Zog", "the official Quill Zog": a thing or a firm. */
function isThing(tokens: readonly Token[], from: number): boolean {
  const before = tokens[from - 1];
  if (before === undefined || tokens[from]?.gap !== 'space') return false;
  return BEFORE_THINGS.has(before.key) || (before.key === 'official' && tokens[from - 2]?.key === 'the');
}

/** "The Quill Zog", "Marrow Quill Zog", "Marrow-Quill Zog". */
function isRest(tokens: readonly Token[], from: number): boolean {
  const [first, before] = [tokens[from] as Token, tokens[from - 1]];
  if (before === undefined || first.starts) return false;
  if (first.gap !== 'space') return first.gap === 'hyphen';
  return /^(?:the|an?)$/.test(before.key) || (isCapital(before) && !isLowWord(before) && !before.possessive);
}

/** "Zog Quillfeather, the club's former captain": the words after the comma end with what somebody is. */
function isRoleAfter(tokens: readonly Token[], comma: number): boolean {
  const word = lastOfApposition(tokens, comma, true);
  return word !== undefined && APPOSED_ROLES.has(word.key);
}

/** "Zog Quillfeather, vice president of Kelso": without an article. */
function isTitleAfter(tokens: readonly Token[], comma: number): boolean {
  let at = comma;
  while (at < comma + 3 && RANKS.has(tokens[at]?.key ?? '')) at += 1;
  const [role, next] = [tokens[at], tokens[at + 1]];
  if (role?.shape !== 'small' || !(APPOSED_ROLES.has(role.key) || role.key === 'head')) return false;
  return next === undefined || next.gap === 'comma' || TITLE_GOES_ON.has(next.key);
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
