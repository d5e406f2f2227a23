/** Feeds lose their leases: the generation of a claim is what lets a fetch write its outcome. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE feeds DROP COLUMN lease_token, DROP COLUMN lease_until`.execute(db);
}
