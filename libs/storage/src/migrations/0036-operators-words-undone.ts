/** What an operator said is kept so that it can be undone: the state that a take-down ended, and which item was chosen to lead. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE items ADD COLUMN before_withdrawal jsonb`,
  // Put back outside a story they were called received, but no batch was left and no version to process.
  `WITH stuck AS (
     UPDATE items i SET processed_version = version - 1
      WHERE i.id IN (SELECT a.item_id FROM story_actions a WHERE a.item_id IS NOT NULL)
        AND i.state = 'received' AND i.processed_version >= i.version AND i.withdrawn_at IS NULL
     RETURNING i.fetch_id, i.correlation_id)
   INSERT INTO item_batches (fetch_id, correlation_id, enqueued_at)
     SELECT DISTINCT ON (fetch_id) fetch_id, correlation_id, now() - interval '1 minute' FROM stuck
   ON CONFLICT (fetch_id) DO NOTHING`,
  // An operator's choice is an item's, not that of whatever leads in its stead: the last that was asked for and not undone.
  `ALTER TABLE stories ADD COLUMN pinned_item_id uuid`,
  `UPDATE stories s SET pinned_item_id = coalesce((
     SELECT (a.request->>'itemId')::uuid FROM story_actions a
      WHERE a.story_id = s.id AND a.kind = 'lead' AND a.status = 'done' AND a.undone_by IS NULL
      ORDER BY a.id DESC LIMIT 1), s.leading_item_id)
    WHERE s.lead_pinned`,
  `ALTER TABLE stories DROP COLUMN lead_pinned`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
