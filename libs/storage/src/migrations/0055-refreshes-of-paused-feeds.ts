/** A refresh of a paused feed is due like any other: its job may be lost, and then the scheduler is to find the feed again. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX feeds_due`.execute(db);
  await sql`CREATE INDEX feeds_due ON feeds (next_fetch_at) WHERE status = 'active'
      OR (status = 'paused' AND next_fetch_reason = 'asked for by an operator')`.execute(db);
}
