/** Whether what was read as an organisation's name is one: whole, and nobody else's. "Co Inc" and "the Central Bank" are none. Pure. */
import type { Organisation } from './find-organisation.js';
import { isLegalForm, joinedByAnd, type Known } from './joined-names.js';
import { isCapital, isLowWord, isShouted, type NameQuestion } from './name-shapes.js';
import {
  COMMODITIES,
  COMPANIONS,
  EVERYWHERE,
  ORG_LAST,
  PAPERS,
  STATE_BODIES,
  STATE_FORCES,
  TRADES,
} from './name-words.js';
import { type Token, written } from './text-tokens.js';

/** What stands in angle brackets and is longer is no name, in UTF-16 units. */
const MAX_BRACKET = 70;
const BOARDS = /^(?:directors|governors|trustees|managers)$/;
/** The row before "and" is looked for this far back. */
const REACH = 7;

/** `row` is where the words with capital letters begin. The name as the text has it, with its country where every country has one of the kind; undefined where it is no whole name. */
export function wholeName(
  question: NameQuestion,
  { from, to, cue, row }: Organisation & { row: number },
  known: Known,
): string | undefined {
  const { text, tokens, title } = question;
  const words = tokens.slice(from, to).filter(isCapital);
  const bracketed = inAngleBrackets(text, tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0);
  if (bracketed !== undefined) return bracketed;
  const own = words.filter((word) => !isLegalForm(word) && !COMPANIONS.has(word.key));
  if (own.length === 0 || isTradeAlone(words, own)) return undefined;
  if (cue === 'kind' && isThing(words)) return undefined;
  // "Board of Directors": every firm has one.
  if (words.length === 2 && words[0]?.key === 'board' && BOARDS.test(words[1]?.key ?? '')) return undefined;
  if (goesOnFromListed(question, row) || isRest(question, from, to, known)) return undefined;
  // A headline in capitals: where its row begins later, verbs are in it.
  if (from < title && (from > 0 || hasLowWord(tokens, from, to)) && isShouted(tokens.slice(0, title))) return undefined;
  if (/^U\.[SK]\.$/.test(words[0]?.raw ?? '')) {
    const rest = words.slice(1);
    if (rest.length === 1 && !STATE_FORCES.has(rest[0]?.key ?? '')) return undefined;
    if (isShared(rest) && rest.some(({ key }) => /^courts?$/.test(key))) return undefined;
  }
  const before = tokens[from - 1];
  // "Alex. Quillfeather and Sons": the stop ends no sentence before a firm's name.
  const isGiven = before?.dotted === true && before.raw === 'Alex' && tokens[from]?.gap === 'break';
  const name = written(text, tokens, isGiven ? from - 1 : from, to);
  // "Office for National Statistics" is one of its name.
  if (!isShared(words) || tokens.slice(from, to).some(({ raw }) => raw === 'for')) return name;
  // "National Statistics Institute (QUIL)": the letters tell which.
  return ofCountry(question, from, name) ?? shortForm(question, to);
}

/** The letters that the text gives in brackets to what ends before `at`. */
export function shortForm({ tokens }: NameQuestion, at: number): string | undefined {
  const [letters, next] = [tokens[at], tokens[at + 1]];
  if (letters?.gap !== 'bracket' || letters.shape !== 'capitals' || letters.raw.length < 3) return undefined;
  return next === undefined || next.gap !== 'space' ? letters.raw : undefined;
}

/** "<Zogwood, Marrow and Co>": wires put names of firms without a code in angle brackets, whole. */
function inAngleBrackets(text: string, start: number, end: number): string | undefined {
  const from = text.lastIndexOf('<', start) + 1;
  const to = text.indexOf('>', end);
  if (from === 0 || to < 0 || to - from > MAX_BRACKET) return undefined;
  const name = text.slice(from, to).replace(/['’]s?$/, '');
  if (!/^\p{L}[^<>\n;:"]*$/u.test(name) || /[?!]|\.\s\p{Lu}\p{Ll}+\s\p{Ll}/u.test(name)) return undefined;
  return name.includes(',') && !(/ (?:and|&) /.test(name) && end >= from + name.length) ? undefined : name;
}

/** "Power Co", "Airlines Inc": what it does and nothing that tells which. */
function isTradeAlone(words: readonly Token[], own: readonly Token[]): boolean {
  const [only] = own;
  if (own.length > 1 || only === undefined || own.length === words.length) return false;
  return TRADES.has(only.key) || (ORG_LAST.has(only.key) && !PAPERS.has(only.key));
}

/** "Savings Bank", "Soybean Oil": things of the kind. "Chemical Bank" is a bank's name. */
function isThing(words: readonly Token[]): boolean {
  const isBank = words.some(({ key }) => key === 'bank') && !words.some(({ key }) => key === 'savings');
  return !isBank && words.every(({ key }) => TRADES.has(key) || COMMODITIES.has(key));
}

/** "Ford Quillfeather and | Marrow Inc", with Ford a listed firm: the row begins behind its name. */
function goesOnFromListed({ tokens }: NameQuestion, row: number): boolean {
  const [first, before] = [tokens[row] as Token, tokens[row - 1]];
  if (before === undefined || first.gap !== 'space' || !isCapital(before) || before.dotted) return false;
  return !before.possessive && !isLowWord(before);
}

/** The end of a longer name, whose beginning stands before "and", a comma, a stroke or an apostrophe. */
function isRest(question: NameQuestion, from: number, to: number, known: Known): boolean {
  const { text, tokens, taken } = question;
  const [first, before] = [tokens[from] as Token, tokens[from - 1]];
  if (before === undefined) return false;
  const sign = text[first.start - 1] ?? '';
  if (/['’]/.test(sign) && first.raw.length === 1) return true;
  if (/[-/]/.test(sign) && before.end === first.start - 1 && isCapital(before)) return true;
  // "Marrow, Quillfeather Orchards and Co", but not "in Boston, Quillfeather and Co".
  if (first.gap === 'comma' && isCapital(before) && !isLowWord(before)) {
    const hasPartner = tokens
      .slice(from, to)
      .some(({ key }, at, row) => key === 'and' && (at === 1 || COMPANIONS.has(row[at + 1]?.key ?? '')));
    if (hasPartner && placeBefore(taken, from) === undefined) return true;
  }
  // "Quillfeather of | Kelso Ltd".
  if (before.key === 'of' && taken.get(from) === to - 1 && isLegalForm(tokens[to - 1])) return true;
  if (before.key !== 'and' && before.key !== '&') return false;
  let start = from - 1;
  while (start > 0 && start > from - REACH && isRowBefore(tokens[start - 1], tokens[start])) start -= 1;
  return start < from - 1 && joinedByAnd(question, start, from - 1, known) !== 'two';
}

function isRowBefore(token: Token | undefined, next: Token | undefined): boolean {
  return token !== undefined && isCapital(token) && (next?.gap === 'space' || next?.gap === 'hyphen');
}

/** Its words say of what kind it is only, and every country has one: "Central Bank", "Stock Exchange". */
function isShared(words: readonly Token[]): boolean {
  const [first, last] = [words[0], words.at(-1)];
  if (words.length < 2 || first === undefined || last === undefined) return false;
  if (!STATE_BODIES.has(last.key) && !STATE_BODIES.has(first.key)) return false;
  return words.every(({ key }) => EVERYWHERE.has(key) || STATE_BODIES.has(key));
}

/** "Kelso's Central Bank" is the Central Bank of Kelso. */
function ofCountry({ text, tokens, taken }: NameQuestion, from: number, name: string): string | undefined {
  if (tokens[from - 1]?.possessive !== true || tokens[from]?.gap !== 'space') return undefined;
  const place = placeBefore(taken, from);
  if (place === undefined) return undefined;
  const start = tokens[place - 1]?.key === 'the' ? place - 1 : place;
  return `${name} of ${written(text, tokens, start, from).replace(/^The /, 'the ')}`;
}

/** Where the place begins that ends before `at`. */
function placeBefore(taken: ReadonlyMap<number, number>, at: number): number | undefined {
  return [...taken].find(([, end]) => end === at)?.[0];
}

/** "TO BUY QUILLFEATHER INC". */
function hasLowWord(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens
    .slice(from, to)
    .some(({ key }) => /^(?:to|in|of|for|by|at|on|from|with|as|says|sees|sues|buys|bids|bid)$/.test(key));
}
