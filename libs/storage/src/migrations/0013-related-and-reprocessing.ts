/** Related stories (clusters, what waits to be clustered, who clusters) and runs that process stored items again. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // Which event a story is on. `terms` (its packed words) only while later stories are still compared with it.
  `CREATE TABLE story_clusters (
     story_id uuid PRIMARY KEY REFERENCES stories(id) ON DELETE CASCADE,
     cluster_id uuid NOT NULL,
     published_at timestamptz NOT NULL,
     terms int[],
     nearest_story_id uuid,
     likeness real,
     words text[] NOT NULL DEFAULT '{}',
     added_at timestamptz NOT NULL DEFAULT now(),
     clustered_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX story_clusters_cluster ON story_clusters (cluster_id, published_at DESC)`,
  `CREATE INDEX story_clusters_window ON story_clusters (added_at, story_id) WHERE terms IS NOT NULL`,
  // Without a key that could conflict, writers of stories never wait for the clusterer; the same story twice is harmless.
  `CREATE TABLE story_cluster_queue (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     story_id uuid NOT NULL
   )`,
  // One row: who holds the window of stories in memory, and how often it was written. `version` moves with what readers see.
  `CREATE TABLE story_cluster_lane (
     only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
     holder uuid,
     lease_until timestamptz,
     generation bigint NOT NULL DEFAULT 0,
     version bigint NOT NULL DEFAULT 0
   )`,
  `INSERT INTO story_cluster_lane DEFAULT VALUES`,
  // Triggers, so that whoever writes a story (intake, operator, merge) cannot forget it: the same transaction, the same fate.
  `CREATE FUNCTION queue_new_stories_for_clustering() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO story_cluster_queue (story_id) SELECT id FROM fresh;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER stories_inserted_cluster AFTER INSERT ON stories REFERENCING NEW TABLE AS fresh
     FOR EACH STATEMENT EXECUTE FUNCTION queue_new_stories_for_clustering()`,
  `CREATE FUNCTION queue_changed_story_for_clustering() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO story_cluster_queue (story_id) VALUES (NEW.id);
     RETURN NULL;
   END $$`,
  // updated_at moves with material changes; comparing it spares reading two long texts.
  `CREATE TRIGGER stories_updated_cluster AFTER UPDATE OF title, updated_at, status, leading_item_id ON stories FOR EACH ROW
     WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.status IS DISTINCT FROM NEW.status
       OR OLD.updated_at IS DISTINCT FROM NEW.updated_at OR OLD.leading_item_id IS DISTINCT FROM NEW.leading_item_id)
     EXECUTE FUNCTION queue_changed_story_for_clustering()`,
  // What is here already is related too: the newest, as many as a window usually has.
  `INSERT INTO story_cluster_queue (story_id)
     SELECT id FROM (SELECT id, sort_at FROM stories WHERE status = 'published' ORDER BY sort_at DESC LIMIT 10000) s ORDER BY sort_at`,

  `CREATE TABLE reprocessing_runs (
     id uuid PRIMARY KEY,
     status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'stopped')),
     since timestamptz,
     until timestamptz NOT NULL,
     dry_run boolean NOT NULL DEFAULT false,
     requested_by text NOT NULL,
     cursor_item_id uuid NOT NULL,
     items_total bigint,
     items bigint NOT NULL DEFAULT 0,
     items_changed bigint NOT NULL DEFAULT 0,
     changes jsonb NOT NULL DEFAULT '{}',
     errors bigint NOT NULL DEFAULT 0,
     last_error text,
     examples jsonb NOT NULL DEFAULT '[]',
     tries integer NOT NULL DEFAULT 0,
     lease_token uuid,
     lease_until timestamptz,
     worked_at timestamptz,
     created_at timestamptz NOT NULL DEFAULT now(),
     started_at timestamptz,
     finished_at timestamptz
   )`,
  // One open run of each kind: two at once would do the same work twice.
  `CREATE UNIQUE INDEX reprocessing_runs_open ON reprocessing_runs (dry_run) WHERE status IN ('waiting', 'running')`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
