/** What polite polling needs to remember: hosts and their budgets, the facts behind "why next at T", redirects on probation. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `ALTER TABLE feeds
     -- With the port where it is not the scheme's own. URLs are stored as the URL standard writes them, in lower case.
     ADD COLUMN host text NOT NULL GENERATED ALWAYS AS (coalesce(substring(url FROM '://(?:[^/?#]*@)?([^/?#]+)'), '')) STORED,
     ADD COLUMN has_host_slot boolean NOT NULL DEFAULT false,
     ADD COLUMN item_spacing_seconds integer,
     ADD COLUMN newest_item_at timestamptz,
     ADD COLUMN answer_facts jsonb,
     ADD COLUMN push_until timestamptz,
     ADD COLUMN moved_to text,
     ADD COLUMN moved_since timestamptz,
     ADD COLUMN moved_fetches integer NOT NULL DEFAULT 0,
     ADD COLUMN moved_note text,
     ADD COLUMN former_url text`,
  `CREATE TABLE host_budgets (
     host text PRIMARY KEY,
     requests_per_minute integer NOT NULL CHECK (requests_per_minute >= 0),
     connections integer NOT NULL CHECK (connections >= 1),
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  // How far each host's budget is spent: one small row for each host that was ever polled under a limit.
  `CREATE TABLE host_slots (
     host text PRIMARY KEY,
     free_at timestamptz NOT NULL,
     closed_until timestamptz NOT NULL DEFAULT '-infinity'
   ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
