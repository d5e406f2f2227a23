/** Counted hashes are stored slice by slice, each with a version; how many texts were counted is kept once. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE counted_texts (
     counted text PRIMARY KEY CHECK (counted IN ('shingle_frequencies', 'fingerprint_frequencies')),
     texts bigint NOT NULL
   )`,
  ...['shingle_frequencies', 'fingerprint_frequencies'].flatMap((table) => [
    `INSERT INTO counted_texts (counted, texts) SELECT '${table}', coalesce(max(texts), 0) FROM ${table}`,
    `ALTER TABLE ${table} DROP COLUMN texts, ADD COLUMN version bigint NOT NULL DEFAULT 1`,
  ]),
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
