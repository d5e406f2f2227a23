/** What rules and dictionaries say of an item's tags is kept with their other decisions: the copies of a story come and change one by one. */
import { type Kysely, sql } from 'kysely';

/** `tags` null: decided before this was kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE rule_outcomes ADD COLUMN tags text[], ADD COLUMN untagged text[] NOT NULL DEFAULT '{}'`.execute(
    db,
  );
}
