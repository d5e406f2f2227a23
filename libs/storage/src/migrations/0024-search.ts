/** Search that stays fast and forgives slips: words of the installation, pairs of characters for scripts without spaces. */
import { type Kysely, sql } from 'kysely';

/** Thai, Lao, Burmese, Khmer, Japanese and Chinese: sentences without spaces between words. See `unspaced-text.ts`. */
const UNSPACED = String.raw`[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]`;

const STATEMENTS = [
  // Every two neighbouring characters of such a text are looked for like a word. Positions would cost more than they tell.
  `CREATE FUNCTION unspaced_pairs(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
     SELECT CASE WHEN $1 !~ '${UNSPACED}' THEN ''::tsvector ELSE coalesce((
       SELECT array_to_tsvector(array_agg(DISTINCT substr(run[1], place, 2)))
         FROM regexp_matches(normalize($1, NFKC), '${UNSPACED}+', 'g') AS run
        CROSS JOIN generate_series(1, greatest(length(run[1]) - 1, 1)) AS place), '') END $$`,
  `UPDATE stories SET search = search || unspaced_pairs(left(title || ' ' || CASE WHEN excerpt_only THEN summary ELSE body_text END, 60000))
    WHERE title ~ '${UNSPACED}'`,
  // Titles that look like a mistyped word: nothing asks for them any more, the words below answer instead.
  `DROP INDEX stories_title_trgm`,
  // A search within a language walks this language's stories.
  `CREATE INDEX stories_language ON stories (lower(split_part(language, '-', 1)), sort_at DESC, id DESC)
     WHERE status = 'published'`,
  // Words of published stories and in about how many each is. Bounded: the rarest go first when there are too many.
  `CREATE TABLE search_words (
     word text PRIMARY KEY,
     documents bigint NOT NULL
   ) WITH (fillfactor = 70)`,
  `CREATE INDEX search_words_alike ON search_words USING gin (word gin_trgm_ops)`,
  // How far the stories were gone through, by id, and how many they were.
  `CREATE TABLE search_word_lane (
     is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
     story_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
     stories bigint NOT NULL DEFAULT 0
   )`,
  `INSERT INTO search_word_lane DEFAULT VALUES`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
