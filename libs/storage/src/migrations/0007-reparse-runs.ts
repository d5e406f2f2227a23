/** Reading stored documents again: runs with their progress, the items that a run has decided, documents by feed. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE reparse_runs (
     id uuid PRIMARY KEY,
     status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'stopped')),
     feed_id uuid,
     partner_id uuid,
     since timestamptz,
     until timestamptz,
     dry_run boolean NOT NULL DEFAULT false,
     requested_by text NOT NULL,
     cursor_feed_id uuid,
     cursor_document_id uuid,
     newest_document_id uuid,
     documents_total bigint,
     documents bigint NOT NULL DEFAULT 0,
     items_seen bigint NOT NULL DEFAULT 0,
     items_new bigint NOT NULL DEFAULT 0,
     items_changed bigint NOT NULL DEFAULT 0,
     items_blocked bigint NOT NULL DEFAULT 0,
     errors bigint NOT NULL DEFAULT 0,
     last_error text,
     examples jsonb NOT NULL DEFAULT '[]',
     tries integer NOT NULL DEFAULT 0,
     lease_token uuid,
     lease_until timestamptz,
     worked_at timestamptz,
     created_at timestamptz NOT NULL DEFAULT now(),
     started_at timestamptz,
     finished_at timestamptz,
     CHECK (feed_id IS NULL OR partner_id IS NULL)
   )`,
  // One open run for each selection: asking twice is asking once.
  `CREATE UNIQUE INDEX reparse_runs_open ON reparse_runs (coalesce(feed_id, partner_id, '00000000-0000-0000-0000-000000000000'), dry_run)
     WHERE status IN ('waiting', 'running')`,
  // Which document of the feed under way is the newest that holds an item. Emptied with each feed.
  `CREATE TABLE reparse_held (
     run_id uuid NOT NULL REFERENCES reparse_runs(id) ON DELETE CASCADE,
     identity_key text NOT NULL,
     document_id uuid NOT NULL,
     PRIMARY KEY (run_id, identity_key)
   )`,
  `CREATE INDEX documents_feed ON documents (feed_id, id DESC)`,
  // A document that was read again with a different result is in the log beside the polls.
  `ALTER TABLE fetches DROP CONSTRAINT fetches_kind_check`,
  `ALTER TABLE fetches ADD CONSTRAINT fetches_kind_check CHECK (kind IN ('poll', 'refresh', 'push', 'reparse'))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
