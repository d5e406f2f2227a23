/** Imports of feed lists with a report a line, and where a feed that was found by its page comes from. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `ALTER TABLE feeds ADD COLUMN discovered_from text`,
  // Both go by the week in which the import began: a report of a million lines is not kept for ever.
  `CREATE TABLE imports (
     id uuid NOT NULL PRIMARY KEY,
     status text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted')),
     title text,
     error text,
     bytes_total bigint NOT NULL,
     bytes_read bigint NOT NULL DEFAULT 0,
     added integer NOT NULL DEFAULT 0,
     already_here integer NOT NULL DEFAULT 0,
     failed integer NOT NULL DEFAULT 0,
     started_at timestamptz NOT NULL DEFAULT now(),
     progress_at timestamptz NOT NULL DEFAULT now(),
     finished_at timestamptz
   ) PARTITION BY RANGE (id)`,
  `CREATE TABLE import_lines (
     import_id uuid NOT NULL,
     position integer NOT NULL,
     line integer NOT NULL,
     outcome text NOT NULL CHECK (outcome IN ('added', 'already-here', 'failed')),
     url text,
     title text,
     feed_id uuid,
     reason text,
     PRIMARY KEY (import_id, position)
   ) PARTITION BY RANGE (import_id)`,
  `CREATE INDEX import_lines_outcome ON import_lines (import_id, outcome, position)`,
  // An import looks for the partner of a site that an import before it made.
  `CREATE INDEX partners_imported_site ON partners (lower(site_url)) WHERE NOT named_by_operator`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
  for (const table of ['imports', 'import_lines']) {
    await sql.raw(`CREATE TABLE ${table}_rest PARTITION OF ${table} DEFAULT`).execute(db);
    await sql`SELECT ensure_week_partitions(${table}, now(), now() + interval '4 weeks')`.execute(db);
  }
}
