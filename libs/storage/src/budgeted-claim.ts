/** The claim of due feeds within the budgets of their hosts, as one statement. */
import { type RawBuilder, sql } from 'kysely';
import { PRIVATE_HOST } from '#domain/private-host.js';
import {
  BURST,
  type HostLimits,
  INTERVAL_SECONDS,
  LEAST_WAIT_SECONDS,
  MOST_WAIT_SECONDS,
  TAKE_SLOTS,
} from './host-limits.js';

/** A feed that the statement handed out (`claimed`) or put off. */
export interface JudgedFeed {
  id: string;
  generation: number;
  claimed: boolean;
}

interface BudgetedClaim {
  ahead: number;
  limits: HostLimits;
  /** Condition on `feeds`: it is neither in the queue nor being fetched. */
  notInHand: RawBuilder<unknown>;
  /** Feeds with this reason were asked for by a person, and pay nothing. */
  refreshReason: string;
}

/**
 * Looks at the first `ahead` due feeds. Those of hosts within their budget are claimed; the others are put off, each to a
 * moment that the budget sets aside for it (`has_host_slot`), at which it goes without paying again. So the head of the
 * line is free for other hosts at once, whatever one host has due. Nothing of this touches a feed's health.
 *
 * The rows of host_slots are locked in their order until the statement ends: processes that claim at the same time
 * share every host's budget.
 */
export function budgetedClaim({ ahead, limits, notInHand, refreshReason }: BudgetedClaim): RawBuilder<JudgedFeed> {
  return sql<JudgedFeed>`
    WITH head AS MATERIALIZED (
      SELECT id, host, ${notInHand} AS is_free
        FROM feeds WHERE status = 'active' AND next_fetch_at <= now() ORDER BY next_fetch_at LIMIT ${ahead}),
    budgets AS MATERIALIZED (
      SELECT h.host, h.in_hand, coalesce(b.connections, ${limits.connections}::integer) AS connections,
          coalesce(b.requests_per_minute,
            CASE WHEN h.host ~ ${PRIVATE_HOST} THEN 0 ELSE ${limits.requestsPerMinute}::integer END) AS rpm
        FROM (SELECT host, count(*) FILTER (WHERE NOT is_free)::integer AS in_hand FROM head GROUP BY host) h
        LEFT JOIN host_budgets b USING (host)),
    -- Ids as an array: a guess of many rows would let the planner read the whole table.
    due AS MATERIALIZED (
      SELECT id, host, next_fetch_at, has_host_slot, next_fetch_reason = ${refreshReason} AS is_asked_for
        FROM feeds WHERE id = ANY(ARRAY(SELECT id FROM head WHERE is_free))
          -- Asked again of the locked row: another process may just have put it off.
          AND ${notInHand} AND next_fetch_at <= now()
         FOR UPDATE SKIP LOCKED),
    limited AS MATERIALIZED (
      SELECT due.*, connections, connections - in_hand AS free_connections,
          -- A host that asks to wait is asked slowly afterwards, even without a limit.
          CASE WHEN rpm > 0 THEN rpm ELSE ${UNLIMITED_RPM} END AS rpm,
          coalesce(s.closed_until > now(), false) AS is_closed,
          has_host_slot AND NOT coalesce(s.closed_until > now(), false) AS is_promised
        FROM due JOIN budgets USING (host) LEFT JOIN host_slots s USING (host)
       WHERE NOT is_asked_for AND (rpm > 0 OR s.closed_until > now())),
    asking AS (
      SELECT host, ${BURST} AS burst, ${INTERVAL_SECONDS} AS interval_seconds, count(*)::integer AS asked
        FROM limited WHERE NOT is_promised GROUP BY host, rpm ORDER BY host),
    slots AS (
      ${TAKE_SLOTS}
      RETURNING host, room,
        -- Before the first of those who asked: what is paid for ends at free_at, and a burst comes before its time.
        extract(epoch FROM free_at - now())::double precision - (granted + burst) * interval_seconds AS before_first),
    numbered AS (
      SELECT l.*, s.room, s.before_first, ${INTERVAL_SECONDS} AS interval_seconds,
          row_number() OVER (PARTITION BY l.host, is_promised ORDER BY next_fetch_at, id) AS nth,
          count(*) FILTER (WHERE is_promised) OVER (PARTITION BY l.host) AS promised
        FROM limited l LEFT JOIN slots s USING (host)),
    placed AS (
      SELECT *, is_promised OR nth <= room AS may_go, before_first + nth * interval_seconds AS slot_in,
          CASE WHEN is_promised THEN nth ELSE promised + nth END - greatest(0, free_connections) AS beyond_connections
        FROM numbered),
    judged AS (
      SELECT due.id, due.host, p.may_go, p.rpm, p.connections, p.is_closed,
          CASE WHEN p.id IS NULL OR (may_go AND beyond_connections <= 0) THEN NULL
            WHEN may_go THEN ${LEAST_WAIT_SECONDS} + beyond_connections * interval_seconds
            -- Those who are sent away for longest come back one after the other too.
            WHEN slot_in > ${MOST_WAIT_SECONDS} THEN ${MOST_WAIT_SECONDS} * (0.8 + 0.2 * random())
            ELSE greatest(${LEAST_WAIT_SECONDS}, slot_in) END AS wait,
          may_go OR slot_in <= ${MOST_WAIT_SECONDS} AS has_promise
        FROM due LEFT JOIN placed p USING (id))
    UPDATE feeds f SET
        fetch_generation = f.fetch_generation + CASE WHEN wait IS NULL THEN 1 ELSE 0 END,
        enqueued_at = CASE WHEN wait IS NULL THEN now() END,
        has_host_slot = wait IS NOT NULL AND has_promise,
        next_fetch_at = CASE WHEN wait IS NULL THEN f.next_fetch_at ELSE now() + make_interval(secs => wait) END,
        next_fetch_reason = CASE WHEN wait IS NULL THEN f.next_fetch_reason
          WHEN is_closed THEN 'deferred: the host ' || j.host || ' asks to wait (Retry-After)'
          WHEN may_go THEN 'deferred: the budget of host ' || j.host || ', ' || connections || ' polls at once'
          ELSE 'deferred: the budget of host ' || j.host || ', ' || rpm || ' requests a minute' END
      FROM judged j WHERE f.id = j.id AND f.id = ANY(ARRAY(SELECT id FROM due))
    RETURNING f.id, f.fetch_generation AS generation, wait IS NULL AS claimed`;
}

/** How fast a host without limits is asked again after it wanted to be left alone. */
const UNLIMITED_RPM = 6_000;
