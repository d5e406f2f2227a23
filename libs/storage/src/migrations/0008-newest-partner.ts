/** The publisher asks several times a second whether any partner was renamed: that must not read all of them. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX partners_updated ON partners (updated_at)`.execute(db);
}
