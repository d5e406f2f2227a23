/** The worker's side of deliveries: take the lease on one, keep it, write down what came of the attempt. All in batches. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { plainArray, textArray } from './array-literal.js';
import { Database } from './database.js';
import type { DeliveryStatus } from './delivery.repository.js';
import { SILENCED_WHILE_SENT } from './silenced-events.js';

/** A delivery's key with the token of the worker that holds it. */
export interface HeldDelivery {
  eventId: string;
  endpointId: string;
  token: string;
}
export interface LeaseRequest extends HeldDelivery {
  generation: number;
}

/** What a worker needs for one attempt, the event's body apart. `attempts`: those made before this one. */
export interface LeasedDelivery extends HeldDelivery {
  id: string;
  webhookId: string;
  attempts: number;
  url: string;
  secretSealed: Buffer;
  formerKeysSealed: Buffer | null;
  headersSealed: Buffer | null;
  bodyForm: 'full' | 'thin';
  /** Whether the endpoint has failed since its last success. */
  failing: boolean;
}

/** An attempt and where it leaves its delivery. `attempt` is null when none was made: the delivery goes back as it was. */
export interface SettledDelivery extends HeldDelivery {
  status: DeliveryStatus;
  reason: string | null;
  nextAttemptAt: Date | null;
  attempt: {
    id: string;
    startedAt: Date;
    durationMs: number;
    httpStatus: number | null;
    errorClass: string | null;
    error: string | null;
    responseExcerpt: Buffer | null;
  } | null;
}

export interface EventForSending {
  id: string;
  type: EventType;
  createdAt: Date;
  data: Record<string, unknown>;
}

/*
 * Rows are found by their key alone: a condition on `status` would let the planner take a partial index and read through
 * all of an endpoint's deliveries. `enqueued_at` is set exactly while a delivery is 'delivering'.
 */

/** Lets PostgreSQL look only at the weeks that a batch is about. */
function span(keys: { eventId: string }[]): { first: string; last: string } {
  const ids = keys.map((key) => key.eventId).sort();
  return { first: ids[0] ?? '', last: ids.at(-1) ?? '' };
}

/** PostgreSQL's text form of bytes. */
function hexadecimal(bytes: Buffer | null | undefined): string | null {
  return bytes ? `\\x${bytes.toString('hex')}` : null;
}

@Injectable()
export class DeliveryAttemptRepository {
  constructor(private readonly database: Database) {}

  /** Leases those that are still to be sent by this job; the others are left out: another job has them, or they ended. */
  async lease(requests: LeaseRequest[], leaseSeconds: number): Promise<LeasedDelivery[]> {
    const { first, last } = span(requests);
    const { rows } = await this.database.prepared(sql<LeasedDelivery>`
      UPDATE deliveries d SET lease_token = j.token, lease_until = now() + make_interval(secs => ${leaseSeconds})
      FROM unnest(${plainArray(requests.map((job) => job.eventId))}::uuid[], ${plainArray(requests.map((job) => job.endpointId))}::uuid[],
        ${plainArray(requests.map((job) => job.generation))}::bigint[], ${plainArray(requests.map((job) => job.token))}::uuid[])
        AS j(event_id, endpoint_id, generation, token), endpoints p
      WHERE d.event_id = j.event_id AND d.endpoint_id = j.endpoint_id AND d.generation = j.generation
        AND d.event_id BETWEEN ${first} AND ${last}
        AND d.enqueued_at IS NOT NULL AND (d.lease_until IS NULL OR d.lease_until < now())
        AND p.id = j.endpoint_id AND p.status = 'active'
      RETURNING d.event_id AS "eventId", d.endpoint_id AS "endpointId", d.lease_token AS token, d.id,
        d.webhook_id AS "webhookId", d.attempts, p.url, p.secret_sealed AS "secretSealed",
        p.former_keys_sealed AS "formerKeysSealed", p.headers_sealed AS "headersSealed", p.body_form AS "bodyForm",
        p.first_failure_at IS NOT NULL AS failing`);
    return rows;
  }

  /** Extends leases of attempts that are still under way. */
  async renew(held: HeldDelivery[], leaseSeconds: number): Promise<void> {
    const { first, last } = span(held);
    await this.database.prepared(sql<object>`
      UPDATE deliveries d SET lease_until = now() + make_interval(secs => ${leaseSeconds})
      FROM unnest(${plainArray(held.map((one) => one.eventId))}::uuid[], ${plainArray(held.map((one) => one.endpointId))}::uuid[],
        ${plainArray(held.map((one) => one.token))}::uuid[]) AS h(event_id, endpoint_id, token)
      WHERE d.event_id = h.event_id AND d.endpoint_id = h.endpoint_id AND d.lease_token = h.token
        AND d.event_id BETWEEN ${first} AND ${last}`);
  }

  /**
   * Writes attempts and their outcomes, for those deliveries that the token still holds. What was to be tried again and may
   * not be passed on any more is cancelled. Answers the tokens that did: of
   * the others nothing is written, whoever took them over tells their story.
   */
  async settle(settled: SettledDelivery[]): Promise<Set<string>> {
    const { first, last } = span(settled);
    const plain = (value: (one: SettledDelivery) => string | number | null | undefined): string =>
      plainArray(settled.map(value));
    const text = (value: (one: SettledDelivery) => string | null | undefined): string => textArray(settled.map(value));
    const { rows } = await this.database.prepared(sql<{ token: string }>`
      WITH outcome AS (
        SELECT * FROM unnest(${plain((one) => one.eventId)}::uuid[], ${plain((one) => one.endpointId)}::uuid[],
          ${plain((one) => one.token)}::uuid[], ${plain((one) => one.status)}::text[],
          ${text((one) => one.reason)}::text[], ${plain((one) => one.nextAttemptAt?.toISOString())}::timestamptz[],
          ${plain((one) => one.attempt?.id)}::uuid[], ${plain((one) => one.attempt?.startedAt.toISOString())}::timestamptz[],
          ${plain((one) => one.attempt?.durationMs)}::int[], ${plain((one) => one.attempt?.httpStatus)}::int[],
          ${text((one) => one.attempt?.errorClass)}::text[], ${text((one) => one.attempt?.error)}::text[],
          ${text((one) => hexadecimal(one.attempt?.responseExcerpt))}::bytea[])
          AS o(event_id, endpoint_id, token, status, reason, next_attempt_at, attempt_id, started_at, duration_ms,
            http_status, error_class, error, response_excerpt)
      ), written AS (
        UPDATE deliveries d SET status = CASE WHEN o.status = 'pending' AND ${SILENCED_WHILE_SENT} THEN 'cancelled' ELSE o.status END,
          status_reason = CASE WHEN o.status = 'pending' AND ${SILENCED_WHILE_SENT} THEN d.status_reason ELSE o.reason END,
          attempts = d.attempts + (o.attempt_id IS NOT NULL)::int,
          next_attempt_at = coalesce(o.next_attempt_at, d.next_attempt_at),
          finished_at = CASE WHEN o.status = 'pending' AND NOT ${SILENCED_WHILE_SENT} THEN NULL ELSE now() END,
          enqueued_at = NULL, lease_token = NULL, lease_until = NULL
        FROM outcome o
        WHERE d.event_id = o.event_id AND d.endpoint_id = o.endpoint_id AND d.lease_token = o.token
          AND d.event_id BETWEEN ${first} AND ${last}
        RETURNING o.*, d.attempts AS number
      ), logged AS (
        INSERT INTO attempts (id, event_id, endpoint_id, number, started_at, duration_ms, http_status, error_class, error,
          response_excerpt)
        SELECT attempt_id, event_id, endpoint_id, number, started_at, duration_ms, http_status, error_class, error,
          response_excerpt
        FROM written WHERE attempt_id IS NOT NULL
      )
      SELECT token FROM written`);
    return new Set(rows.map((row) => row.token));
  }

  async events(ids: readonly string[]): Promise<EventForSending[]> {
    return this.database.db
      .selectFrom('events')
      .select(['id', 'type', 'created_at as createdAt', 'body as data'])
      .where('id', 'in', ids)
      .execute();
  }
}
