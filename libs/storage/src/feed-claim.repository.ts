/** Which feeds are due, and who was told to fetch them: the scheduler's side of a feed. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { HostLimits } from '#domain/host-budget.js';
import { claimWithinBudgets } from './budgeted-claim.js';
import { CLAIM_LANE } from './claim-lane.js';
import { Database } from './database.js';
import { type ClaimedFeed, IS_FETCHED, NOT_IN_HAND, REFRESH_REASON } from './feed-hand.js';

/** What a caller who waits for a fetch may look at. */
export interface FeedProgress {
  /** The last finished fetch, when it began after the given moment. */
  finishedFetchId: string | null;
  /** In the queue or being fetched. */
  busy: boolean;
}

const NO_LIMITS: HostLimits = { requestsPerMinute: 0, connections: 1 };
/** So often a claim looks for feeds behind those that it puts off. */
const LOOKS = 25;
/** Without limits for all, how long it is believed that no host has its own. */
const LIMITS_KNOWN_MS = 2_000;

@Injectable()
export class FeedClaimRepository {
  private limitsKnownUntil = 0;
  private hostsAreLimited = true;
  /** Feeds put off for the sake of their hosts since the start. */
  deferred = 0;

  /** `limits` of hosts without their own; absent: none. */
  constructor(
    private readonly database: Database,
    private readonly limits: HostLimits = NO_LIMITS,
  ) {}

  /**
   * Claims due feeds, the longest due first, as far as the budgets of their hosts go. Looks at no more than the first
   * `ahead` of them, of which some are in hand already: so many at most are in the queue or being fetched at once.
   */
  async claimDue(ahead: number): Promise<ClaimedFeed[]> {
    return (await this.anyHostIsLimited()) ? this.claimWithinBudgets(ahead) : this.claimAny(ahead);
  }

  /** While a look mostly puts feeds off, there is another: whoever stands behind them is not to wait for the next call. */
  private async claimWithinBudgets(ahead: number): Promise<ClaimedFeed[]> {
    const claimed: ClaimedFeed[] = [];
    for (let look = 0; look < LOOKS; look++) {
      const taken = await claimWithinBudgets(this.database, ahead, this.limits);
      claimed.push(...taken.claimed);
      this.deferred += taken.deferred;
      if (taken.deferred < ahead / 4 || claimed.length >= ahead / 2) break;
    }
    return claimed;
  }

  private async anyHostIsLimited(): Promise<boolean> {
    if (this.limits.requestsPerMinute > 0) return true;
    if (performance.now() < this.limitsKnownUntil) return this.hostsAreLimited;
    const { rows } = await sql<{ any: boolean }>`
      SELECT EXISTS (SELECT FROM host_budgets WHERE requests_per_minute > 0)
          OR EXISTS (SELECT FROM host_slots WHERE closed_until > now()) AS any`.execute(this.database.db);
    this.hostsAreLimited = rows[0]?.any ?? false;
    this.limitsKnownUntil = performance.now() + LIMITS_KNOWN_MS;
    return this.hostsAreLimited;
  }

  private async claimAny(ahead: number): Promise<ClaimedFeed[]> {
    const claimed = await this.database.prepared(sql<ClaimedFeed>`
      WITH lane AS MATERIALIZED (SELECT ${CLAIM_LANE} AS entered),
      head AS MATERIALIZED (
        SELECT id, ${NOT_IN_HAND} AS open
          FROM feeds WHERE (SELECT entered FROM lane) AND ${IS_FETCHED} AND next_fetch_at <= now()
         ORDER BY next_fetch_at LIMIT ${ahead})
      UPDATE feeds SET fetch_generation = fetch_generation + 1, enqueued_at = now()
       WHERE id = ANY(ARRAY(SELECT id FROM head WHERE open)) AND ${NOT_IN_HAND}
      RETURNING id, fetch_generation AS generation`);
    return claimed.rows;
  }

  /**
   * Makes a feed due now, active or paused, and claims it unless it is in hand already: a job that is lost is claimed again
   * like any other. What a paused feed still had in the queue counts no more: nobody would take it up. Returns null when there is no such feed. `at` is the database's time of asking.
   */
  async claimForRefresh(feedId: string): Promise<{ at: Date; claimed: ClaimedFeed | null } | null> {
    const result = await sql<{ id: string; generation: number; in_hand: boolean; at: Date }>`
      WITH target AS (SELECT id, ${IS_FETCHED} AND NOT (${NOT_IN_HAND}) AS in_hand FROM feeds WHERE id = ${feedId} FOR UPDATE)
      UPDATE feeds f SET
          next_fetch_at = least(f.next_fetch_at, now()),
          next_fetch_reason = ${REFRESH_REASON},
          fetch_generation = f.fetch_generation + CASE WHEN in_hand THEN 0 ELSE 1 END,
          enqueued_at = CASE WHEN in_hand THEN f.enqueued_at ELSE now() END
        FROM target WHERE f.id = target.id
      RETURNING f.id, f.fetch_generation AS generation, in_hand, now() AS at`.execute(this.database.db);
    const row = result.rows[0];
    if (!row) return null;
    return { at: row.at, claimed: row.in_hand ? null : { id: row.id, generation: row.generation } };
  }

  /** Where a feed stands for somebody who asked for a fetch at `since`. */
  async progress(feedId: string, since: Date): Promise<FeedProgress> {
    const result = await sql<{ finished: string | null; busy: boolean }>`
      SELECT CASE WHEN last_fetched_at >= ${since} THEN last_fetch_id END AS finished,
             NOT (${NOT_IN_HAND}) AS busy
        FROM feeds WHERE id = ${feedId}`.execute(this.database.db);
    const row = result.rows[0];
    return { finishedFetchId: row?.finished ?? null, busy: row?.busy ?? false };
  }

  /** Claims anew everything that was handed out: Redis may have forgotten it. What is being fetched is fetched again. */
  async reclaimAll(): Promise<ClaimedFeed[]> {
    const claimed = await sql<ClaimedFeed>`
      WITH lost AS (
        SELECT id FROM feeds
         WHERE ${IS_FETCHED} AND next_fetch_at <= now()
           AND enqueued_at IS NOT NULL
         ORDER BY id FOR UPDATE SKIP LOCKED)
      UPDATE feeds f SET fetch_generation = fetch_generation + 1, enqueued_at = now()
        FROM lost WHERE f.id = lost.id
      RETURNING f.id, f.fetch_generation AS generation`.execute(this.database.db);
    return claimed.rows;
  }

  /** How many feeds are due, in hand or not. */
  async countDue(): Promise<number> {
    const row = await this.database.db
      .selectFrom('feeds')
      .select((eb) => eb.fn.countAll<number>().as('due'))
      .where(sql<boolean>`${IS_FETCHED}`)
      .where('next_fetch_at', '<=', sql<Date>`now()`)
      .executeTakeFirstOrThrow();
    return row.due;
  }
}
