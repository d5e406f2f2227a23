/** Retries that partners ask for are counted by endpoint, so that a loop of them does not fill the disk with attempts. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE endpoints ADD COLUMN retries_until timestamptz`.execute(db);
}
