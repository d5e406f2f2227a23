/** What stands between a due delivery and its attempt: a circuit breaker and a rate an endpoint, and order where it is promised. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `ALTER TABLE endpoints
     ADD COLUMN failures_in_row integer NOT NULL DEFAULT 0,
     ADD COLUMN last_failure text,
     ADD COLUMN circuit_until timestamptz,
     ADD COLUMN circuit_openings integer NOT NULL DEFAULT 0,
     ADD COLUMN slow_until timestamptz,
     ADD COLUMN rate_tokens double precision,
     ADD COLUMN rate_at timestamptz`,
  // An ordered endpoint's next delivery, however many wait behind it. An entry is made when a delivery is, not when it goes out.
  `CREATE INDEX deliveries_in_order ON deliveries (endpoint_id, event_seq) WHERE status = 'pending'`,
  // Nothing may overtake an event whose deliveries are not made yet.
  `CREATE INDEX events_unfanned ON events (seq) WHERE seq IS NOT NULL AND fanned_out_at IS NULL`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
