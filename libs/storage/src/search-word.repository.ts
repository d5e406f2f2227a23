/** The words of published stories: counted in the background, offered for mistyped ones. See ADR 27. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import type { Schema } from './schema.js';
import { wantedWordsSql } from './search-words-sql.js';
import { uuidV7Floor } from './uuid.js';

/** What one step did: stories gone through, words thrown away because there were too many. */
export interface CountedWords {
  stories: number;
  forgotten: number;
}

/** A word of a search that no story has, with words that look like it and how many stories have them. */
export interface UnknownWord {
  word: string;
  alike: { word: string; documents: number }[];
}

/** Every word of the first stories is counted; of later ones the words of one in so many, and the others' titles. */
const COUNTED_WHOLE = 2_000;
const ONE_IN = 16;
/** Ids are minted before they are committed: younger stories wait, so that none is passed over. */
const LEFT_ALONE_MS = 60_000;
const ALIKE = 0.25;
const CANDIDATES = 30;
/** Searches have few words that nobody wrote. */
const UNKNOWN_WORDS = 5;

@Injectable()
export class SearchWordRepository {
  constructor(private readonly database: Database) {}

  /**
   * Counts the words of up to `limit` stories after the last that was counted, keeping `most` words. Zero stories when there
   * is none, or another process is at it.
   */
  async count(limit: number, most: number, now: Date): Promise<CountedWords> {
    return this.database.transaction(async (trx) => {
      const { rows } = await sql<{ stories: number }>`
        WITH lane AS MATERIALIZED (SELECT * FROM search_word_lane FOR UPDATE SKIP LOCKED),
        batch AS MATERIALIZED (
          SELECT s.id, s.status, s.search, lane.stories < ${COUNTED_WHOLE} AS whole,
                 hashint8(('x' || right(s.id::text, 8))::bit(32)::bigint) % ${ONE_IN} = 0 AS drawn
            FROM lane CROSS JOIN LATERAL (SELECT * FROM stories WHERE id > lane.story_id
              AND id < ${uuidV7Floor(new Date(now.getTime() - LEFT_ALONE_MS))}::uuid ORDER BY id LIMIT ${limit}) s),
        found AS (
          SELECT word, sum(weight) AS documents FROM (
            SELECT unnest(tsvector_to_array(search)) AS word, CASE WHEN whole THEN 1 ELSE ${ONE_IN} END AS weight
              FROM batch WHERE status = 'published' AND (whole OR drawn)
            UNION ALL SELECT unnest(tsvector_to_array(ts_filter(search, '{a,c}'))), 0
              FROM batch WHERE status = 'published' AND NOT (whole OR drawn)) w
           WHERE length(word) <= 40 AND (word !~ '[0-9]' OR word ~ '^[0-9]{1,4}$') GROUP BY word ORDER BY word),
        known AS (
          INSERT INTO search_words (word, documents) SELECT word, greatest(documents, 1) FROM found
          ON CONFLICT (word) DO UPDATE SET documents = search_words.documents + excluded.documents
            WHERE excluded.documents > 1 OR (SELECT bool_or(whole) FROM batch)),
        moved AS (
          UPDATE search_word_lane SET story_id = (SELECT max(id::text)::uuid FROM batch),
                 stories = search_word_lane.stories + (SELECT count(*) FROM batch) WHERE EXISTS (SELECT FROM batch))
        SELECT count(*) AS stories FROM batch`.execute(trx);
      const stories = rows[0]?.stories ?? 0;
      return { stories, forgotten: stories === 0 ? 0 : await forget(trx, most) };
    });
  }

  /** About how many words are kept. */
  async size(): Promise<number> {
    const { rows } = await sql<{ words: number }>`
      SELECT greatest(reltuples, 0)::int AS words FROM pg_class WHERE oid = 'search_words'::regclass`.execute(
      this.database.db,
    );
    return rows[0]?.words ?? 0;
  }

  /** The wanted words of a search that are not in the table, each with words that look like it, the likest first. */
  async unknown(words: string): Promise<UnknownWord[]> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT set_config('pg_trgm.similarity_threshold', ${String(ALIKE)}, true),
        set_config('statement_timeout', '500', true)`.execute(trx);
      const { rows } = await sql<UnknownWord>`
        SELECT wanted.word, coalesce((SELECT jsonb_agg(jsonb_build_object('word', a.word, 'documents', a.documents)) FROM (
            SELECT w.word, w.documents FROM search_words w WHERE w.word % wanted.word
             ORDER BY similarity(w.word, wanted.word) DESC, w.documents DESC, w.word LIMIT ${CANDIDATES}) a), '[]') AS alike
          FROM unnest(${wantedWordsSql(words)}) AS wanted(word)
         WHERE NOT EXISTS (SELECT FROM search_words w WHERE w.word = wanted.word) LIMIT ${UNKNOWN_WORDS}`.execute(trx);
      return rows;
    });
  }
}

/** The words in fewest stories go, a tenth at once: they are the first to be met again, and seldom asked for. */
async function forget(trx: Transaction<Schema>, most: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM search_words WHERE word IN (SELECT word FROM search_words ORDER BY documents LIMIT (
      SELECT CASE WHEN reltuples > ${most}::float8 THEN (reltuples - ${most}::float8 * 0.9)::bigint ELSE 0 END
        FROM pg_class WHERE oid = 'search_words'::regclass))`.execute(trx);
  return Number(numAffectedRows);
}
