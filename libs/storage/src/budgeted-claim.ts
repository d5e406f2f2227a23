/** The claim of due feeds within the budgets of their hosts: who goes, and who is put off until when. */
import { sql, type Transaction } from 'kysely';
import { type HostLimits, type HostVerdict, shareHost } from '#domain/host-budget.js';
import { isPrivateHost } from '#domain/private-host.js';
import type { Database } from './database.js';
import { enterClaimLane } from './claim-lane.js';
import { type ClaimedFeed, IS_FETCHED, NOT_IN_HAND, REFRESH_REASON } from './feed-hand.js';
import { lockHosts, saveHosts } from './host-slots.js';
import type { Schema } from './schema.js';

interface DueFeed {
  id: string;
  standing: string;
}

/** Feeds of one host that nobody has in hand, in the order of being due. */
interface DueHost {
  host: string;
  limits: HostLimits;
  due: DueFeed[];
  inHand: number;
}

/** How a due feed stands with its host, a letter in `standing`. */
const ASKED_FOR = 'a';
const PROMISED = 'p';
const ASKING = '-';

export interface BudgetedClaim {
  claimed: ClaimedFeed[];
  deferred: number;
}

/**
 * Looks at the first `ahead` due feeds. Those of hosts within their budget are claimed; the others are put off, each to a
 * moment that the budget sets aside for it (`has_host_slot`). So the head of the line is free for other hosts at once,
 * whatever one host has due. What a person asked for is not put off. Nothing of this touches a feed's health.
 *
 * One process claims at a time; another one gets nothing now and asks again in a moment. The rows of host_slots are locked in
 * the order of their hosts, for other requests take from the same budgets.
 */
export function claimWithinBudgets(database: Database, ahead: number, limits: HostLimits): Promise<BudgetedClaim> {
  return database.transaction(async (trx) => {
    if (!(await enterClaimLane(trx))) return { claimed: [], deferred: 0 };
    const hosts = await dueHosts(trx, ahead, limits);
    const { states, now } = await lockHosts(
      trx,
      hosts.map(({ host, limits: own, due }) => ({ host, limits: own, asking: due.filter(isAsking).length })),
    );
    const go: string[] = [];
    const verdicts = new Map<string, HostVerdict>();
    for (const { host, limits: own, due, inHand } of hosts) {
      const state = states.get(host);
      const exempt = state === undefined ? due : due.filter(({ standing }) => standing === ASKED_FOR);
      for (const { id } of exempt) go.push(id);
      if (state === undefined) continue;
      const others = due.filter(({ standing }) => standing !== ASKED_FOR);
      const demand = { due: others.map(({ id, standing }) => ({ id, promised: standing === PROMISED })), inHand };
      const verdict = shareHost(now, own, state, demand, Math.random);
      verdicts.set(host, verdict);
      go.push(...verdict.go);
    }
    await saveHosts(trx, states, verdicts);
    const deferred = await putOff(trx, hosts, verdicts);
    return { claimed: await handOut(trx, go), deferred };
  });
}

/** Neither exempt nor promised this moment. */
function isAsking({ standing }: DueFeed): boolean {
  return standing === ASKING;
}

/**
 * The hosts of what is due, a row each: thousands of feeds of one host cost little more than one. Nothing is locked; what
 * somebody takes in the meantime is left out when it is handed out or put off.
 */
async function dueHosts(trx: Transaction<Schema>, ahead: number, limits: HostLimits): Promise<DueHost[]> {
  const { rows } = await sql<{
    host: string;
    ids: string;
    standing: string;
    in_hand: number;
    requests_per_minute: number | null;
    connections: number | null;
  }>`
    WITH head AS MATERIALIZED (
      SELECT id, host, next_fetch_at, ${NOT_IN_HAND} AS is_free,
          CASE WHEN next_fetch_reason = ${REFRESH_REASON} THEN ${ASKED_FOR} WHEN has_host_slot THEN ${PROMISED} ELSE ${ASKING} END AS standing
        FROM feeds WHERE ${IS_FETCHED} AND next_fetch_at <= now() ORDER BY next_fetch_at LIMIT ${ahead}),
    hosts AS (
      SELECT host, min(next_fetch_at) FILTER (WHERE is_free) AS since, count(*) FILTER (WHERE NOT is_free) AS in_hand,
          string_agg(id::text, ' ' ORDER BY next_fetch_at, id) FILTER (WHERE is_free) AS ids,
          string_agg(standing, '' ORDER BY next_fetch_at, id) FILTER (WHERE is_free) AS standing
        FROM head GROUP BY host)
    SELECT host, ids, standing, in_hand, b.requests_per_minute, b.connections
      FROM hosts LEFT JOIN host_budgets b USING (host) WHERE ids IS NOT NULL ORDER BY since, host`.execute(trx);
  return rows.map(({ host, ids, standing, in_hand: inHand, requests_per_minute: own, connections }) => ({
    host,
    limits: {
      requestsPerMinute: own ?? (isPrivateHost(host) ? 0 : limits.requestsPerMinute),
      connections: connections ?? limits.connections,
    },
    due: ids.split(' ').map((id, index) => ({ id, standing: standing.charAt(index) })),
    inHand,
  }));
}

async function handOut(trx: Transaction<Schema>, ids: string[]): Promise<ClaimedFeed[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ClaimedFeed>`
    UPDATE feeds SET fetch_generation = fetch_generation + 1, enqueued_at = now(), has_host_slot = false
     WHERE id = ANY(${ids}::uuid[]) AND ${NOT_IN_HAND} RETURNING id, fetch_generation AS generation`.execute(trx);
  return rows;
}

async function putOff(trx: Transaction<Schema>, hosts: DueHost[], verdicts: Map<string, HostVerdict>): Promise<number> {
  const rows = hosts.flatMap(({ host, limits }) =>
    (verdicts.get(host)?.later ?? []).map(({ id, waitSeconds, promised, because }) => ({
      id,
      wait: waitSeconds,
      promised,
      reason: reasonOf(because, host, limits),
    })),
  );
  if (rows.length === 0) return 0;
  await sql`
    UPDATE feeds f SET enqueued_at = NULL, has_host_slot = d.promised,
        next_fetch_at = now() + make_interval(secs => d.wait), next_fetch_reason = d.reason
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(id uuid, wait float8, promised boolean, reason text)
     WHERE f.id = d.id AND f.id = ANY(${rows.map(({ id }) => id)}::uuid[]) AND ${NOT_IN_HAND}`.execute(trx);
  return rows.length;
}

function reasonOf(because: 'requests' | 'connections' | 'closed', host: string, limits: HostLimits): string {
  if (because === 'closed') return `deferred: the host ${host} asks to wait (Retry-After)`;
  const budget =
    because === 'requests' ? `${limits.requestsPerMinute} requests a minute` : `${limits.connections} polls at once`;
  return `deferred: the budget of host ${host}, ${budget}`;
}
