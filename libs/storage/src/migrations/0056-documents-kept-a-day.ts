/** How much of a feed's documents was kept today is counted as it comes: adding them up for each push costs more with each. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE feeds ADD COLUMN kept_on date, ADD COLUMN kept_bytes bigint NOT NULL DEFAULT 0`.execute(db);
}
