/** Deliveries are sent again in numbers: what of, where to, how far it is. */
import { type Kysely, sql } from 'kysely';

const statements = [
  // A copy of an endpoint at another address, for as long as a replay sends there. Nobody but its replay knows it.
  `ALTER TABLE endpoints ADD COLUMN replay_of uuid REFERENCES endpoints(id) ON DELETE CASCADE`,
  `CREATE INDEX endpoints_replay_of ON endpoints (replay_of) WHERE replay_of IS NOT NULL`,
  `CREATE TABLE replays (
     id uuid PRIMARY KEY,
     endpoint_id uuid NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
     target_id uuid NOT NULL,
     url text,
     status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'stopped')),
     status_reason text,
     since timestamptz NOT NULL,
     until timestamptz NOT NULL,
     nothing_before timestamptz,
     only_failed boolean NOT NULL,
     types text[],
     rate_per_minute integer NOT NULL CHECK (rate_per_minute > 0),
     requested_by text NOT NULL,
     total integer NOT NULL,
     total_is_floor boolean NOT NULL,
     cursor_delivery_id uuid NOT NULL,
     is_read boolean NOT NULL DEFAULT false,
     paced_at timestamptz NOT NULL,
     made_due integer NOT NULL DEFAULT 0,
     left_out integer NOT NULL DEFAULT 0,
     under_way integer NOT NULL DEFAULT 0,
     outcome jsonb,
     created_at timestamptz NOT NULL DEFAULT now(),
     finished_at timestamptz
   )`,
  `CREATE UNIQUE INDEX replays_running ON replays (endpoint_id) WHERE status = 'running'`,
  `CREATE INDEX replays_endpoint ON replays (endpoint_id, id DESC)`,
  `CREATE INDEX replays_uncounted ON replays (id) WHERE status <> 'running' AND outcome IS NULL`,
  // The newest replay that sent a delivery. Few rows have one, so the index costs the others nothing.
  `ALTER TABLE deliveries ADD COLUMN replay_id uuid`,
  `CREATE INDEX deliveries_replay ON deliveries (replay_id, status, next_attempt_at) WHERE replay_id IS NOT NULL`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
