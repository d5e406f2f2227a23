/** Channels that ask for a language by another code than items have (nb, deu) held no story: their filters are applied to all that are there. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // As `beginFilling` does; the publisher goes on step by step.
  await sql`
    UPDATE channels SET filling_at = 'infinity', filling_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
     WHERE EXISTS (SELECT FROM jsonb_array_elements_text(filter->'languages') AS code
                    WHERE length(code) = 3 OR code IN ('nb', 'in', 'iw', 'ji', 'mo', 'sh'))`.execute(db);
}
