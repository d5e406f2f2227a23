/** Hosts that asked to be left alone for years (Retry-After) are asked again after three days, as their feeds are. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`UPDATE host_slots SET closed_until = now() + interval '3 days' WHERE closed_until > now() + interval '3 days'`.execute(
    db,
  );
}
