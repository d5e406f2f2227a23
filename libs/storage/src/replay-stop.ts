/** How a replay is stopped: what becomes of each of its deliveries that has not ended. In batches, since it may have sent a million. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { sentAgainBy } from './replay-selection.js';
import type { Schema } from './schema.js';
import { SILENCED_WHILE_SENT } from './silenced-events.js';

/** `by`: who stops it, for the record. */
interface ReplayToStop {
  endpointId: string;
  id: string;
  by: string;
}

/** Deliveries that one statement changes. */
const CHANGED_AT_ONCE = 2_000;

/**
 * Ends a replay: nothing more is made due, and what waits for another attempt is cancelled, also of one that was done. What is in
 * flight or due for the first time has that one attempt. What waited for one before the replay took it over goes on waiting, by its own schedule. Of one
 * to another address nothing more is sent at all: all that waits there is cancelled. `status_reason` says how many. One that
 * is over, and of which nothing waits, stays as it is. False when there is none.
 */
export async function stopReplay(db: Kysely<Schema>, { endpointId, id, by }: ReplayToStop): Promise<boolean> {
  const { rows } = await sql<{ isElsewhere: boolean; isCounted: boolean }>`
    WITH stopped AS (
      UPDATE replays SET status = 'stopped', status_reason = ${`stopped by ${by}`}, finished_at = now()
       WHERE id = ${id} AND endpoint_id = ${endpointId} AND status = 'running')
    SELECT url IS NOT NULL AS "isElsewhere", outcome IS NOT NULL AS "isCounted" FROM replays WHERE id = ${id} AND endpoint_id = ${endpointId}`.execute(
    db,
  );
  const [replay] = rows;
  if (replay === undefined) return false;
  const reason = `replay ${id} was stopped by ${by}`;
  const cancelled = replay.isElsewhere ? await endCopy(db, id, reason) : await endTakenOver(db, id, reason);
  if (cancelled > 0)
    await sql`
      UPDATE replays SET status = 'stopped', finished_at = coalesce(finished_at, now()),
        status_reason = ${`stopped by ${by}; cancelled what waited: ${cancelled}`},
        outcome = CASE WHEN ${replay.isCounted} THEN outcome || jsonb_build_object('retrying', greatest(0, (outcome ->> 'retrying')::int - ${cancelled}::int),
          'cancelled', (outcome ->> 'cancelled')::int + ${cancelled}::int) ELSE outcome END
      WHERE id = ${id}`.execute(db);
  return true;
}

/** The copy first: what it waits for is not handed out meanwhile. Answers how many were cancelled. */
async function endCopy(db: Kysely<Schema>, id: string, reason: string): Promise<number> {
  await sql`DELETE FROM endpoints p USING replays r WHERE r.id = ${id} AND p.id = r.target_id AND p.replay_of IS NOT NULL`.execute(
    db,
  );
  return inBatches(db, cancelWaiting(id, sql`true`, reason));
}

async function endTakenOver(db: Kysely<Schema>, id: string, reason: string): Promise<number> {
  const waitingAgain = cancelWaiting(id, sql`attempts > 0 AND own_next_attempt_at IS NULL`, reason);
  await inBatches(db, giveBack(id));
  const before = await inBatches(db, waitingAgain);
  await inBatches(db, markLastAttempts(id, reason));
  // What was in flight before it was marked, and failed, waits now.
  return before + (await inBatches(db, waitingAgain));
}

/** What was not tried since the replay took it over is due when it was before; what was goes on from there. */
function giveBack(id: string): RawBuilder<unknown> {
  return sql`
    WITH taken AS MATERIALIZED (
      SELECT event_id, endpoint_id FROM deliveries WHERE replay_id = ${id} AND status = 'pending'
        AND own_next_attempt_at IS NOT NULL AND status_reason = ${sentAgainBy(id)}
      LIMIT ${CHANGED_AT_ONCE} FOR UPDATE SKIP LOCKED)
    UPDATE deliveries d SET next_attempt_at = d.own_next_attempt_at,
      status_reason = ${`waits for its next attempt, as before replay ${id}`}
    FROM taken t WHERE d.event_id = t.event_id AND d.endpoint_id = t.endpoint_id`;
}

/** What somebody takes up at this moment is passed over. */
function cancelWaiting(id: string, which: RawBuilder<unknown>, reason: string): RawBuilder<unknown> {
  return sql`
    WITH waiting AS MATERIALIZED (
      SELECT event_id, endpoint_id FROM deliveries WHERE replay_id = ${id} AND status = 'pending' AND (${which})
      LIMIT ${CHANGED_AT_ONCE} FOR UPDATE SKIP LOCKED)
    UPDATE deliveries d SET status = 'cancelled', status_reason = ${reason}, finished_at = now()
    FROM waiting w WHERE d.event_id = w.event_id AND d.endpoint_id = w.endpoint_id`;
}

/** What is still open and only the replay wants sent is not tried again once its attempt fails (`SILENCED_WHILE_SENT`). Waits for who holds a row. */
function markLastAttempts(id: string, reason: string): RawBuilder<unknown> {
  return sql`
    WITH open AS MATERIALIZED (
      SELECT event_id, endpoint_id FROM deliveries d WHERE replay_id = ${id} AND status IN ('pending', 'delivering')
        AND own_next_attempt_at IS NULL AND NOT ${SILENCED_WHILE_SENT}
      ORDER BY event_id, endpoint_id LIMIT ${CHANGED_AT_ONCE} FOR NO KEY UPDATE)
    UPDATE deliveries d SET status_reason = ${reason}
    FROM open o WHERE d.event_id = o.event_id AND d.endpoint_id = o.endpoint_id`;
}

/** Repeats a change until it finds nothing more. Answers how many rows it changed. */
async function inBatches(db: Kysely<Schema>, change: RawBuilder<unknown>): Promise<number> {
  let changed = 0;
  for (;;) {
    const { numAffectedRows = 0n } = await change.execute(db);
    if (numAffectedRows === 0n) return changed;
    changed += Number(numAffectedRows);
  }
}
