/** How many stories have a fingerprint, counted apart from other shingles: look-ups by text ask those that lead to few. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // As shingle_frequencies: counters of hashes (uint16, little-endian), in slices; `texts` is the same in all of them.
  await sql`
    CREATE TABLE fingerprint_frequencies (
      slice integer PRIMARY KEY,
      counts bytea NOT NULL,
      texts bigint NOT NULL
    )`.execute(db);
}
