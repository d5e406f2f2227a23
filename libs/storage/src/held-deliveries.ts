/**
 * The statements of a worker about the deliveries that it holds: lease, renew, settle. Each finds its rows one by one by their
 * keys: of the span of events that a batch covers, which may be days, it reads nothing else.
 */
import { type RawBuilder, sql } from 'kysely';
import { plainArray, textArray } from './array-literal.js';
import { COMMIT_UNAWAITED } from './commit-unawaited.js';
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
 * Common table expressions: `held` is `wanted` (event_id, endpoint_id, …) with what a row must have of each delivery that is there
 * and `isIts`, each once and by key, so that no two statements wait for each other in a circle. "OFFSET 0" keeps the look-ups apart
 * from the rest: joined with it, PostgreSQL would rather read all deliveries of the events in between. Both ends of a row's key,
 * instead of its columns, leave it no index but the key's: of a week that has only begun, it would take any.
 *
 * The lists of `wanted` come as `(SELECT $1)`: of one it can see, PostgreSQL counts the rows, and plans anew for each list that is
 * shorter than it would guess. That costs two milliseconds, which is most of what a few deliveries cost.
 */
function held(wanted: RawBuilder<unknown>, isIts: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`wanted AS MATERIALIZED (${wanted}), held AS MATERIALIZED (
    SELECT DISTINCT ON (w.event_id, w.endpoint_id) w.*, ${PRESENT} FROM wanted w CROSS JOIN LATERAL (
      SELECT * FROM deliveries WHERE event_id = w.event_id
        AND (event_id, endpoint_id) >= (w.event_id, w.endpoint_id) AND (event_id, endpoint_id) <= (w.event_id, w.endpoint_id)
      OFFSET 0) d
     WHERE ${isIts} ORDER BY w.event_id, w.endpoint_id)`;
}

/**
 * The rows are changed as if they were to be added: whoever adds a row meets the one that has its key, whatever PostgreSQL guesses
 * of the table, and as somebody else has left it a moment ago. No row is added, for `held` has only what is there.
 */
const REQUIRED = sql`event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at, created_at`;
const PRESENT = sql`d.id, d.webhook_id, d.event_seq, d.correlation_id, d.status AS present_status, d.next_attempt_at AS present_next, d.created_at`;
const OF_HELD = sql`h.event_id, h.endpoint_id, h.id, h.webhook_id, h.event_seq, h.correlation_id, h.present_status, h.present_next, h.created_at`;
const HAS_TOKEN = sql`d.lease_token = w.token`;
const WHERE_IT_IS = sql`ON CONFLICT (event_id, endpoint_id) DO UPDATE`;

/**
 * Leases what is handed out to this job and not leased. `enqueued_at` is set exactly while a delivery is 'delivering'.
 *
 * The commit does not wait for the disk, here and when leases are renewed: outcomes do. A lease that a crash of PostgreSQL takes with
 * it is as one whose worker died after the POST: the delivery is sent again under its webhook-id.
 */
export function leaseStatement(requests: readonly LeaseRequest[], seconds: number): RawBuilder<LeasedDelivery> {
  const plain = plainOf(requests);
  const wanted = sql`SELECT * FROM unnest(${plain('uuid', (job) => job.eventId)}, ${plain('uuid', (job) => job.endpointId)},
    ${plain('bigint', (job) => job.generation)}, ${plain('uuid', (job) => job.token)}) AS j(event_id, endpoint_id, generation, token)`;
  return sql<LeasedDelivery>`
    WITH ${held(wanted, sql`d.generation = w.generation`)}, leased AS (
      INSERT INTO deliveries AS d (${REQUIRED}, generation, lease_token)
        SELECT ${OF_HELD}, h.generation, h.token
          FROM held h JOIN endpoints p ON p.id = h.endpoint_id AND p.status = 'active' WHERE ${COMMIT_UNAWAITED}
      ${WHERE_IT_IS} SET lease_token = excluded.lease_token, lease_until = now() + make_interval(secs => ${seconds})
       WHERE d.generation = excluded.generation
         AND d.enqueued_at IS NOT NULL AND (d.lease_until IS NULL OR d.lease_until < now())
      RETURNING event_id, endpoint_id, lease_token, id, webhook_id, attempts)
    SELECT l.event_id AS "eventId", l.endpoint_id AS "endpointId", l.lease_token AS token, l.id, l.webhook_id AS "webhookId",
      l.attempts, p.url, p.secret_sealed AS "secretSealed", p.former_keys_sealed AS "formerKeysSealed",
      p.headers_sealed AS "headersSealed", p.body_form AS "bodyForm", p.first_failure_at IS NOT NULL AS failing
      FROM leased l JOIN endpoints p ON p.id = l.endpoint_id`;
}

export function renewStatement(renewed: readonly HeldDelivery[], seconds: number): RawBuilder<object> {
  const plain = plainOf(renewed);
  const wanted = sql`SELECT * FROM unnest(${plain('uuid', (one) => one.eventId)}, ${plain('uuid', (one) => one.endpointId)},
    ${plain('uuid', (one) => one.token)}) AS o(event_id, endpoint_id, token)`;
  return sql<object>`
    WITH ${held(wanted, HAS_TOKEN)}
    INSERT INTO deliveries AS d (${REQUIRED}, lease_token) SELECT ${OF_HELD}, h.token FROM held h WHERE ${COMMIT_UNAWAITED}
    ${WHERE_IT_IS} SET lease_until = now() + make_interval(secs => ${seconds}) WHERE d.lease_token = excluded.lease_token`;
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
  // What has been silenced meanwhile keeps the reason for that.
  const isSilenced = sql`excluded.status = 'pending' AND ${SILENCED_WHILE_SENT}`;
  return sql<{ token: string }>`
    WITH ${held(wanted, HAS_TOKEN)}, written AS (
      INSERT INTO deliveries AS d (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, created_at, status,
          status_reason, next_attempt_at, attempts, lease_token)
        SELECT h.event_id, h.endpoint_id, h.id, h.webhook_id, h.event_seq, h.correlation_id, h.created_at, h.status,
               h.reason, coalesce(h.next_attempt_at, h.present_next), (h.attempt_id IS NOT NULL)::int, h.token FROM held h
      ${WHERE_IT_IS} SET status = CASE WHEN ${isSilenced} THEN 'cancelled' ELSE excluded.status END,
          status_reason = CASE WHEN ${isSilenced} THEN d.status_reason ELSE excluded.status_reason END,
          attempts = d.attempts + excluded.attempts, next_attempt_at = excluded.next_attempt_at,
          finished_at = CASE WHEN excluded.status = 'pending' AND NOT ${SILENCED_WHILE_SENT} THEN NULL ELSE now() END,
          enqueued_at = NULL, lease_token = NULL, lease_until = NULL
       WHERE d.lease_token = excluded.lease_token
      RETURNING event_id, endpoint_id, attempts
    ), known AS (
      SELECT h.*, w.attempts FROM written w JOIN held h ON h.event_id = w.event_id AND h.endpoint_id = w.endpoint_id
    ), logged AS (
      INSERT INTO attempts (id, event_id, endpoint_id, number, started_at, duration_ms, http_status, error_class, error,
        response_excerpt)
      SELECT attempt_id, event_id, endpoint_id, attempts, started_at, duration_ms, http_status, error_class, error,
        response_excerpt
      FROM known WHERE attempt_id IS NOT NULL
    )
    SELECT token FROM known`;
}

type Values<Row> = (type: string, value: (one: Row) => string | number | null | undefined) => RawBuilder<unknown>;

function plainOf<Row>(rows: readonly Row[]): Values<Row> {
  return (type, value) => sql`(SELECT ${plainArray(rows.map(value))}::${sql.raw(type)}[])`;
}

/** PostgreSQL's text form of bytes. */
function hexadecimal(bytes: Buffer | null | undefined): string | null {
  return bytes ? `\\x${bytes.toString('hex')}` : null;
}
