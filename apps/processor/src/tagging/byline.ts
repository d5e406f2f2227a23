/** Where a report's text begins with who wrote it, and where the dateline begins after that. Pure. */
import type { Token } from './text-tokens.js';

/** A dateline's city has up to three words. */
const MAX_CITY = 3;

/** "Robert Quillfeather OTTAWA, March 3": `at` is the city's first word, `title` the body's first. */
export function isDatelineAfterByline(tokens: readonly Token[], title: number, at: number): boolean {
  if (at - title < 2 || at - title > 4 || !isShouted(tokens[at])) return false;
  if (!tokens.slice(title, at).every(({ shape }) => shape === 'capital')) return false;
  let end = at + 1;
  while (end < at + MAX_CITY && tokens[end]?.gap === 'space' && isShouted(tokens[end])) end += 1;
  const next = tokens[end];
  return next !== undefined && (next.shape === 'number' || next.gap !== 'space');
}

function isShouted(token: Token | undefined): boolean {
  return token?.shape === 'capitals' && token.raw.length > 2;
}
