/** The claim of due feeds within the budgets of their hosts: who goes, and who is put off until when. */
import { sql, type Transaction } from 'kysely';
import { type HostLimits, type HostVerdict, shareHost } from '#domain/host-budget.js';
import { isPrivateHost } from '#domain/private-host.js';
import type { Database } from './database.js';
import { type ClaimedFeed, NOT_IN_HAND, REFRESH_REASON } from './feed-hand.js';
import { lockHosts, saveHosts } from './host-slots.js';
import type { Schema } from './schema.js';

interface DueFeed {
  id: string;
  host: string;
  is_asked_for: boolean;
  has_host_slot: boolean;
}

/** Feeds of one host, in the order of being due. */
interface DueHost {
  host: string;
  limits: HostLimits;
  due: DueFeed[];
  inHand: number;
}

export interface BudgetedClaim {
  claimed: ClaimedFeed[];
  deferred: number;
}

/**
 * Looks at the first `ahead` due feeds. Those of hosts within their budget are claimed; the others are put off, each to a
 * moment that the budget sets aside for it (`has_host_slot`). So the head of the line is free for other hosts at once,
 * whatever one host has due. What a person asked for is not put off. Nothing of this touches a feed's health.
 *
 * The rows of host_slots are locked in the order of their hosts: processes that claim at the same time share every host's
 * budget.
 */
export function claimWithinBudgets(database: Database, ahead: number, limits: HostLimits): Promise<BudgetedClaim> {
  return database.transaction(async (trx) => {
    const hosts = await dueHosts(trx, ahead, limits);
    const { states, now } = await lockHosts(
      trx,
      hosts.map(({ host, limits: own, due }) => ({ host, limits: own, asking: due.filter(isAsking).length })),
    );
    const go: string[] = [];
    const verdicts = new Map<string, HostVerdict>();
    for (const { host, limits: own, due, inHand } of hosts) {
      const state = states.get(host);
      const exempt = state === undefined ? due : due.filter((feed) => feed.is_asked_for);
      go.push(...exempt.map(({ id }) => id));
      if (state === undefined) continue;
      const others = due.filter((feed) => !feed.is_asked_for);
      const demand = { due: others.map(({ id, has_host_slot }) => ({ id, promised: has_host_slot })), inHand };
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
function isAsking(feed: DueFeed): boolean {
  return !feed.is_asked_for && !feed.has_host_slot;
}

/** Locks what is due and free. Those that another process has under its hands are left to it. */
async function dueHosts(trx: Transaction<Schema>, ahead: number, limits: HostLimits): Promise<DueHost[]> {
  const { rows } = await sql<
    DueFeed & { in_hand: number; requests_per_minute: number | null; connections: number | null }
  >`
    WITH head AS MATERIALIZED (
      SELECT id, host, next_fetch_at, ${NOT_IN_HAND} AS is_free
        FROM feeds WHERE status = 'active' AND next_fetch_at <= now() ORDER BY next_fetch_at LIMIT ${ahead}),
    due AS MATERIALIZED (
      -- Asked again of the locked row: another process may just have put it off.
      SELECT id, host, next_fetch_at, next_fetch_reason = ${REFRESH_REASON} AS is_asked_for, has_host_slot
        FROM feeds WHERE id = ANY(ARRAY(SELECT id FROM head WHERE is_free)) AND ${NOT_IN_HAND} AND next_fetch_at <= now()
         FOR UPDATE SKIP LOCKED),
    in_hand AS (SELECT host, count(*) AS in_hand FROM head WHERE NOT is_free GROUP BY host)
    SELECT due.*, coalesce(in_hand, 0) AS in_hand, b.requests_per_minute, b.connections
      FROM due LEFT JOIN in_hand USING (host) LEFT JOIN host_budgets b USING (host)
     ORDER BY next_fetch_at, id`.execute(trx);
  const hosts = new Map<string, DueHost>();
  for (const { in_hand: inHand, requests_per_minute: own, connections, ...feed } of rows) {
    const general = isPrivateHost(feed.host) ? 0 : limits.requestsPerMinute;
    const known = hosts.get(feed.host) ?? {
      host: feed.host,
      limits: { requestsPerMinute: own ?? general, connections: connections ?? limits.connections },
      due: [],
      inHand,
    };
    known.due.push(feed);
    hosts.set(feed.host, known);
  }
  return [...hosts.values()];
}

async function handOut(trx: Transaction<Schema>, ids: string[]): Promise<ClaimedFeed[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ClaimedFeed>`
    UPDATE feeds SET fetch_generation = fetch_generation + 1, enqueued_at = now(), has_host_slot = false
     WHERE id = ANY(${ids}::uuid[]) RETURNING id, fetch_generation AS generation`.execute(trx);
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
     WHERE f.id = d.id AND f.id = ANY(${rows.map(({ id }) => id)}::uuid[])`.execute(trx);
  return rows.length;
}

function reasonOf(because: 'requests' | 'connections' | 'closed', host: string, limits: HostLimits): string {
  if (because === 'closed') return `deferred: the host ${host} asks to wait (Retry-After)`;
  const budget =
    because === 'requests' ? `${limits.requestsPerMinute} requests a minute` : `${limits.connections} polls at once`;
  return `deferred: the budget of host ${host}, ${budget}`;
}
