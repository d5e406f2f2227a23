/** Rights in force: stories that may not be shown yet, when each is looked at again, and partners whose rights changed. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // A withheld story was never shown: under embargo, or of partners that pass nothing on.
  `ALTER TABLE stories DROP CONSTRAINT stories_status_check`,
  `ALTER TABLE stories ADD CONSTRAINT stories_status_check
     CHECK (status IN ('published', 'withdrawn', 'merged', 'withheld'))`,
  // `excerpt_only`: searches find the summary, not the text. `rights_due_at`: when a copy's rights next change what is shown.
  `ALTER TABLE stories ADD COLUMN excerpt_only boolean NOT NULL DEFAULT false, ADD COLUMN rights_due_at timestamptz`,
  `CREATE INDEX stories_rights_due ON stories (rights_due_at) WHERE rights_due_at IS NOT NULL`,
  // Partners whose rights changed: their stories are gone through, the newest first; the place is kept here. The second pass
  // sees those that were being written by the former rights meanwhile.
  `CREATE TABLE rights_reviews (
     partner_id uuid PRIMARY KEY REFERENCES partners(id) ON DELETE CASCADE,
     asked_at timestamptz NOT NULL DEFAULT now(),
     pass smallint NOT NULL DEFAULT 1,
     not_before timestamptz NOT NULL DEFAULT now(),
     place_at timestamptz NOT NULL DEFAULT 'infinity',
     place_id uuid NOT NULL DEFAULT 'ffffffff-ffff-ffff-ffff-ffffffffffff'
   )`,
  // What was kept and not enforced until now is enforced on what is there already.
  `INSERT INTO rights_reviews (partner_id)
     SELECT id FROM partners WHERE rights ?| ARRAY['mayRepublish', 'excerptOnly', 'embargoMinutes', 'expiryDays']`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
