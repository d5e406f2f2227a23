/** What waited for its next attempt when a replay took it over remembers when that was, for the replay that is stopped. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE deliveries ADD COLUMN own_next_attempt_at timestamptz`.execute(db);
}
