/** What an operator does to items is undone to what was: the state that a take-down ended is kept, and items that it left stuck go on. */
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
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
