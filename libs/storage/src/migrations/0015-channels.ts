/** Channels say more of themselves, are filled in steps, keep their old addresses, and notice stories that change without an event. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // `words`: what the filter's lists of words ask of a story's search vector; null when they ask nothing.
  // `filling_at`, `filling_id`: a filter is being applied to the stories older than this one; null when it is done.
  `ALTER TABLE channels
     ADD COLUMN image_url text,
     ADD COLUMN sort_order text NOT NULL DEFAULT 'newest' CHECK (sort_order IN ('newest', 'updated')),
     ADD COLUMN size integer NOT NULL DEFAULT 50 CHECK (size BETWEEN 1 AND 200),
     ADD COLUMN full_text boolean NOT NULL DEFAULT true,
     ADD COLUMN words tsquery,
     ADD COLUMN filling_at timestamptz,
     ADD COLUMN filling_id uuid`,
  // Channels were filled with their newest thousand stories only: the publisher goes through the rest.
  `UPDATE channels SET filling_at = 'infinity', filling_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'`,
  // Addresses that channels had before: they redirect for as long as the channel is there, and nobody else gets them.
  `CREATE TABLE channel_slugs (
     slug text PRIMARY KEY,
     channel_id uuid NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
     left_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX channel_slugs_channel ON channel_slugs (channel_id)`,
  // Stories whose partners changed without an event: their channels are decided again.
  `CREATE TABLE channel_rechecks (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     story_id uuid NOT NULL
   )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
