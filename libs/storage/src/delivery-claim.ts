/**
 * The statement that chooses what is sent next: which endpoints are open for how much (their gates), what is due at each of
 * them, and a fair choice among that. One statement, so that it decides on one view of everything.
 */
import { type RawBuilder, sql } from 'kysely';
import { COMMIT_UNAWAITED } from './commit-unawaited.js';

/** A delivery handed to Redis. `due` is when it should have been. */
export interface ClaimedDelivery {
  id: string;
  eventId: string;
  endpointId: string;
  generation: number;
  correlationId: string;
  due: Date;
  /** Its endpoint fails or is slow: it must not hold up others. */
  suspect: boolean;
}

export interface ClaimLimits {
  /** Most deliveries claimed at once. */
  batch: number;
  /** Most deliveries handed out and not ended, over all endpoints that answer well: what Redis holds at worst. */
  inFlight: number;
  /** The same over all endpoints that fail or are slow: places of their own, so that they take none from the others. */
  inFlightOfSuspects: number;
  /** Cap of an endpoint whose last attempts failed: it must not take the workers from the others. */
  inFlightWhileFailing: number;
}

export type ClaimRow = ClaimedDelivery | { id: null; endpointId: string | null };

/** Of an endpoint `p`: it failed last, or held an attempt long a moment ago. A circuit that is half-open has failed. */
const SUSPECT = sql<boolean>`p.first_failure_at IS NOT NULL OR coalesce(p.slow_until > now(), false)`;

/**
 * Rows without `id`: endpoints that have more due than their cap lets through; without `endpointId` too: another process
 * claims at this moment.
 *
 * The commit does not wait for the disk: a claim that a crash of PostgreSQL takes with it is made again, and its job finds nothing
 * to lease, or the same delivery under the same number.
 *
 * What suspects hold beyond their places counts as held by the others, so that the sum stays bounded whatever happens at
 * once.
 */
export function claimStatement(limits: ClaimLimits): RawBuilder<ClaimRow> {
  // Written into the text: with parameters PostgreSQL plans it anew each time, which costs more than running it.
  const [batch, inFlight, inFlightOfSuspects, inFlightWhileFailing] = [
    limits.batch,
    limits.inFlight,
    limits.inFlightOfSuspects,
    limits.inFlightWhileFailing,
  ].map((limit) => sql.lit(limit));
  return sql<ClaimRow>`
    WITH lane AS MATERIALIZED (
      SELECT pg_try_advisory_xact_lock(hashtext('dateline'), hashtext('dispatch')) AS free WHERE ${COMMIT_UNAWAITED}
    ), flying AS MATERIALIZED (
      SELECT f.*, ${SUSPECT} AS suspect
      FROM (SELECT endpoint_id, count(*) AS number FROM deliveries WHERE status = 'delivering' GROUP BY endpoint_id) f
      LEFT JOIN endpoints p ON p.id = f.endpoint_id
    ), gates AS MATERIALIZED (
      SELECT p.id, p.ordered, p.rate_limit_per_minute IS NOT NULL AS is_paced, pace.tokens, coalesce(f.number, 0) AS number,
        ${SUSPECT} AS suspect, cap.room,
        least(cap.room, coalesce(floor(pace.tokens), cap.room))::int AS open
      FROM endpoints p LEFT JOIN flying f ON f.endpoint_id = p.id
      CROSS JOIN LATERAL (
        -- A second's worth may go at once, one at least; the rest follows evenly.
        SELECT least(ceil(p.rate_limit_per_minute / 60.0)::float8, coalesce(p.rate_tokens
          + extract(epoch FROM now() - p.rate_at)::float8 * p.rate_limit_per_minute / 60, p.rate_limit_per_minute)) AS tokens
      ) pace
      CROSS JOIN LATERAL (
        SELECT greatest(0, CASE WHEN p.ordered OR p.circuit_until IS NOT NULL THEN 1
          WHEN p.first_failure_at IS NULL THEN p.max_in_flight
          ELSE least(p.max_in_flight, ${inFlightWhileFailing}) END - coalesce(f.number, 0))::int AS room
      ) cap
      WHERE p.status = 'active' AND coalesce(p.circuit_until <= now(), true) AND (SELECT free FROM lane)
    ), due AS MATERIALIZED (
      SELECT d.event_id, g.id AS endpoint_id, d.part, d.place, d.due, d.turn, d.turn <= g.open AS fits, g.number, g.suspect
      FROM gates g CROSS JOIN LATERAL (
        SELECT next.*, row_number() OVER (ORDER BY next.due) AS turn FROM (
          SELECT event_id, tableoid AS part, ctid AS place, next_attempt_at AS due FROM deliveries
          WHERE endpoint_id = g.id AND status = 'pending' AND next_attempt_at <= now()
          ORDER BY next_attempt_at LIMIT g.open + 1
        ) next
      ) d
      WHERE NOT g.ordered
      UNION ALL
      -- The first of all that wait, due or not: while it waits, they do.
      SELECT head.event_id, g.id, head.part, head.place, head.due, 1, true, g.number, g.suspect
      FROM gates g CROSS JOIN LATERAL (
        SELECT event_id, event_seq, tableoid AS part, ctid AS place, next_attempt_at AS due FROM deliveries
        WHERE endpoint_id = g.id AND status = 'pending' ORDER BY event_seq LIMIT 1
      ) head
      WHERE g.ordered AND g.open > 0 AND head.due <= now()
        AND head.event_seq < coalesce((SELECT min(seq) FROM events WHERE seq IS NOT NULL AND fanned_out_at IS NULL),
          head.event_seq + 1)
    ), chosen AS MATERIALIZED (
      (SELECT * FROM due WHERE fits AND NOT suspect ORDER BY number + turn, due LIMIT greatest(0, least(${batch},
        ${inFlight} - (SELECT coalesce(sum(number) FILTER (WHERE NOT suspect), 0)
          + greatest(0, coalesce(sum(number) FILTER (WHERE suspect), 0) - ${inFlightOfSuspects}) FROM flying))))
      UNION ALL
      (SELECT * FROM due WHERE fits AND suspect ORDER BY number + turn, due LIMIT greatest(0, least(${batch},
        ${inFlightOfSuspects} - (SELECT coalesce(sum(number) FILTER (WHERE suspect), 0) FROM flying))))
    ), held AS MATERIALIZED (
      -- Skipped when somebody else changes it at this moment; an ordered endpoint then waits for the next claim. By place: of a
      -- table that it has not analysed, the planner may look a key up by reading all of its endpoint's deliveries.
      SELECT c.event_id, c.endpoint_id, d.part, d.place FROM chosen c CROSS JOIN LATERAL (
        SELECT tableoid AS part, ctid AS place FROM deliveries
        WHERE event_id = c.event_id AND tableoid = c.part AND ctid = c.place
          AND enqueued_at IS NULL AND finished_at IS NULL
        FOR UPDATE SKIP LOCKED
      ) d
    ), paid AS (
      UPDATE endpoints p SET rate_tokens = g.tokens - c.number, rate_at = now()
      FROM gates g JOIN (SELECT endpoint_id, count(*) AS number FROM held GROUP BY endpoint_id) c ON c.endpoint_id = g.id
      WHERE g.is_paced AND p.id = g.id
    ), claimed AS (
      -- By place, which the lock above holds still, in the weeks that it is about. Never as a join: of a list it knows nothing
      -- of, the planner takes a loop through all of it for each row (0.4 ms a delivery), or reads the whole table (1,200 ms
      -- with a million waiting). "IS TRUE" keeps it from making a join of the list.
      UPDATE deliveries d SET status = 'delivering', generation = d.generation + 1, enqueued_at = now()
      WHERE d.ctid = ANY (ARRAY(SELECT place FROM held))
        AND ((d.tableoid, d.ctid) IN (SELECT part, place FROM held)) IS TRUE
        AND d.event_id >= (SELECT event_id FROM held ORDER BY event_id LIMIT 1)
        AND d.event_id <= (SELECT event_id FROM held ORDER BY event_id DESC LIMIT 1)
      RETURNING d.id, d.event_id AS "eventId", d.endpoint_id AS "endpointId", d.generation,
        d.correlation_id AS "correlationId", d.next_attempt_at AS due,
        (d.endpoint_id IN (SELECT id FROM gates WHERE suspect)) IS TRUE AS suspect
    )
    SELECT * FROM claimed
    UNION ALL
    SELECT NULL, NULL, d.endpoint_id, NULL, NULL, NULL, NULL FROM due d JOIN gates g ON g.id = d.endpoint_id
    WHERE NOT d.fits AND g.open = g.room
    UNION ALL
    SELECT NULL, NULL, id, NULL, NULL, NULL, NULL FROM gates
    WHERE ordered AND (number > 0 OR id IN (SELECT endpoint_id FROM held))
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM lane WHERE NOT free`;
}
