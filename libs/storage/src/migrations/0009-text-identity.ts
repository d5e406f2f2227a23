/** One story from many copies: sketches of texts, how an item stands to its story, chunks that take turns, what texts have in common. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // How much two arrays have in common, ten times as fast as by unnesting them. Its && hides the one that the index below knows.
  `CREATE EXTENSION IF NOT EXISTS intarray`,
  // 'duplicate' is shown as what it copies, 'derived' is linked: an update, a version, an extract with other figures.
  `ALTER TABLE story_items ADD COLUMN relation text NOT NULL DEFAULT 'duplicate'
     CHECK (relation IN ('original', 'duplicate', 'derived'))`,
  `UPDATE story_items SET relation = 'original' WHERE rule = 'first'`,
  // By week of the item's id. Hashes (4 bytes each, little-endian) are for the processor alone and do not compress.
  `CREATE TABLE item_sketches (
     item_id uuid NOT NULL PRIMARY KEY,
     partner_id uuid NOT NULL,
     at timestamptz NOT NULL,
     title text NOT NULL,
     words integer NOT NULL,
     fingerprints integer[] NOT NULL,
     shingles bytea NOT NULL,
     numbers bytea NOT NULL
   ) PARTITION BY RANGE (item_id)`,
  `ALTER TABLE item_sketches ALTER COLUMN shingles SET STORAGE EXTERNAL`,
  // Without a list of pending entries a look-up costs the same after every insert.
  `CREATE INDEX item_sketches_fingerprints ON item_sketches USING gin (fingerprints) WITH (fastupdate = off)`,
  `CREATE TABLE item_sketches_rest PARTITION OF item_sketches DEFAULT`,
  `SELECT ensure_week_partitions('item_sketches', now() - interval '3 weeks', now() + interval '4 weeks')`,
  // Chunks under way and what they are about (docs/adr/0011-chunks-take-turns.md). A crash of the server ends them all.
  `CREATE UNLOGGED TABLE identity_announcements (
     ticket bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     marks bytea NOT NULL,
     at timestamptz NOT NULL DEFAULT clock_timestamp()
   )`,
  // The lock is held from before the ticket is drawn until it is committed: whoever draws a later one sees this one.
  `CREATE FUNCTION announce_identities(own_marks bytea) RETURNS TABLE (ticket bigint, marks bytea)
   LANGUAGE plpgsql AS $$
   DECLARE own bigint;
   BEGIN
     PERFORM pg_advisory_xact_lock(7301, 0);
     DELETE FROM identity_announcements a WHERE a.ticket IN (
       SELECT o.ticket FROM identity_announcements o WHERE o.at < clock_timestamp() - interval '5 minutes'
          FOR UPDATE SKIP LOCKED);
     INSERT INTO identity_announcements (marks) VALUES (own_marks) RETURNING identity_announcements.ticket INTO own;
     RETURN QUERY SELECT own, NULL::bytea UNION ALL SELECT a.ticket, a.marks FROM identity_announcements a WHERE a.ticket < own;
   END $$`,
  // Counters of hashed shingles (uint16, little-endian), in slices; \`texts\` is the same in all of them.
  `CREATE TABLE shingle_frequencies (
     slice integer PRIMARY KEY,
     counts bytea NOT NULL,
     texts bigint NOT NULL
   )`,
  // Per partner: how many of its items hold a sentence (by its hash). What many of them hold is boilerplate.
  `CREATE TABLE partner_sentences (
     partner_id uuid PRIMARY KEY,
     items integer NOT NULL,
     sentences jsonb NOT NULL
   )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
