/** A search as a reader typed it, taken apart: what is wanted, what is not, and what a single word of it is. */
import { pairsOf, spacedText, unspacedRuns } from './unspaced-text.js';

/** A word to be left out, or a phrase: `-word`, `-"two words"`. */
const EXCLUDED = /(^|\s)-("[^"]*"?|\S+)/g;

/** What is asked for, without what is to be left out. */
export function wantedText(query: string): string {
  return query.replace(EXCLUDED, ' ');
}

/** Whether any of several words is enough. */
export function isEither(query: string): boolean {
  return /(^|\s)or(\s|$)/i.test(wantedText(query).replace(/"[^"]*"/g, ' '));
}

/**
 * What `websearch_to_tsquery` can be asked, and what it cannot: text without spaces, as a tsquery of its pairs (a single
 * character is the beginning of one), or '' where there is none.
 */
export function searchParts(query: string): { spaced: string; pairs: string } {
  const wanted = unspacedRuns(wantedText(query));
  const unwanted = [...query.matchAll(EXCLUDED)].flatMap(([text]) => unspacedRuns(text));
  const pairs = [...new Set(wanted.map(allPairs)), ...new Set(unwanted.map((run) => `!${allPairs(run)}`))].join(' & ');
  return { spaced: spacedText(query), pairs };
}

function allPairs(run: string): string {
  return `(${pairsOf(run)
    .map((pair) => (pair.length === 1 ? `'${pair}':*` : `'${pair}'`))
    .join(' & ')})`;
}
