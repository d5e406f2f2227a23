/** What became of the deliveries that replays sent again: counted from the deliveries, until a replay keeps its figures for good. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ReplayOutcome, Schema } from './schema.js';

const NOTHING: ReplayOutcome = { waiting: 0, delivered: 0, failed: 0, cancelled: 0, retrying: 0 };

/** Waits for its next attempt after a failure. */
const RETRYING = sql<boolean>`d.status = 'pending' AND d.attempts > 0`;

/** Answers the outcome as it is now of each of `ids`. */
export async function liveOutcomes(db: Kysely<Schema>, ids: string[]): Promise<(id: string) => ReplayOutcome> {
  if (ids.length === 0) return () => NOTHING;
  const { rows } = await sql<ReplayOutcome & { id: string }>`
    SELECT d.replay_id AS id,
      count(*) FILTER (WHERE d.status IN ('pending', 'delivering') AND NOT (${RETRYING}))::int AS waiting,
      count(*) FILTER (WHERE d.status = 'delivered')::int AS delivered,
      count(*) FILTER (WHERE d.status = 'failed')::int AS failed,
      count(*) FILTER (WHERE d.status = 'cancelled')::int AS cancelled,
      count(*) FILTER (WHERE ${RETRYING})::int AS retrying
    FROM deliveries d WHERE d.replay_id = ANY(${ids}::uuid[]) GROUP BY d.replay_id`.execute(db);
  const byId = new Map(rows.map(({ id, ...outcome }) => [id, outcome]));
  return (id) => byId.get(id) ?? NOTHING;
}

/** Writes down what the endpoint's replays that are over have come to; of all endpoints' those of which nothing waits any more. */
export async function freezeOutcomes(trx: Transaction<Schema>, endpointId: string | null): Promise<void> {
  const { rows: over } = await sql<{ id: string }>`
    SELECT r.id FROM replays r WHERE r.status <> 'running' AND r.outcome IS NULL
      AND (r.endpoint_id = ${endpointId}::uuid OR NOT EXISTS (
        SELECT FROM deliveries d WHERE d.replay_id = r.id AND d.status IN ('pending', 'delivering')))
    ORDER BY r.id LIMIT 100 FOR UPDATE SKIP LOCKED`.execute(trx);
  if (over.length === 0) return;
  const outcome = await liveOutcomes(
    trx,
    over.map(({ id }) => id),
  );
  await sql`
    UPDATE replays r SET outcome = o.outcome
    FROM jsonb_to_recordset(${JSON.stringify(over.map(({ id }) => ({ id, outcome: outcome(id) })))}::jsonb) AS o(id uuid, outcome jsonb)
    WHERE r.id = o.id`.execute(trx);
}
