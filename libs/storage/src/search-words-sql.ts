/** A search's words as SQL over `stories.search`, made as that vector is. */
import { type RawBuilder, sql } from 'kysely';
import { searchParts, wantedText } from '#domain/search-words.js';
import { pairsOf, spacedText, unspacedRuns } from '#domain/unspaced-text.js';

/** A tsquery: quoted phrases, `or` and `-`, as `websearch_to_tsquery` has them. */
export function searchQuerySql(words: string): RawBuilder<unknown> {
  const { spaced, pairs } = searchParts(words);
  return sql`(websearch_to_tsquery('simple', unaccent(${spaced})) && ${pairs}::tsquery)`;
}

/** The words that a search wants, as they are in the vector: text[]. */
export function wantedWordsSql(words: string): RawBuilder<string[]> {
  const wanted = wantedText(words);
  const pairs = unspacedRuns(wanted).flatMap((run) => pairsOf(run));
  return sql<string[]>`(tsvector_to_array(to_tsvector('simple', unaccent(${spacedText(wanted)}))) || ${pairs}::text[])`;
}
