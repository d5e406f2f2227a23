/** Fingerprints get a table of their own: a look-up goes by the rows of strangers, too, and those must be small to be in memory. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // By week of the item's id, as item_sketches.
  `CREATE TABLE item_fingerprints (
     item_id uuid NOT NULL PRIMARY KEY,
     at timestamptz NOT NULL,
     fingerprints integer[] NOT NULL
   ) PARTITION BY RANGE (item_id)`,
  `CREATE TABLE item_fingerprints_rest PARTITION OF item_fingerprints DEFAULT`,
  `SELECT ensure_week_partitions('item_fingerprints', now() - interval '3 weeks', now() + interval '4 weeks')`,
  `INSERT INTO item_fingerprints (item_id, at, fingerprints)
     SELECT item_id, at, fingerprints FROM item_sketches ORDER BY item_id`,
  // After the rows: an index that is built at once is smaller and takes a third of the time.
  `CREATE INDEX item_fingerprints_hashes ON item_fingerprints USING gin (fingerprints) WITH (fastupdate = off)`,
  `ALTER TABLE item_sketches DROP COLUMN fingerprints, DROP COLUMN at`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
