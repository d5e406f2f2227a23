/** What operators see of deliveries and their attempts, and their one intervention: send this one again, now. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { Database } from './database.js';
import type { AttemptsTable, DeliveriesTable } from './schema.js';

export type DeliveryStatus = DeliveriesTable['status'];

/** A delivery with what its event was about. `attempts` counts those since the last replay. */
export type DeliveryRow = Omit<Selectable<DeliveriesTable>, 'lease_token' | 'lease_until' | 'enqueued_at'> & {
  event_type: EventType;
  story_id: string | null;
  story_version: number | null;
  /** Why nobody is told of its event any more. */
  quiet_reason: string | null;
};
export type AttemptRow = Selectable<AttemptsTable>;

export interface DeliveryQuery {
  endpointId?: string | undefined;
  status?: DeliveryStatus | undefined;
  /** Those that this replay sent again, and none since. */
  replayId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

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
    const found = await rows.limit(query.limit + 1).execute();
    const items = found.slice(0, query.limit);
    return { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  async get(id: string): Promise<DeliveryRow | undefined> {
    return this.withEvents().where('deliveries.id', '=', id).executeTakeFirst();
  }

  /** Every attempt of a delivery, oldest first; `number` starts anew after a replay. */
  async attempts(id: string): Promise<AttemptRow[]> {
    return this.database.db
      .selectFrom('attempts')
      .innerJoin('deliveries', (join) =>
        join
          .onRef('deliveries.event_id', '=', 'attempts.event_id')
          .onRef('deliveries.endpoint_id', '=', 'attempts.endpoint_id'),
      )
      .selectAll('attempts')
      .where('deliveries.id', '=', id)
      .orderBy('attempts.id')
      .execute();
  }

  /**
   * Makes a delivery due now, whatever became of it, under its old webhook-id. One that had ended starts its schedule
   * anew. Undefined when there is no such delivery. The caller broadcasts DELIVERIES_DUE.
   */
  async retryNow(id: string): Promise<{ verdict: RetryVerdict; delivery: DeliveryRow } | undefined> {
    const { rows } = await sql`
      UPDATE deliveries d
      SET status = 'pending', status_reason = 'sent again by an operator', next_attempt_at = now(), finished_at = NULL,
        attempts = CASE WHEN d.status = 'pending' THEN d.attempts ELSE 0 END,
        enqueued_at = NULL, lease_token = NULL, lease_until = NULL
      FROM endpoints p
      WHERE d.id = ${id} AND p.id = d.endpoint_id AND p.status <> 'disabled' AND d.status <> 'delivering'
        AND EXISTS (SELECT FROM events e WHERE e.id = d.event_id AND e.quiet_reason IS NULL)
      RETURNING d.id`.execute(this.database.db);
    const delivery = await this.get(id);
    if (delivery === undefined) return undefined;
    if (rows.length > 0) return { verdict: 'queued', delivery };
    if (delivery.quiet_reason !== null) return { verdict: 'silenced', delivery };
    return { verdict: delivery.status === 'delivering' ? 'in-flight' : 'endpoint-away', delivery };
  }

  private withEvents() {
    return this.database.db
      .selectFrom('deliveries')
      .innerJoin('events', 'events.id', 'deliveries.event_id')
      .select(COLUMNS);
  }
}
