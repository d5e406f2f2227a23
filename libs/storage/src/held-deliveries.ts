/**
 * The statements of a worker about the deliveries that it holds: lease, renew, settle. Each finds its rows one by one by their
 * keys and changes them by place: of the span of events that a batch covers, which may be days, it reads nothing else.
 */
import { type RawBuilder, sql } from 'kysely';
import { plainArray, textArray } from './array-literal.js';
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

/**
 * Common table expressions: `held` is `wanted` (event_id, endpoint_id, …) with the place of each that is there. "OFFSET 0" keeps the
 * look-ups apart from the rest: joined with it, PostgreSQL would rather read all deliveries of the events in between. Both ends of
 * a row's key, instead of its columns, leave it no index but the key's: of a week that has only begun, it would take any.
 *
 * The lists come as `(SELECT $1)`: of one it can see, PostgreSQL counts the rows, and plans anew for each list that is shorter than
 * it would guess. That costs two milliseconds, which is most of what a few deliveries cost.
 */
function held(wanted: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`wanted AS MATERIALIZED (${wanted}), held AS MATERIALIZED (
    SELECT w.*, d.part, d.place FROM wanted w CROSS JOIN LATERAL (
      SELECT tableoid AS part, ctid AS place FROM deliveries WHERE event_id = w.event_id
        AND (event_id, endpoint_id) >= (w.event_id, w.endpoint_id) AND (event_id, endpoint_id) <= (w.event_id, w.endpoint_id)
      OFFSET 0) d)`;
}

/**
 * Of a delivery `d`: that it is at the place of a row `h` of `held`. The list of places is for the plan, which else may read the
 * whole table; the span is for the weeks that it is about. Who changed the row at this moment has put it elsewhere: then it is
 * not found.
 */
const AT_ITS_PLACE = sql`d.ctid = ANY (ARRAY(SELECT place FROM held)) AND d.tableoid = h.part AND d.ctid = h.place
  AND d.event_id >= (SELECT event_id FROM held ORDER BY event_id LIMIT 1)
  AND d.event_id <= (SELECT event_id FROM held ORDER BY event_id DESC LIMIT 1)`;

/** Leases what is handed out to this job and not leased. `enqueued_at` is set exactly while a delivery is 'delivering'. */
export function leaseStatement(requests: readonly LeaseRequest[], seconds: number): RawBuilder<LeasedDelivery> {
  const plain = plainOf(requests);
  const wanted = sql`SELECT * FROM unnest(${plain('uuid', (job) => job.eventId)}, ${plain('uuid', (job) => job.endpointId)},
    ${plain('bigint', (job) => job.generation)}, ${plain('uuid', (job) => job.token)}) AS j(event_id, endpoint_id, generation, token)`;
  return sql<LeasedDelivery>`
    WITH ${held(wanted)}
    UPDATE deliveries d SET lease_token = h.token, lease_until = now() + make_interval(secs => ${seconds})
      FROM held h JOIN endpoints p ON p.id = h.endpoint_id AND p.status = 'active'
     WHERE ${AT_ITS_PLACE} AND d.generation = h.generation
       AND d.enqueued_at IS NOT NULL AND (d.lease_until IS NULL OR d.lease_until < now())
    RETURNING d.event_id AS "eventId", d.endpoint_id AS "endpointId", d.lease_token AS token, d.id,
      d.webhook_id AS "webhookId", d.attempts, p.url, p.secret_sealed AS "secretSealed",
      p.former_keys_sealed AS "formerKeysSealed", p.headers_sealed AS "headersSealed", p.body_form AS "bodyForm",
      p.first_failure_at IS NOT NULL AS failing`;
}

export function renewStatement(renewed: readonly HeldDelivery[], seconds: number): RawBuilder<object> {
  const plain = plainOf(renewed);
  const wanted = sql`SELECT * FROM unnest(${plain('uuid', (one) => one.eventId)}, ${plain('uuid', (one) => one.endpointId)},
    ${plain('uuid', (one) => one.token)}) AS o(event_id, endpoint_id, token)`;
  return sql<object>`
    WITH ${held(wanted)}
    UPDATE deliveries d SET lease_until = now() + make_interval(secs => ${seconds})
      FROM held h WHERE ${AT_ITS_PLACE} AND d.lease_token = h.token`;
}

/** Writes attempts and their outcomes; what was to be tried again and may not be passed on any more is cancelled. */
export function settleStatement(settled: readonly SettledDelivery[]): RawBuilder<{ token: string }> {
  const plain = plainOf(settled);
  const text = (type: string, value: (one: SettledDelivery) => string | null | undefined) =>
    sql`(SELECT ${textArray(settled.map(value))}::${sql.raw(type)}[])`;
  const wanted = sql`SELECT * FROM unnest(${plain('uuid', (one) => one.eventId)}, ${plain('uuid', (one) => one.endpointId)},
    ${plain('uuid', (one) => one.token)}, ${plain('text', (one) => one.status)},
    ${text('text', (one) => one.reason)}, ${plain('timestamptz', (one) => one.nextAttemptAt?.toISOString())},
    ${plain('uuid', (one) => one.attempt?.id)}, ${plain('timestamptz', (one) => one.attempt?.startedAt.toISOString())},
    ${plain('int', (one) => one.attempt?.durationMs)}, ${plain('int', (one) => one.attempt?.httpStatus)},
    ${text('text', (one) => one.attempt?.errorClass)}, ${text('text', (one) => one.attempt?.error)},
    ${text('bytea', (one) => hexadecimal(one.attempt?.responseExcerpt))})
    AS o(event_id, endpoint_id, token, status, reason, next_attempt_at, attempt_id, started_at, duration_ms, http_status,
      error_class, error, response_excerpt)`;
  return sql<{ token: string }>`
    WITH ${held(wanted)}, written AS (
      UPDATE deliveries d SET status = CASE WHEN h.status = 'pending' AND ${SILENCED_WHILE_SENT} THEN 'cancelled' ELSE h.status END,
        status_reason = CASE WHEN h.status = 'pending' AND ${SILENCED_WHILE_SENT} THEN d.status_reason ELSE h.reason END,
        attempts = d.attempts + (h.attempt_id IS NOT NULL)::int,
        next_attempt_at = coalesce(h.next_attempt_at, d.next_attempt_at),
        finished_at = CASE WHEN h.status = 'pending' AND NOT ${SILENCED_WHILE_SENT} THEN NULL ELSE now() END,
        enqueued_at = NULL, lease_token = NULL, lease_until = NULL
      FROM held h WHERE ${AT_ITS_PLACE} AND d.lease_token = h.token
      RETURNING h.*, d.attempts AS number
    ), logged AS (
      INSERT INTO attempts (id, event_id, endpoint_id, number, started_at, duration_ms, http_status, error_class, error,
        response_excerpt)
      SELECT attempt_id, event_id, endpoint_id, number, started_at, duration_ms, http_status, error_class, error,
        response_excerpt
      FROM written WHERE attempt_id IS NOT NULL
    )
    SELECT token FROM written`;
}

type Values<Row> = (type: string, value: (one: Row) => string | number | null | undefined) => RawBuilder<unknown>;

function plainOf<Row>(rows: readonly Row[]): Values<Row> {
  return (type, value) => sql`(SELECT ${plainArray(rows.map(value))}::${sql.raw(type)}[])`;
}

/** PostgreSQL's text form of bytes. */
function hexadecimal(bytes: Buffer | null | undefined): string | null {
  return bytes ? `\\x${bytes.toString('hex')}` : null;
}
