/** What partners' categories mean, as operators say; the classifier of topics with its versions. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE topic_mappings (
     id uuid PRIMARY KEY,
     partner_id uuid REFERENCES partners(id),
     category text NOT NULL,
     category_key text NOT NULL,
     topic_code text,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE NULLS NOT DISTINCT (partner_id, category_key)
   )`,
  // One row: counts the changes of topic_mappings, under its lock, so that no reader misses one.
  `CREATE TABLE topic_mapping_revision (
     revision bigint NOT NULL
   )`,
  `INSERT INTO topic_mapping_revision VALUES (0)`,
  // One row: what the classifier is to do next, and who trains it.
  `CREATE TABLE classifier_state (
     enabled boolean NOT NULL DEFAULT true,
     wanted_at timestamptz,
     next_look_at timestamptz NOT NULL DEFAULT now(),
     note text,
     noted_at timestamptz,
     lease_token uuid,
     lease_until timestamptz
   )`,
  `INSERT INTO classifier_state DEFAULT VALUES`,
  `CREATE TABLE classifier_versions (
     version integer PRIMARY KEY,
     status text NOT NULL CHECK (status IN ('active', 'refused', 'retired')),
     reason text NOT NULL,
     samples integer NOT NULL,
     trained_samples integer NOT NULL,
     tested_samples integer NOT NULL,
     newest_sample_at timestamptz,
     bar real NOT NULL,
     precision real,
     coverage real,
     topics jsonb NOT NULL,
     languages jsonb NOT NULL,
     model bytea,
     seconds real NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE UNIQUE INDEX classifier_versions_active ON classifier_versions (status) WHERE status = 'active'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
