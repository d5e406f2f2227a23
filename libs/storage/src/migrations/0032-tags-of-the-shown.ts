/** The tags of copies that rights hide are not the story's: the stories of partners with such rights are looked at once more. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    INSERT INTO rights_reviews (partner_id)
      SELECT id FROM partners WHERE rights ?| ARRAY['mayRepublish', 'embargoMinutes', 'expiryDays']
    ON CONFLICT (partner_id) DO NOTHING`.execute(db);
}
