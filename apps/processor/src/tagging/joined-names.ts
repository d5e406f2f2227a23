/** Where an organisation's name goes on over a small word, a bracket or a stroke: "Power and Light Co", "Quillfeather (Kelso) Ltd". Pure. */
import { isCapital, isCapitalWord, isLowWord, type NameQuestion, ROMANCE } from './name-shapes.js';
import {
  BODIES,
  COMPANIONS,
  EVERYWHERE,
  KINDS_FIRST,
  LEGAL_CAPITALS,
  LEGAL_FORMS,
  NAME_OPENERS,
  NEVER_PEOPLE,
  OFFICES,
  ORG_FIRST,
  ORG_LAST,
  PAPERS,
  PARTICLES,
  TRADES,
} from './name-words.js';
import type { Token } from './text-tokens.js';

/** What a pair of trades ends with: "Savings and Loan Association". */
const FIRMS = /^(?:association|institute|bank|company|partners|associates|holdings|group|corporation|limited)$/;
/** Houses of parliaments, whose committees are for two things. */
const HOUSES = new Set(['house', 'senate', 'joint']);
/** Before a name after "of": whose a body is. */
const HEADS = /^(?:president|premier|prime|chancellor|minister|senator|governor)$/;
/** Words of a name after "and". */
const REACH = 6;

const COMMON = [ORG_LAST, ORG_FIRST, TRADES, EVERYWHERE, NEVER_PEOPLE];

export interface Known {
  isFirstName: (word: string) => boolean;
  /** A listed organisation begins with the word at this place. */
  isListed: (at: number) => boolean;
}

/** "Inc", "Corp", "SpA". */
export function isLegalForm(token: Token | undefined): boolean {
  return token !== undefined && isCapital(token) && (LEGAL_FORMS.has(token.key) || LEGAL_CAPITALS.has(token.raw));
}

/**
 * Over a small word in a name's middle: "de", "van der", and "of" or "for" in an organisation's that begins at `from`.
 * How many words further the name goes on, the small one among them; 0 where it ends.
 */
export function joined({ tokens, language, taken }: NameQuestion, from: number, at: number, known: Known): number {
  const [token, next, before] = [tokens[at], tokens[at + 1], tokens[at - 1]];
  if (token === undefined || next === undefined || before === undefined || token.shape !== 'small') return 0;
  if (next.gap !== 'space' && next.gap !== 'hyphen') return 0;
  // "Juan y Pedro" are two, and "al Museo" is "to the museum" where Romance languages are spoken.
  if (token.key === 'al' && ROMANCE.has(language ?? '')) return 0;
  if (token.key === 'y' || token.key === 'e')
    return isCapital(next) && !KINDS_FIRST.has(next.key) && !known.isFirstName(next.raw) ? 2 : 0;
  if (PARTICLES.has(token.key)) return isCapital(next) || PARTICLES.has(next.key) ? 2 : 0;
  // "The Harbour Party of | President Zog".
  if (HEADS.test(next.key) && isCapitalWord(tokens[at + 2])) return 0;
  if ((token.key === 'of' || token.key === 'for') && ORG_FIRST.has(before.key) && isCapital(next)) return 2;
  if (token.key !== 'of') return 0;
  // "Quillfeather Motors of Kelso Ltd": a place with a legal form is no firm.
  if (isPlaceWithForm(tokens, taken, at + 1)) return 2;
  // "Hospital Corp of Kelso", "Stock Exchange of the Isles": what comes before is no name yet.
  if (!isCommonKind(tokens, from, at - 1)) return 0;
  if (isCapital(next)) return 2;
  return next.key === 'the' && isCapitalWord(tokens[at + 2]) ? 3 : 0;
}

/** "Kelso Ltd" behind "of", where Kelso is a place. */
export function isPlaceWithForm(tokens: readonly Token[], taken: ReadonlyMap<number, number>, at: number): boolean {
  const end = taken.get(at) ?? (tokens[at]?.key === 'america' ? at + 1 : at);
  return end > at && tokens[end]?.gap === 'space' && isLegalForm(tokens[end]);
}

/** "Quillfeather (Kelso) Ltd": how many words the bracket and the legal form after it have, 0 where there is none. */
export function bracketed(text: string, tokens: readonly Token[], at: number): number {
  const between = text.slice(tokens[at - 1]?.end, tokens[at]?.start);
  if (!/^\.? ?\($/.test(between)) return 0;
  let end = at + 1;
  while (end < at + 3 && isCapitalWord(tokens[end])) end += 1;
  const form = tokens[end];
  if (form?.gap !== 'bracket' || !isCapital(tokens[at] as Token) || !isLegalForm(form)) return 0;
  return /^\.?\) ?$/.test(text.slice(tokens[end - 1]?.end, form.start)) ? end - at + 1 : 0;
}

/** Over "and": `one` name, `two`, or nobody can say. `row` is the first word with a capital letter before it. */
export function joinedByAnd(question: NameQuestion, row: number, and: number, known: Known): 'one' | 'two' | 'unsure' {
  const { text, tokens } = question;
  let from = row;
  while (from < and - 1 && isLowWord(tokens[from] as Token) && !NAME_OPENERS.has(tokens[from]?.key ?? '')) from += 1;
  const [first, last] = [tokens[and + 1], tokens[and - 1] as Token];
  if (!isCapitalWord(first)) return 'two';
  const left = tokens.slice(from, and);
  if (isOffice(left) || (isBody(left) && !known.isListed(and + 1) && isPurpose(question, and + 1))) return 'one';
  if (COMPANIONS.has(first.key)) return isTeam(tokens, from, and, known) ? 'two' : 'one';
  if (isLegalForm(last) || last.possessive || known.isListed(and + 1)) return 'two';
  const isOfHouse = left.length > 1 && HOUSES.has(left[0]?.key ?? '') && !last.key.endsWith('committee');
  if (isOfHouse && isCommittee(tokens, and + 1)) return 'one';
  let end = and + 1;
  while (end <= and + REACH && isCapitalWord(tokens[end]) && !isLegalForm(tokens[end])) end += 1;
  const right = tokens.slice(and + 1, end);
  const hasForm = (isCapitalWord(tokens[end]) && isLegalForm(tokens[end])) || bracketed(text, tokens, end) > 0;
  const isPlaced = isPlace(question, from, and);
  // "Power and Light", "Savings and Loan Association": what the firm does comes in pairs.
  const isPair = left.length > 1 && TRADES.has(last.key) && left.some(({ key }) => !TRADES.has(key));
  if (!hasForm) {
    const isKind = right.every(({ key }) => TRADES.has(key) || FIRMS.test(key));
    return isPair && !isPlaced && TRADES.has(first.key) && isKind ? 'one' : 'two';
  }
  // "Kelso and New Marrow Banking Group Ltd".
  if (isPlaced) return question.taken.has(and + 1) ? 'one' : 'two';
  if (right.every(({ key }) => TRADES.has(key) || NEVER_PEOPLE.has(key))) return 'one';
  if (left.length === 1 && TRADES.has(last.key)) return 'one';
  return fromRestOfText(question, { from, and, end });
}

/** What the rest of the text says of "Quillfeather and Marrow Inc". */
function fromRestOfText(
  { text, tokens }: NameQuestion,
  { from, and, end }: { from: number; and: number; end: number },
): 'one' | 'two' | 'unsure' {
  const form = tokens[end] as Token;
  if (text[(tokens[from]?.start ?? 0) - 1] === '<' && text[form.end] === '>') return 'one';
  let isOne = isSingular(tokens, from, end);
  const second = tokens[and + 1] as Token;
  for (let at = 0; at < tokens.length; at += 1) {
    if (at === and + 1 || tokens[at]?.key !== second.key || !isCapital(tokens[at] as Token)) continue;
    const before = tokens[at - 1];
    if (before?.key !== 'and' && before?.key !== '&') {
      if (tokens[at]?.gap !== 'sign' && tokens[at]?.gap !== 'hyphen') return 'two';
    } else if (tokens[at - 2]?.key === tokens[and - 1]?.key) isOne = true;
  }
  return isOne ? 'one' : 'unsure';
}

/** A sentence that begins with it and goes on "said it": one firm. */
function isSingular(tokens: readonly Token[], from: number, form: number): boolean {
  if (tokens[from]?.starts !== true) return false;
  let at = form + 1;
  // The codes of exchanges, after a sign.
  while (at < form + 4 && tokens[at]?.gap === 'sign' && isCapital(tokens[at] as Token)) at += 1;
  return tokens[at]?.key === 'said' && /^its?$/.test(tokens[at + 1]?.key ?? '');
}

/** "Ministry of Trade and Industry": what an office is for comes in pairs. */
function isOffice(left: readonly Token[]): boolean {
  return left.some(({ key }, at) => OFFICES.has(key) && /^(?:of|for)$/.test(left[at + 1]?.key ?? ''));
}

/** "House Herring and | Harbour Committee". */
function isCommittee(tokens: readonly Token[], at: number): boolean {
  let end = at;
  while (end < at + REACH && isCapitalWord(tokens[end])) end += 1;
  return /^(?:sub)?committee$/.test(tokens[end - 1]?.key ?? '');
}

/** "Organisation for Harbour Safety and Development". */
function isBody(left: readonly Token[]): boolean {
  return left.some(({ key }, at) => BODIES.has(key) && /^(?:of|for|on)$/.test(left[at + 1]?.key ?? ''));
}

/** After "and": nothing that has a name of its own. */
function isPurpose({ tokens, taken }: NameQuestion, at: number): boolean {
  let end = at;
  while (isCapitalWord(tokens[end])) end += 1;
  return end - at <= 2 && tokens.slice(at, end).every(({ key }, word) => !taken.has(at + word) && !ORG_FIRST.has(key));
}

/** "Robert Quillfeather and Co" are he and his team; where the text names other firms, or with a form, it is one too. */
function isTeam(tokens: readonly Token[], from: number, and: number, { isFirstName }: Known): boolean {
  if (tokens[and + 1]?.key !== 'co' || and - from !== 2 || !isFirstName(tokens[from]?.raw ?? '')) return false;
  return !tokens.some((token, at) => isLegalForm(token) && tokens[at - 1]?.key !== 'and');
}

function isPlace({ taken }: NameQuestion, from: number, to: number): boolean {
  let at = from;
  while (at < to && taken.has(at)) at = taken.get(at) as number;
  return at === to;
}

/** "Stock Exchange", "Hospital Corp": of what kind it is, and a place has to follow. */
export function isCommonKind(tokens: readonly Token[], from: number, at: number): boolean {
  const key = tokens[at]?.key ?? '';
  if (!ORG_LAST.has(key) || TRADES.has(key) || (COMPANIONS.has(key) && !/^co(?:mpany)?$/.test(key))) return false;
  return !PAPERS.has(key) && tokens.slice(from, at + 1).every(isCommon);
}

/** It says what something is, not which. */
function isCommon({ key, shape }: Token): boolean {
  return shape !== 'small' && COMMON.some((words) => words.has(key));
}
