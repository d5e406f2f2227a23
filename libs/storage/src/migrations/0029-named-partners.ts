/** A partner all of whose copies of a story are hidden by its rights is not named as one who carries it. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE story_partners ADD COLUMN named boolean NOT NULL DEFAULT true`.execute(db);
  // Theirs were named so far; the reviews say who is not.
  await sql`
    INSERT INTO rights_reviews (partner_id)
      SELECT id FROM partners WHERE rights ?| ARRAY['mayRepublish', 'embargoMinutes', 'expiryDays']
    ON CONFLICT (partner_id) DO NOTHING`.execute(db);
}
