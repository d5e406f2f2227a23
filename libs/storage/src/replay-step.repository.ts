/** The publisher's side of replays: step by step, deliveries are made due again, no faster than asked and never many at once. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import { dueAgain } from './due-again.js';
import { freezeOutcomes } from './replay-outcomes.js';
import { canBeMadeDue, inSpan, isAskedFor, isOfTypes, type ReplaySelection, sentAgainBy } from './replay-selection.js';
import type { Schema } from './schema.js';
import { MAY_BE_TOLD } from './silenced-events.js';
import { uuidV7 } from './uuid.js';

/** `madeDue`: what the dispatcher finds now. `goOn`: another step can be taken at once. */
export interface ReplayStep {
  madeDue: number;
  goOn: boolean;
}

interface RunningReplay extends ReplaySelection {
  id: string;
  endpointId: string;
  targetId: string;
  cursor: string;
  isRead: boolean;
  ratePerMinute: number;
  /** Deliveries that its rate allows by now. */
  allowed: number;
  targetStatus: 'active' | 'paused' | 'disabled' | null;
  /** Why it must end: the endpoint, or its copy at the other address, is disabled or gone. */
  endReason: string | null;
}

/** What stands in the dispatcher's queue for a replay at once: two seconds' worth. News that happens now goes before it soon. */
const AT_ONCE = { seconds: 2, least: 10, most: 500 };
/** Deliveries looked at in a step: most of them are passed over when only failed ones are asked for. */
const LOOKED_AT = 2_000;
/** Of a delivery that a replay takes over. */
const WOULD_BE_TRIED = sql`CASE WHEN d.status = 'pending' THEN d.next_attempt_at END`;
const NOTHING: ReplayStep = { madeDue: 0, goOn: false };

@Injectable()
export class ReplayStepRepository {
  constructor(private readonly database: Database) {}

  /** Replays under way, the one that has waited longest first. */
  async running(limit: number): Promise<string[]> {
    const { rows } = await this.database.prepared(sql<{ id: string }>`
      SELECT id FROM replays WHERE status = 'running' ORDER BY paced_at LIMIT ${limit}`);
    return rows.map(({ id }) => id);
  }

  /**
   * One step of a replay, whole or not at all: deliveries, counts and cursor change together, so that whoever is killed
   * leaves nothing to mend. Does nothing while another process takes a step of it.
   */
  async step(id: string): Promise<ReplayStep> {
    return this.database.transaction(async (trx) => {
      const replay = await lock(trx, id);
      if (replay === undefined) return NOTHING;
      if (replay.endReason !== null) {
        await end(trx, replay, 'stopped', replay.endReason);
        if (replay.isElsewhere) await sql`DELETE FROM endpoints WHERE id = ${replay.targetId}`.execute(trx);
        return NOTHING;
      }
      const waiting = await countWaiting(trx, replay);
      if (replay.isRead) {
        if (waiting === 0) await end(trx, replay, 'done', null);
        return NOTHING;
      }
      const room = Math.min(replay.allowed, mostAtOnce(replay) - waiting);
      if (room <= 0 || replay.targetStatus === 'paused') return NOTHING;
      return take(trx, replay, room);
    });
  }

  /** Keeps the figures of replays that are over, and removes the copies of endpoints that nothing is sent to any more, or nothing may be. */
  async tidy(): Promise<void> {
    await this.database.transaction(async (trx) => {
      await freezeOutcomes(trx, null);
      await sql`DELETE FROM endpoints p USING endpoints o WHERE o.id = p.replay_of AND o.status = 'disabled'`.execute(
        trx,
      );
      await sql`
        DELETE FROM endpoints p WHERE p.replay_of IS NOT NULL AND p.created_at < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM replays r WHERE r.status = 'running' AND r.target_id = p.id)
          AND NOT EXISTS (SELECT FROM deliveries d WHERE d.endpoint_id = p.id AND d.status = 'pending')
          AND NOT EXISTS (SELECT FROM deliveries d WHERE d.endpoint_id = p.id AND d.status = 'delivering')`.execute(
        trx,
      );
    });
  }
}

async function lock(trx: Transaction<Schema>, id: string): Promise<RunningReplay | undefined> {
  const { rows } = await sql<RunningReplay>`
    SELECT r.id, r.endpoint_id AS "endpointId", r.target_id AS "targetId", r.since, r.until, r.only_failed AS "onlyFailed",
      r.types, r.url IS NOT NULL AS "isElsewhere", r.cursor_delivery_id AS cursor, r.is_read AS "isRead",
      r.rate_per_minute AS "ratePerMinute",
      floor(extract(epoch FROM now() - ${USED_UNTIL}) * r.rate_per_minute / 60.0)::int AS allowed,
      t.status AS "targetStatus", CASE WHEN o.status = 'disabled' THEN 'the endpoint is disabled: ' || coalesce(o.status_reason, 'disabled')
        WHEN t.status = 'disabled' THEN 'nothing more is sent to the other address: '
          || regexp_replace(coalesce(t.status_reason, 'disabled'), ': the endpoint is disabled$', '')
        WHEN t.id IS NULL THEN 'the endpoint was removed' END AS "endReason"
    FROM replays r LEFT JOIN endpoints t ON t.id = r.target_id LEFT JOIN endpoints o ON o.id = r.endpoint_id
    WHERE r.id = ${id} AND r.status = 'running' FOR UPDATE OF r SKIP LOCKED`.execute(trx);
  return rows[0];
}

/** What was not used is kept for a second, or until one delivery fits: after a pause there is no rush. */
const USED_UNTIL = sql`greatest(r.paced_at, now() - make_interval(secs => greatest(1, 60.0 / r.rate_per_minute)))`;

function mostAtOnce({ ratePerMinute }: RunningReplay): number {
  return Math.max(AT_ONCE.least, Math.min(AT_ONCE.most, Math.ceil((ratePerMinute / 60) * AT_ONCE.seconds)));
}

/** Those that are due or being sent; what waits for its next attempt after a failure holds up nobody. */
async function countWaiting(trx: Transaction<Schema>, replay: RunningReplay): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    SELECT (SELECT count(*) FROM deliveries d WHERE d.replay_id = ${replay.id} AND d.status = 'delivering')
      + (SELECT count(*) FROM (SELECT FROM deliveries d WHERE d.replay_id = ${replay.id} AND d.status = 'pending'
          AND d.next_attempt_at <= now() LIMIT ${AT_ONCE.most}) due) AS waiting`.execute(trx);
  return rows[0]?.waiting ?? 0;
}

async function take(trx: Transaction<Schema>, replay: RunningReplay, room: number): Promise<ReplayStep> {
  const looked = replay.onlyFailed || replay.types !== null ? LOOKED_AT : Math.max(100, room);
  const { rows: seen } = await sql<{ id: string; eventId: string; fits: boolean }>`
    SELECT d.id, d.event_id AS "eventId", ${isAskedFor(replay)} AND ${isOfTypes(replay)} AS fits
    FROM (SELECT * FROM deliveries d WHERE d.endpoint_id = ${replay.endpointId} AND d.id > ${replay.cursor}
            AND ${inSpan(replay)} ORDER BY d.id LIMIT ${looked}) d
    JOIN events e ON e.id = d.event_id ORDER BY d.id`.execute(trx);
  const fitting = seen.filter(({ fits }) => fits);
  const chosen = fitting.slice(0, room);
  const isCut = fitting.length > room;
  const eventIds = chosen.map(({ eventId }) => eventId);
  const loud = await holdLoudEvents(trx, eventIds);
  const madeDue = loud.length === 0 ? 0 : await makeDue(trx, replay, loud);
  const cursor = (isCut ? chosen : seen).at(-1)?.id ?? replay.cursor;
  // Rows whose event is gone are not in `seen`: only nothing at all is the end.
  const isRead = seen.length === 0;
  await sql`
    UPDATE replays r SET cursor_delivery_id = ${cursor}, is_read = ${isRead}, made_due = made_due + ${madeDue},
      left_out = left_out + ${chosen.length - loud.length}, under_way = under_way + ${loud.length - madeDue},
      paced_at = ${USED_UNTIL} + make_interval(secs => 60.0 * ${madeDue}::int / r.rate_per_minute)
    WHERE r.id = ${replay.id}`.execute(trx);
  return { madeDue, goOn: !isCut && !isRead };
}

/**
 * Those of the events that may still be passed on, held as they are until the step is written: who silences them comes
 * before, and they are left out, or after, and finds their deliveries waiting.
 */
async function holdLoudEvents(trx: Transaction<Schema>, eventIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM events e WHERE id = ANY(${eventIds}::uuid[]) AND ${MAY_BE_TOLD} ORDER BY id FOR SHARE OF e`.execute(
    trx,
  );
  return rows.map(({ id }) => id);
}

async function makeDue(trx: Transaction<Schema>, replay: RunningReplay, eventIds: string[]): Promise<number> {
  const reason = sentAgainBy(replay.id);
  const { rows } = await (
    replay.isElsewhere
      ? sql`
      INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, status_reason,
        next_attempt_at, created_at, replay_id)
      SELECT d.event_id, ${replay.targetId}, n.id, d.webhook_id, d.event_seq, d.correlation_id, 'pending', ${reason},
        now(), now(), ${replay.id}
      FROM unnest(${eventIds}::uuid[], ${eventIds.map(() => uuidV7())}::uuid[]) AS n(event_id, id)
      JOIN deliveries d ON d.event_id = n.event_id AND d.endpoint_id = ${replay.endpointId}
      ORDER BY d.event_id
      ON CONFLICT (event_id, endpoint_id) DO NOTHING RETURNING id`
      : sql`
      WITH free AS MATERIALIZED (
        SELECT d.event_id FROM deliveries d
        WHERE d.event_id = ANY(${eventIds}::uuid[]) AND d.endpoint_id = ${replay.endpointId} AND ${canBeMadeDue(replay)}
        ORDER BY d.event_id FOR UPDATE)
      UPDATE deliveries d SET ${dueAgain(reason, WOULD_BE_TRIED)}, replay_id = ${replay.id}
      FROM free WHERE d.event_id = free.event_id AND d.endpoint_id = ${replay.endpointId} RETURNING d.id`
  ).execute(trx);
  return rows.length;
}

async function end(
  trx: Transaction<Schema>,
  { id }: RunningReplay,
  status: 'done' | 'stopped',
  reason: string | null,
): Promise<void> {
  await sql`UPDATE replays SET status = ${status}, status_reason = ${reason}, finished_at = now() WHERE id = ${id}`.execute(
    trx,
  );
}
