/** The end of the demo is looked for at every start: it must not read every story for that. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX stories_demo ON stories (id) WHERE is_demo AND status = 'published'`.execute(db);
}
