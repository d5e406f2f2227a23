/** What stands before or after a row of words with capital letters and makes an organisation of it. Pure. */
import { lastOfApposition } from './apposition.js';
import { isLegalForm } from './joined-names.js';
import { type NameQuestion, NOUNS_IN_CAPITALS } from './name-shapes.js';
import { FIRM_NOUNS, MEDIA_NOUNS, NEVER_PEOPLE, NO_ORGANISATIONS, SAYING, TITLES } from './name-words.js';
import type { Token } from './text-tokens.js';

const MAX_WORDS = 4;

/** "Airline Quillfeather", "the Kelso Bugle newspaper", "the ZQO said"; undefined where nothing tells. */
export function organisationCue(
  { tokens, language, taken }: NameQuestion,
  from: number,
  to: number,
  isFirstName: (word: string) => boolean,
): string | undefined {
  const [first, last] = [tokens[from] as Token, tokens[to - 1] as Token];
  if (NOUNS_IN_CAPITALS.has(language ?? '') || to - from > MAX_WORDS) return undefined;
  if (taken.has(from) || NEVER_PEOPLE.has(first.key) || TITLES.has(first.key)) return undefined;
  // "Kelso Bank (Isles) | Ltd", "Kelso Bank, | N.A., a bank in …".
  if (tokens.slice(from, to).every((token) => isLegalForm(token) || /^(?:\p{Lu}\.){2,}$/u.test(token.raw)))
    return undefined;
  // "The firm Robert Quillfeather founded": somebody, who does something to it.
  if (to - from > 1 && isFirstName(first.raw)) return undefined;
  const [before, next] = [tokens[from - 1], tokens[to]];
  if (before?.shape === 'small' && first.gap === 'space' && FIRM_NOUNS.has(before.key)) return 'kind before it';
  if (next?.gap === 'comma' && (isKindAfter(tokens, to) || isKindBefore(tokens, from))) return 'kind beside it';
  if (next === undefined || next.gap !== 'space' || next.shape !== 'small' || last.possessive) return undefined;
  const isCertain = !first.starts || to - from > 1 || first.shape === 'capitals';
  if (isCertain && isMedium(tokens, to)) return 'kind after it';
  if (isAcronym(tokens, from, to) && SAYING.has(next.key)) return 'says';
  return undefined;
}

/** "Quillfeather, the country's largest airline, …": the words after the comma end with what it is. */
function isKindAfter(tokens: readonly Token[], comma: number): boolean {
  const word = lastOfApposition(tokens, comma);
  return word !== undefined && !word.possessive && FIRM_NOUNS.has(word.key);
}

/** "The airline, Quillfeather, …". */
function isKindBefore(tokens: readonly Token[], from: number): boolean {
  const before = tokens[from - 1];
  return tokens[from]?.gap === 'comma' && before?.shape === 'small' && FIRM_NOUNS.has(before.key);
}

/** "News agency", "newspaper", "television". */
function isMedium(tokens: readonly Token[], at: number): boolean {
  const [word, next] = [tokens[at]?.key ?? '', tokens[at + 1]];
  return MEDIA_NOUNS.has(word) || (word === 'news' && next?.key === 'agency');
}

function isAcronym(tokens: readonly Token[], from: number, to: number): boolean {
  const token = tokens[from] as Token;
  return (
    to - from === 1 &&
    token.shape === 'capitals' &&
    /^\p{Lu}{3,6}$/u.test(token.raw) &&
    !NO_ORGANISATIONS.has(token.key)
  );
}
