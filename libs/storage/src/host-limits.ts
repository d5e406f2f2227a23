/** What one host is asked to bear, and how that becomes moments: the arithmetic of the host budgets, as SQL fragments. */
import { sql } from 'kysely';

/** Limits of a host without its own. `requestsPerMinute` 0: hosts without limits of their own have none. */
export interface HostLimits {
  requestsPerMinute: number;
  connections: number;
}

/** Nobody is put off for less, which would only be work, nor for more: then it is asked again. */
export const LEAST_WAIT_SECONDS = 5;
export const MOST_WAIT_SECONDS = 4 * 3_600;

/**
 * Of `rpm` requests a minute a quarter may come at once; the rest follows evenly spaced. The spacing is chosen so that
 * no minute, wherever it begins, sees more than `rpm`.
 */
export const BURST = sql`greatest(1, (rpm + 3) / 4)`;
export const INTERVAL_SECONDS = sql`(60.0 / (rpm - greatest(1, (rpm + 3) / 4) + 1))::double precision`;

/** From when on new requests are counted, given the row `s` of host_slots: not before what was promised is done. */
const BASE = sql`greatest(s.free_at, now(), s.closed_until + make_interval(secs => excluded.burst * excluded.interval_seconds))`;
const AHEAD_SECONDS = sql`extract(epoch FROM ${BASE} - now())::double precision`;
const GRANTED = sql`least(asked, floor(${MOST_WAIT_SECONDS} / interval_seconds) + burst)::integer`;
const GRANTED_BEHIND_OTHERS = sql`least(excluded.granted, greatest(0,
  floor((${MOST_WAIT_SECONDS} - ${AHEAD_SECONDS}) / excluded.interval_seconds) + excluded.burst))::integer`;

/**
 * Rows of `asking` (host, asked, burst, interval_seconds; in the order of their hosts) take from their hosts' budgets.
 * Afterwards `room` says how many of each may go now, `granted` how many have a moment within the longest wait, which
 * costs (those with room among them); the rest is sent away without one.
 */
export const TAKE_SLOTS = sql`
  INSERT INTO host_slots AS s (host, free_at, interval_seconds, burst, room, granted)
    SELECT host, now() + make_interval(secs => interval_seconds * ${GRANTED}), interval_seconds, burst,
        least(asked, burst), ${GRANTED} FROM asking
  ON CONFLICT (host) DO UPDATE SET
    free_at = ${BASE} + make_interval(secs => excluded.interval_seconds * ${GRANTED_BEHIND_OTHERS}),
    room = least(excluded.room, greatest(0, floor(excluded.burst - ${AHEAD_SECONDS} / excluded.interval_seconds)))::integer,
    granted = ${GRANTED_BEHIND_OTHERS}, interval_seconds = excluded.interval_seconds, burst = excluded.burst`;
