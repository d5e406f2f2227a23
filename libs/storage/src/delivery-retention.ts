/** From when on deliveries are there: weeks past retention are dropped whole. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.js';

/** Where the oldest week begins whose deliveries are kept; null while none was ever made. */
export async function deliveriesKeptSince(db: Kysely<Schema>): Promise<Date | null> {
  const { rows } = await sql<{ since: Date | null }>`
    SELECT to_date(min(right(c.relname, 8)), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS since FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'deliveries'::regclass AND c.relname ~ '_[0-9]{8}$'`.execute(db);
  return rows[0]?.since ?? null;
}
