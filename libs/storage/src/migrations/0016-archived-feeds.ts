/** Feeds that can be read to their end: months closed for ever, and what has left a channel or was corrected since. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // A closed part of a month of a feed: its entries as they were when it was closed. Rows are never updated.
  `CREATE TABLE feed_archives (
     topic text NOT NULL,
     month date NOT NULL,
     part integer NOT NULL,
     entries jsonb NOT NULL,
     -- The story that the next part begins after; null in a month's last part.
     next_story uuid,
     -- The month before that has stories, where this is a month's last part; null when there is none.
     previous_month date,
     closed_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (topic, month, part)
   )`,
  // channel_stories forgets a withdrawn story at once; subscribers still have to hear of it.
  `CREATE TABLE channel_departures (
     channel_id uuid NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
     story_id uuid NOT NULL REFERENCES stories(id),
     left_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (channel_id, story_id)
   )`,
  `CREATE INDEX channel_departures_story ON channel_departures (story_id)`,
  `CREATE INDEX stories_corrected ON stories (updated_at DESC, id DESC) WHERE status = 'published' AND version > 1`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
