/** What the words of a text say of names by how they are written. Pure. */
import { AGENCIES, DAYS, NEVER_PEOPLE } from './name-words.js';
import type { Token } from './text-tokens.js';

/** `taken`: words that are names of places by themselves. `title`: how many words are the title's. */
export interface NameQuestion {
  text: string;
  tokens: readonly Token[];
  title: number;
  language: string | null;
  taken: ReadonlyMap<number, number>;
}

/** Languages that write every noun with a capital letter: there only a first name or a legal form tells. */
export const NOUNS_IN_CAPITALS = new Set(['de', 'lb']);

/** Languages that say first of what kind an organisation is. */
export const ROMANCE = new Set(['es', 'fr', 'it', 'pt', 'ca', 'gl', 'ro']);

/** Small words that have a capital letter at a sentence's start only. */
export const ARTICLES = new Set(
  'the a an and but in on at for as if when by from to with his her its their der die das ein eine le la les un une el los las il lo gli'.split(
    ' ',
  ),
);

export function isCapital({ shape }: Token): boolean {
  return shape === 'capital' || shape === 'capitals';
}

/** It goes on with another word that has a capital letter. */
export function isCapitalWord(token: Token | undefined): token is Token {
  return token !== undefined && token.gap === 'space' && isCapital(token);
}

/** Words that begin a sentence without being a name's part. */
export function isLowWord(token: Token): boolean {
  // "The firm El Quillfeather": articles of other languages begin names, but at a sentence's start.
  const isArticle =
    token.starts || /^(?:the|an?|and|but|in|on|at|for|as|if|when|by|from|to|with|his|her|its|their)$/.test(token.key);
  if (DAYS.has(token.key) || (ARTICLES.has(token.key) && isArticle && token.shape !== 'capitals')) return true;
  return token.starts && NEVER_PEOPLE.has(token.key) && token.shape === 'capital';
}

/** "(Reuters)", "he told Reuters", "polled by Reuters": the report's source, not its subject. */
export function isCredit(tokens: readonly Token[], from: number, to: number): boolean {
  if (!AGENCIES.has(tokens[from]?.key ?? '')) return false;
  if (tokens[from]?.gap === 'bracket' || tokens[to]?.gap === 'bracket') return true;
  const [verb, before] = [tokens[from - 2]?.key ?? '', tokens[from - 1]?.key ?? ''];
  if (tokens[from]?.gap !== 'space') return false;
  if (/^(?:told|tells?|telling)$/.test(before)) return true;
  if (before === 'by')
    return /^(?:polled|surveyed|interviewed|contacted|questioned|reached|seen|obtained|reviewed|quoted)$/.test(verb);
  return /^(?:with|to)$/.test(before) && /^(?:interviews?|conversation|speaking|spoke)$/.test(verb);
}

/** Nearly every word has a capital letter, as headlines in American English do. */
export function isHeadlineCase(title: readonly Token[]): boolean {
  const words = title.filter(({ shape, raw }) => shape !== 'number' && raw.length > 3);
  const capital = words.filter(isCapital).length;
  return words.length > 3 && capital / words.length > 0.75;
}

/** A line in capital letters only: of its words none is a name for how it is written. */
export function isShouted(line: readonly Token[]): boolean {
  return (
    line.length > 1 && line.every(({ shape, raw }) => shape === 'capitals' || shape === 'number' || raw.length === 1)
  );
}
