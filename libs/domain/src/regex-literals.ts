/** RE2 expressions with the words that any match must contain, so that most expressions need not run at all. */
import { RE2JS } from 're2js';
import { matchablePattern } from './matchable-pattern.js';
import { matchablePhrase } from './matchable-text.js';

/** `literals`: of each list at least one stands in every text that matches, folded; empty when no such words are known. */
export interface RuleRegex {
  test: (text: string) => boolean;
  literals: string[][];
}

/** What re2js works out of an expression for its own use: 0 nothing, 1 this string, 2 all of, 3 one of. */
interface Necessary {
  type?: unknown;
  str?: unknown;
  subs?: Necessary[];
}

/** Shorter ones stand in nearly every text; a character beyond ASCII is about a word. */
const MIN_ASCII = 3;
const MAX_ALTERNATIVES = 200;
const MAX_LISTS = 2;
/** Steps of a compiled expression: time is linear in the text, and in these. */
const MAX_STEPS = 5_000;

/** @throws {Error} with a sentence when the expression is malformed, not RE2 or too large. */
export function ruleRegex(written: string): RuleRegex {
  try {
    const pattern = matchablePattern(written);
    const expression = RE2JS.compile(pattern);
    const excess = excessOf(expression);
    if (excess !== null) throw new Error(excess);
    return { test: (text) => expression.test(text), literals: necessaryLiterals(pattern) };
  } catch (error) {
    throw new Error((error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, ''), {
      cause: error,
    });
  }
}

/** Why an expression is too large to be run over every text; null when it is not. */
export function excessOf(expression: RE2JS): string | null {
  if (expression.programSize() <= MAX_STEPS) return null;
  return `it repeats too much: written out it has more than ${MAX_STEPS} steps. Ask for fewer repeats`;
}

/** An expression for any letter case is asked without that flag: folding what it says then is only safe in ASCII. */
function necessaryLiterals(pattern: string): string[][] {
  const [flags, rest] = leadingFlags(pattern);
  const anyCase = flags.includes('i');
  const others = flags.replace('i', '');
  const plain = RE2JS.compile((others === '' ? '' : `(?${others})`) + rest).re2() as { prefilter?: Necessary | null };
  return all(plain.prefilter ?? undefined)
    .filter((list) => list.length <= MAX_ALTERNATIVES && list.every((literal) => says(literal, anyCase)))
    .sort((a, b) => shortest(b) - shortest(a))
    .slice(0, MAX_LISTS)
    .map((list) => list.map((literal) => matchablePhrase(literal).folded));
}

function leadingFlags(pattern: string): [flags: string, rest: string] {
  const [whole = '', flags = ''] = /^\(\?([imsU]+)\)/.exec(pattern) ?? [];
  return [flags, pattern.slice(whole.length)];
}

/** Lists of alternatives, one of each of which must be there. Of an alternative that asks for several, the longest. */
function all({ type, str, subs = [] }: Necessary = {}): string[][] {
  switch (type) {
    case 1:
      return typeof str === 'string' ? [[str]] : [];
    case 2:
      return subs.flatMap((one) => all(one));
    case 3: {
      const longest = subs.map((one) => all(one).sort((a, b) => shortest(b) - shortest(a))[0]);
      return longest.some((one) => one === undefined) ? [] : [longest.flatMap((one) => one ?? [])];
    }
    default:
      return [];
  }
}

function says(literal: string, anyCase: boolean): boolean {
  const { folded } = matchablePhrase(literal);
  const isAscii = /^[\0-\x7f]*$/.test(literal);
  return isAscii ? folded.length >= MIN_ASCII : folded !== '' && !anyCase;
}

function shortest(literals: readonly string[]): number {
  return Math.min(...literals.map(({ length }) => length));
}
