/** How many stories have a fingerprint, counted apart from other shingles: look-ups by text ask those that lead to few. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Counters of hashes (uint8) in slices of 32 KB; `texts` as it was when the slice changed last.
  await sql`
    CREATE TABLE fingerprint_frequencies (
      slice integer PRIMARY KEY,
      counts bytea NOT NULL,
      texts bigint NOT NULL
    )`.execute(db);
}
