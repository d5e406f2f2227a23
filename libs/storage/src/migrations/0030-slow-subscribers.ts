/** Subscribers that take their time share a few places, so that the others need not wait for them. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE hub_subscriptions ADD COLUMN slow boolean NOT NULL DEFAULT false`.execute(db);
}
