/** The rows of host_slots: how far the budget of each host is spent that is polled under a limit, or asked to be left alone. */
import { sql, type Transaction } from 'kysely';
import { type HostLimits, type HostState, type HostVerdict, pace } from '#domain/host-budget.js';
import type { Schema } from './schema.js';

/** `asking`: requests that will be decided on, beside those that were promised their moment. */
export interface AskedHost {
  host: string;
  limits: HostLimits;
  asking: number;
}

/** A host under lock. `charged`: what its row says now, all who ask being paid for already. */
export interface LockedHost extends HostState {
  charged: number;
}

/**
 * Locks hosts until the transaction ends, and charges those with limits for all who ask: mostly that is the verdict, and
 * there is nothing to save. Hosts that are neither limited nor closed are left out of the answer. `now` is the
 * database's clock with the locks in hand, in ms: by the clock of its beginning, who waited for them would come too early.
 */
export async function lockHosts(
  trx: Transaction<Schema>,
  hosts: readonly AskedHost[],
): Promise<{ states: Map<string, LockedHost>; now: number }> {
  if (hosts.length === 0) return { states: new Map(), now: 0 };
  const limited = hosts.filter(({ limits }) => limits.requestsPerMinute > 0);
  const costs = new Map(limited.map(({ host, limits, asking }) => [host, asking * pace(limits).intervalMs]));
  const open = hosts.filter(({ host }) => !costs.has(host)).map(({ host }) => host);
  const { rows } = await sql<{ host: string; free_at: number; closed_until: number; now: number }>`
    WITH limited AS (
      INSERT INTO host_slots AS s (host, free_at)
        SELECT host, now() + make_interval(secs => cost / 1000)
          FROM unnest(${[...costs.keys()]}::text[], ${[...costs.values()]}::float8[]) AS h(host, cost) ORDER BY host
      ON CONFLICT (host) DO UPDATE SET free_at = greatest(s.free_at, clock_timestamp()) + (excluded.free_at - now())
      RETURNING host, free_at, closed_until),
    closed AS (
      SELECT host, free_at, closed_until FROM host_slots
       WHERE host = ANY(${open}::text[]) AND closed_until > now() ORDER BY host FOR UPDATE)
    SELECT host, extract(epoch FROM free_at)::float8 * 1000 AS free_at,
        CASE WHEN closed_until > now() THEN extract(epoch FROM closed_until)::float8 * 1000 ELSE 0 END AS closed_until,
        extract(epoch FROM clock_timestamp())::float8 * 1000 AS now
      FROM (SELECT * FROM limited UNION ALL SELECT * FROM closed) locked`.execute(trx);
  const states = rows.map((row): [string, LockedHost] => [
    row.host,
    { freeAt: row.free_at - (costs.get(row.host) ?? 0), charged: row.free_at, closedUntil: row.closed_until },
  ]);
  return { states: new Map(states), now: rows[0]?.now ?? 0 };
}

/** Writes what verdicts about locked hosts spent, where it is not what they were charged. */
export async function saveHosts(
  trx: Transaction<Schema>,
  states: Map<string, LockedHost>,
  verdicts: Map<string, HostVerdict>,
): Promise<void> {
  const spent = [...verdicts].filter(([host, { freeAt }]) => Math.abs(freeAt - (states.get(host)?.charged ?? 0)) >= 1);
  if (spent.length === 0) return;
  const hosts = spent.map(([host]) => host);
  const times = spent.map(([, { freeAt }]) => freeAt / 1000);
  await sql`
    UPDATE host_slots s SET free_at = to_timestamp(v.at) FROM unnest(${hosts}::text[], ${times}::float8[]) AS v(host, at)
     WHERE s.host = v.host AND s.host = ANY(${hosts}::text[])`.execute(trx);
}
