/** The word that says what somebody or something is, in the words between commas after a name. Pure. */
import type { Token } from './text-tokens.js';

/** How far after the comma it may stand. */
const REACH = 6;
/** They end the words that say it: "the captain | of", "a bank | in". */
const ENDS_APPOSITION = new Set('of for at from with by in on who whose that which and'.split(' '));
const ARTICLES = /^(?:an?|the|his|her|their|its)$/;

/** "Zog Quillfeather, the club's former captain of …": captain. `comma` is the word after the comma; undefined without an article, or who owns it where `orOwner`. */
export function lastOfApposition(tokens: readonly Token[], comma: number, orOwner = false): Token | undefined {
  const first = tokens[comma];
  if (first === undefined || !(ARTICLES.test(first.key) || (orOwner && first.possessive))) return undefined;
  let last = comma;
  while (last + 1 < comma + REACH && goesOn(tokens[last + 1])) last += 1;
  return last > comma && tokens[last]?.shape === 'small' ? tokens[last] : undefined;
}

function goesOn(token: Token | undefined): boolean {
  return token !== undefined && (token.gap === 'space' || token.gap === 'hyphen') && !ENDS_APPOSITION.has(token.key);
}
