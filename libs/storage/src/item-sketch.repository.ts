/** Texts as they are compared: found by the fingerprints that they share, in the weeks of the identity window. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { hashBytes, hashesFrom } from './hash-bytes.js';
import { prepared } from './prepared-statements.js';
import type { Schema, StoryItemsTable } from './schema.js';
import { uuidV7Floor } from './uuid.js';

/** An item's text. `at`: when it was published, else received; `words`: how many words `shingles` and `numbers` stand for. */
export interface ItemSketchRow {
  itemId: string;
  partnerId: string;
  at: Date;
  title: string;
  words: number;
  fingerprints: readonly number[];
  shingles: Int32Array;
  numbers: Int32Array;
}

/** A text that is in a story already. */
export interface FoundSketch extends ItemSketchRow {
  storyId: string;
  relation: StoryItemsTable['relation']['__select__'];
  partnerName: string;
  isDemo: boolean;
}

/** What is asked for one item; `fingerprints`: the rarest first. */
export type SketchQuestion = Pick<ItemSketchRow, 'fingerprints' | 'at'>;

/** Texts read for one item: those that share most of its fingerprints. */
const MATCHES_A_QUESTION = 24;
/** Of texts that share a single fingerprint, which nearly always are strangers: each costs as much as asking another item. */
const BY_ONE_FINGERPRINT = 12;
/** Of the fingerprints asked, the first so many tell copies from texts of the same template: they count twice. */
const RARE_FINGERPRINTS = 8;
const DAY_MS = 86_400_000;
/** Ids are drawn by other processes: theirs may be ahead of this one's time. */
const CLOCKS_DIFFER_MS = DAY_MS;

@Injectable()
export class ItemSketchRepository {
  /**
   * Texts that share a fingerprint with one of the questions, received in the last `windowDays` and published at most that
   * far from it. Each once, however many questions lead to it.
   */
  async find(
    trx: Transaction<Schema>,
    questions: readonly SketchQuestion[],
    windowDays: number,
  ): Promise<FoundSketch[]> {
    const asked = questions
      .filter(({ fingerprints }) => fingerprints.length > 0)
      .map(({ fingerprints, at }) => ({ fingerprints, rarest: fingerprints.slice(0, RARE_FINGERPRINTS), at }));
    if (asked.length === 0) return [];
    // Values, not uuid_v7_floor(now()): that is called again for every row that shares a fingerprint. Where fingerprints are looked
    // up, the bound must not look like one to the planner (IS TRUE): of a table that it has not analysed it takes a span for a
    // small part, and reads the whole key beside the fingerprints, for each question. Partitions before the window are dropped anyway.
    // The bounds are selected and the rest is written out: a plan for given values would look cheaper than the one for any, and be
    // made anew each time.
    const window = sql`make_interval(days => ${sql.lit(windowDays)})`;
    const now = Date.now();
    const from = uuidV7Floor(new Date(now - windowDays * DAY_MS));
    const to = uuidV7Floor(new Date(now + CLOCKS_DIFFER_MS));
    const { rows } = await prepared(sql<
      Omit<FoundSketch, 'shingles' | 'numbers'> & { shingles: Buffer; numbers: Buffer }
    >`
      WITH matches AS MATERIALIZED (
        SELECT DISTINCT ON (m.item_id) m.item_id, m.at, m.fingerprints
          FROM json_to_recordset(${JSON.stringify(asked)}::json) AS q(fingerprints int[], rarest int[], at timestamptz)
         CROSS JOIN LATERAL (
           SELECT *, row_number() OVER (ORDER BY score DESC, item_id) AS place
             FROM (SELECT f.item_id, f.at, f.fingerprints, icount(f.fingerprints & q.fingerprints) AS shared,
                          icount(f.fingerprints & q.fingerprints) + icount(f.fingerprints & q.rarest) AS score
                     FROM item_fingerprints f
                    WHERE (f.item_id >= (SELECT ${from}::uuid)) IS TRUE
                      AND f.fingerprints OPERATOR(pg_catalog.&&) q.fingerprints
                      AND f.at BETWEEN q.at - ${window} AND q.at + ${window}
                    ORDER BY score DESC, f.item_id
                    LIMIT ${sql.lit(MATCHES_A_QUESTION)}) AS most) AS m
         WHERE m.shared > 1 OR m.place <= ${sql.lit(BY_ONE_FINGERPRINT)}
         ORDER BY m.item_id)
      SELECT m.item_id AS "itemId", s.partner_id AS "partnerId", m.at, s.title, s.words, m.fingerprints, s.shingles, s.numbers,
             si.story_id AS "storyId", si.relation, p.name AS "partnerName", p.is_demo AS "isDemo"
        FROM matches m
        JOIN item_sketches s ON s.item_id = m.item_id AND s.item_id >= (SELECT ${from}::uuid) AND s.item_id < (SELECT ${to}::uuid)
        JOIN story_items si ON si.item_id = m.item_id
        JOIN partners p ON p.id = s.partner_id
       ORDER BY s.item_id`).execute(trx);
    return rows.map((row) => ({ ...row, shingles: hashesFrom(row.shingles), numbers: hashesFrom(row.numbers) }));
  }

  /** A new version of an item takes the place of the one before. */
  async put(trx: Transaction<Schema>, rows: readonly ItemSketchRow[]): Promise<void> {
    if (rows.length === 0) return;
    const packed = rows.map(({ shingles, numbers, ...row }) => ({
      ...row,
      shingles: hashBytes(shingles).toString('base64'),
      numbers: hashBytes(numbers).toString('base64'),
    }));
    await prepared(sql`
      WITH given AS MATERIALIZED (
        SELECT * FROM json_to_recordset(${JSON.stringify(packed)}::json) AS r("itemId" uuid, "partnerId" uuid, at timestamptz,
            title text, words int, fingerprints int[], shingles text, numbers text)
         ORDER BY "itemId"),
      found_by AS (
        INSERT INTO item_fingerprints (item_id, at, fingerprints) SELECT "itemId", at, fingerprints FROM given
        ON CONFLICT (item_id) DO UPDATE SET at = excluded.at, fingerprints = excluded.fingerprints)
      INSERT INTO item_sketches (item_id, partner_id, title, words, shingles, numbers)
        SELECT "itemId", "partnerId", title, words, decode(shingles, 'base64'), decode(numbers, 'base64') FROM given
      ON CONFLICT (item_id) DO UPDATE SET title = excluded.title, words = excluded.words,
          shingles = excluded.shingles, numbers = excluded.numbers`).execute(trx);
  }
}
