/** Stories are merged, parted, withdrawn and led anew: what was asked, by whom, what became of it, and what must stay apart. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // An item that its partner took back stays in its story's history, but leads, tags and counts no more.
  `ALTER TABLE items ADD COLUMN withdrawn_at timestamptz, ADD COLUMN withdrawn_reason text`,
  // A story that is no longer published is the tombstone of its guid: its id and permalink are never given again.
  `ALTER TABLE stories ADD COLUMN lead_pinned boolean NOT NULL DEFAULT false,
     ADD COLUMN gone_at timestamptz, ADD COLUMN gone_reason text`,
  `CREATE INDEX stories_gone ON stories (gone_at DESC) WHERE gone_at IS NOT NULL`,
  `CREATE INDEX stories_merged_into ON stories (merged_into) WHERE merged_into IS NOT NULL`,
  // Every change of a story that is not a partner's copy: the queue of what waits and the record of what was done.
  `CREATE TABLE story_actions (
     id uuid PRIMARY KEY,
     kind text NOT NULL,
     story_id uuid REFERENCES stories(id),
     item_id uuid REFERENCES items(id),
     actor text NOT NULL,
     reason text,
     request jsonb NOT NULL,
     status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'refused')),
     outcome text,
     before jsonb,
     after jsonb,
     undoes uuid REFERENCES story_actions(id),
     undone_by uuid REFERENCES story_actions(id),
     tries integer NOT NULL DEFAULT 0,
     next_try_at timestamptz NOT NULL DEFAULT now(),
     created_at timestamptz NOT NULL DEFAULT now(),
     done_at timestamptz
   )`,
  `CREATE INDEX story_actions_waiting ON story_actions (next_try_at) WHERE status = 'waiting'`,
  `CREATE INDEX story_actions_story ON story_actions (story_id, id DESC)`,
  `CREATE INDEX story_actions_item ON story_actions (item_id) WHERE item_id IS NOT NULL`,
  // Items on different sides of one separation must never be in one story again, unless an operator says so.
  `CREATE TABLE story_separations (
     separation_id uuid NOT NULL,
     side smallint NOT NULL CHECK (side IN (0, 1)),
     item_id uuid NOT NULL REFERENCES items(id),
     PRIMARY KEY (separation_id, item_id)
   )`,
  `CREATE INDEX story_separations_item ON story_separations (item_id)`,
  // Tags that an operator took from a story; nothing but an operator gives them back.
  `CREATE TABLE story_tags_refused (
     story_id uuid NOT NULL REFERENCES stories(id),
     tag_id uuid NOT NULL REFERENCES tags(id),
     PRIMARY KEY (story_id, tag_id)
   )`,
  // A version keeps all that it showed. Null where an older processor wrote it.
  `ALTER TABLE story_versions ADD COLUMN summary text, ADD COLUMN body_text text, ADD COLUMN language text,
     ADD COLUMN source_name text, ADD COLUMN rights text, ADD COLUMN image jsonb, ADD COLUMN media jsonb,
     ADD COLUMN tags jsonb, ADD COLUMN partners jsonb`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
