/** Of a short text an excerpt was the whole of it: the stories of partners who allow excerpts only are looked at once more. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    INSERT INTO rights_reviews (partner_id) SELECT id FROM partners WHERE rights->>'excerptOnly' = 'true'
    ON CONFLICT (partner_id) DO NOTHING`.execute(db);
}
