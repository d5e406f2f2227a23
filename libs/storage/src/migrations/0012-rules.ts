/** Rules and dictionaries of the operators, what rules decided of items, and which version of an item an operator released. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE rules (
     id uuid PRIMARY KEY,
     name text NOT NULL UNIQUE,
     condition jsonb NOT NULL,
     actions jsonb NOT NULL,
     enabled boolean NOT NULL DEFAULT true,
     position integer NOT NULL,
     wide_regexes integer NOT NULL DEFAULT 0,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX rules_position ON rules (position, id)`,
  `CREATE TABLE dictionaries (
     id uuid PRIMARY KEY,
     name text NOT NULL UNIQUE,
     match_case boolean NOT NULL DEFAULT false,
     entries integer NOT NULL DEFAULT 0,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  // `key` is the phrase as it is compared.
  `CREATE TABLE dictionary_entries (
     dictionary_id uuid NOT NULL REFERENCES dictionaries(id) ON DELETE CASCADE,
     key text NOT NULL,
     scheme text NOT NULL CHECK (scheme IN ('topic', 'place', 'person', 'organisation', 'keyword')),
     slug text NOT NULL,
     phrase text NOT NULL,
     name text NOT NULL,
     PRIMARY KEY (dictionary_id, key, scheme, slug)
   )`,
  // Kept by item and not by story: items may move from one story to another, and take this with them.
  `CREATE TABLE rule_outcomes (
     item_id uuid PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
     version integer NOT NULL,
     rules jsonb NOT NULL,
     priority integer,
     routes text[] NOT NULL DEFAULT '{}',
     decided_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX rule_outcomes_routes ON rule_outcomes USING gin (routes) WHERE routes <> '{}'`,
  `ALTER TABLE items ADD COLUMN released_version integer NOT NULL DEFAULT 0`,
  `CREATE INDEX items_held ON items (id DESC) WHERE state = 'held'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
