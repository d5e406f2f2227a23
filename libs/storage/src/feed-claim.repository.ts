/** Which feeds are due, and who was told to fetch them: the scheduler's side of a feed. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A feed handed to the queue. Jobs of older generations do nothing. */
export interface ClaimedFeed {
  id: string;
  generation: number;
}

/** What a caller who waits for a fetch may look at. */
export interface FeedProgress {
  /** The last finished fetch, when it began after the given moment. */
  finishedFetchId: string | null;
  /** In the queue or being fetched. */
  busy: boolean;
}

/** Set as next_fetch_reason by a refresh; the fetch that follows is logged as one. */
export const REFRESH_REASON = 'asked for by an operator';
/**
 * A claim older than this is taken as lost (a process was killed). It is renewed when its fetch begins, and then covers
 * the longest one: 15 s of network, the wait for a thread and 2 s of parsing, and the writing.
 */
const PATIENCE = sql`interval '40 seconds'`;
export const NOT_IN_HAND = sql`(enqueued_at IS NULL OR enqueued_at < now() - ${PATIENCE})`;

@Injectable()
export class FeedClaimRepository {
  constructor(private readonly database: Database) {}

  /**
   * Claims due feeds, the longest due first. Looks at no more than the first `ahead` of them, of which some are in hand
   * already: so many at most are in the queue or being fetched at once.
   */
  async claimDue(ahead: number): Promise<ClaimedFeed[]> {
    const claimed = await this.database.prepared(sql<ClaimedFeed>`
      WITH head AS MATERIALIZED (
        SELECT id, ${NOT_IN_HAND} AS open
          FROM feeds WHERE status = 'active' AND next_fetch_at <= now() ORDER BY next_fetch_at LIMIT ${ahead}),
      due AS (
        SELECT id FROM feeds WHERE id = ANY(ARRAY(SELECT id FROM head WHERE open)) AND ${NOT_IN_HAND}
          FOR UPDATE SKIP LOCKED)
      UPDATE feeds f SET fetch_generation = fetch_generation + 1, enqueued_at = now()
        FROM due WHERE f.id = due.id
      RETURNING f.id, f.fetch_generation AS generation`);
    return claimed.rows;
  }

  /**
   * Makes a feed due now, whatever its status, and claims it unless it is in hand already.
   * Returns null when there is no such feed. `at` is the database's time of asking.
   */
  async claimForRefresh(feedId: string): Promise<{ at: Date; claimed: ClaimedFeed | null } | null> {
    const result = await sql<{ id: string; generation: number; in_hand: boolean; at: Date }>`
      WITH target AS (SELECT id, NOT (${NOT_IN_HAND}) AS in_hand FROM feeds WHERE id = ${feedId} FOR UPDATE)
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
         WHERE status = 'active' AND next_fetch_at <= now()
           AND enqueued_at IS NOT NULL
         ORDER BY id FOR UPDATE SKIP LOCKED)
      UPDATE feeds f SET fetch_generation = fetch_generation + 1, enqueued_at = now()
        FROM lost WHERE f.id = lost.id
      RETURNING f.id, f.fetch_generation AS generation`.execute(this.database.db);
    return claimed.rows;
  }

  /** How many active feeds are due and not being fetched. */
  async countDue(): Promise<number> {
    const row = await this.database.db
      .selectFrom('feeds')
      .select((eb) => eb.fn.countAll<number>().as('due'))
      .where('status', '=', 'active')
      .where('next_fetch_at', '<=', sql<Date>`now()`)
      .executeTakeFirstOrThrow();
    return row.due;
  }
}
