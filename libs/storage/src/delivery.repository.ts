/** What operators see of deliveries and their attempts, and their one intervention: send this one again, now. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { type AccessScope, opens } from './access-token.repository.js';
import { Database } from './database.js';
import { dueAgain } from './due-again.js';
import type { AttemptsTable, DeliveriesTable } from './schema.js';
import { MAY_BE_TOLD } from './silenced-events.js';

export type DeliveryStatus = DeliveriesTable['status'];

/** A delivery with what its event was about. `attempts` counts those since the last replay. */
export type DeliveryRow = Omit<
  Selectable<DeliveriesTable>,
  'lease_token' | 'lease_until' | 'enqueued_at' | 'own_next_attempt_at'
> & {
  event_type: EventType;
  story_id: string | null;
  story_version: number | null;
  /** Why nobody is told of its event any more. */
  quiet_reason: string | null;
  /** The delivery that goes before it, where its endpoint is ordered. */
  waits_for: string | null;
  /** Until when its endpoint's circuit is open. */
  circuit_until: Date | null;
};
export type AttemptRow = Selectable<AttemptsTable>;

export interface DeliveryQuery {
  endpointId?: string | undefined;
  status?: DeliveryStatus | undefined;
  /** Those that this replay sent again, and none since. */
  replayId?: string | undefined;
  /** Only what a token opens. */
  scope?: AccessScope | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** So many attempts of a delivery are read; each can have 16 KiB of what was answered. */
export const NEWEST_ATTEMPTS = 50;

/**
 * `endpoint-away`: its endpoint is disabled or gone, so nothing can be sent there. `in-flight`: it is being sent right now.
 * `silenced`: its event's text may not be passed on any more.
 */
export type RetryVerdict = 'queued' | 'in-flight' | 'endpoint-away' | 'silenced';

const COLUMNS = [
  'deliveries.event_id',
  'deliveries.endpoint_id',
  'deliveries.id',
  'deliveries.webhook_id',
  'deliveries.event_seq',
  'deliveries.correlation_id',
  'deliveries.status',
  'deliveries.status_reason',
  'deliveries.attempts',
  'deliveries.next_attempt_at',
  'deliveries.generation',
  'deliveries.created_at',
  'deliveries.finished_at',
  'deliveries.replay_id',
  'events.type as event_type',
  'events.story_id',
  'events.story_version',
  'events.quiet_reason',
] as const;

/** What is sent at this moment or waits before it; looked up through indexes, however much waits. */
const WAITS_FOR = sql<string | null>`CASE WHEN deliveries.status = 'pending'
    AND EXISTS (SELECT FROM endpoints p WHERE p.id = deliveries.endpoint_id AND p.ordered) THEN coalesce(
  (SELECT h.id FROM deliveries h WHERE h.endpoint_id = deliveries.endpoint_id AND h.status = 'delivering' LIMIT 1),
  (SELECT CASE WHEN h.event_seq < deliveries.event_seq THEN h.id END FROM deliveries h
    WHERE h.endpoint_id = deliveries.endpoint_id AND h.status = 'pending' ORDER BY h.event_seq LIMIT 1)) END`;
const CIRCUIT_UNTIL = sql<Date | null>`CASE WHEN deliveries.status = 'pending' THEN
  (SELECT p.circuit_until FROM endpoints p WHERE p.id = deliveries.endpoint_id AND p.circuit_until > now()) END`;

@Injectable()
export class DeliveryRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. `cursor` is a `nextCursor` of before. */
  async list(query: DeliveryQuery): Promise<{ items: DeliveryRow[]; nextCursor: string | null }> {
    let rows = this.withEvents().orderBy('deliveries.id', 'desc');
    if (query.endpointId !== undefined) rows = rows.where('deliveries.endpoint_id', '=', query.endpointId);
    if (query.status !== undefined) rows = rows.where('deliveries.status', '=', query.status);
    if (query.replayId !== undefined) rows = rows.where('deliveries.replay_id', '=', query.replayId);
    if (query.cursor !== undefined) rows = rows.where('deliveries.id', '<', query.cursor);
    if (query.scope !== undefined) rows = rows.where('deliveries.id', 'in', newestOf(query.scope, query));
    const found = await rows.limit(query.limit + 1).execute();
    const items = found.slice(0, query.limit);
    return { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Undefined when there is none, or when `scope` does not open its endpoint. */
  async get(id: string, scope?: AccessScope): Promise<DeliveryRow | undefined> {
    let query = this.withEvents().where('deliveries.id', '=', id);
    if (scope !== undefined)
      query = query.where(
        sql<boolean>`EXISTS (SELECT FROM endpoints WHERE id = deliveries.endpoint_id AND ${opens(scope)})`,
      );
    return query.executeTakeFirst();
  }

  /** The newest `NEWEST_ATTEMPTS` of a delivery, oldest first; `number` starts anew after a replay. */
  async attempts(id: string): Promise<AttemptRow[]> {
    const rows = await this.attemptsOf(id)
      .selectAll('attempts')
      .orderBy('attempts.id', 'desc')
      .limit(NEWEST_ATTEMPTS)
      .execute();
    return rows.reverse();
  }

  /** How many attempts of a delivery are kept, however many `attempts` answers. */
  async countAttempts(id: string): Promise<number> {
    const { count } = await this.attemptsOf(id)
      .select(sql<number>`count(*)::int`.as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /**
   * Makes a delivery due now, whatever became of it, under its old webhook-id. One that had ended starts its schedule
   * anew. Undefined when there is no such delivery. The caller broadcasts DELIVERIES_DUE.
   */
  async retryNow(
    id: string,
    by = 'an operator',
  ): Promise<{ verdict: RetryVerdict; delivery: DeliveryRow } | undefined> {
    const rows = await this.database.transaction(async (trx) => {
      // As replays do, and before the delivery: who silences the event has done so, or finds the delivery waiting.
      await sql`SELECT FROM events WHERE id = (SELECT event_id FROM deliveries WHERE id = ${id}) FOR SHARE`.execute(
        trx,
      );
      // A statement of its own, so that it sees what was waited for.
      const due = await sql`
        WITH due AS (
        UPDATE deliveries d
        SET ${dueAgain(`sent again by ${by}`, sql`now()`)}
        FROM endpoints p
        WHERE d.id = ${id} AND p.id = d.endpoint_id AND p.status <> 'disabled' AND d.status <> 'delivering'
          AND EXISTS (SELECT FROM events e WHERE e.id = d.event_id AND ${MAY_BE_TOLD})
        RETURNING d.id, d.endpoint_id
        ), probe AS (
          -- An open circuit lets this one through.
          UPDATE endpoints p SET circuit_until = now() FROM due WHERE p.id = due.endpoint_id AND p.circuit_until > now()
        )
        SELECT id FROM due`.execute(trx);
      return due.rows;
    });
    const delivery = await this.get(id);
    if (delivery === undefined) return undefined;
    if (rows.length > 0) return { verdict: 'queued', delivery };
    const { rows: told } = await sql`SELECT FROM events e WHERE e.id = ${delivery.event_id} AND ${MAY_BE_TOLD}`.execute(
      this.database.db,
    );
    if (told.length === 0) return { verdict: 'silenced', delivery };
    return { verdict: delivery.status === 'delivering' ? 'in-flight' : 'endpoint-away', delivery };
  }

  private attemptsOf(id: string) {
    return this.database.db
      .selectFrom('attempts')
      .innerJoin('deliveries', (join) =>
        join
          .onRef('deliveries.event_id', '=', 'attempts.event_id')
          .onRef('deliveries.endpoint_id', '=', 'attempts.endpoint_id'),
      )
      .where('deliveries.id', '=', id);
  }

  private withEvents() {
    return this.database.db
      .selectFrom('deliveries')
      .innerJoin('events', 'events.id', 'deliveries.event_id')
      .select(COLUMNS)
      .select([WAITS_FOR.as('waits_for'), CIRCUIT_UNTIL.as('circuit_until')]);
  }
}

/** Endpoint by endpoint through the index: a small partner's newest must not cost a walk through everybody's. */
function newestOf(scope: AccessScope, { endpointId, status, replayId, cursor, limit }: DeliveryQuery) {
  const conditions = sql.join(
    [
      sql`d.endpoint_id = endpoints.id`,
      ...(endpointId === undefined ? [] : [sql`d.endpoint_id = ${endpointId}`]),
      ...(status === undefined ? [] : [sql`d.status = ${status}`]),
      ...(replayId === undefined ? [] : [sql`d.replay_id = ${replayId}`]),
      ...(cursor === undefined ? [] : [sql`d.id < ${cursor}`]),
    ],
    sql` AND `,
  );
  return sql<string>`(SELECT newest.id FROM endpoints CROSS JOIN LATERAL (
    SELECT d.id FROM deliveries d WHERE ${conditions} ORDER BY d.id DESC LIMIT ${limit + 1}) newest
    WHERE ${opens(scope)} ORDER BY newest.id DESC LIMIT ${limit + 1})`;
}
