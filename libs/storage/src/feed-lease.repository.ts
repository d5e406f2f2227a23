/** The right to fetch one feed: taken by a worker at its job's start, many at a time, and given back with the outcome. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ScheduleHints } from '#contracts/parsed-feed.js';
import { Database } from './database.js';
import { REFRESH_REASON } from './feed-claim.repository.js';

export interface LeaseRequest {
  feedId: string;
  generation: number;
  /** Random; whoever holds it may write the outcome. */
  token: string;
}

/** A feed as its fetch needs it. */
export interface LeasedFeed {
  id: string;
  token: string;
  partnerId: string;
  url: string;
  kind: 'poll' | 'refresh';
  /** The database's clock, which orders fetches whatever machine they run on. */
  startedAt: Date;
  etag: string | null;
  lastModified: string | null;
  bodyHash: Buffer | null;
  intervalSeconds: number | null;
  scheduleHints: ScheduleHints;
  newsSince: Date;
  consecutiveFailures: number;
  /** Nothing of this feed has ever been read. */
  isFirst: boolean;
  /** There are settings of this feed's own; nearly all have none, and do not look. */
  hasSettings: boolean;
}

/** Longer than the longest fetch: 15 s of network, 2 s of parsing, and the writing. */
const LEASE = sql`interval '25 seconds'`;

@Injectable()
export class FeedLeaseRepository {
  constructor(private readonly database: Database) {}

  /** One statement for many feeds. Null where a claim is outdated or fulfilled, or another worker holds the feed. */
  async takeBatch(requests: readonly LeaseRequest[]): Promise<(LeasedFeed | null)[]> {
    const asked = JSON.stringify(requests);
    // Named apart from their rows: a guess of a hundred rows would let the planner read the whole table.
    const ids = requests.map((request) => request.feedId);
    const leased = await this.database.prepared(sql<LeasedFeed>`
      WITH asked AS (SELECT * FROM jsonb_to_recordset(${asked}::jsonb) AS a("feedId" uuid, generation bigint, token uuid)),
      open AS (
        SELECT f.id, a.token FROM feeds f JOIN asked a ON a."feedId" = f.id AND a.generation = f.fetch_generation
         WHERE f.id = ANY(${ids}::uuid[]) AND f.enqueued_at IS NOT NULL AND (f.lease_until IS NULL OR f.lease_until < now())
           AND (f.status = 'active' OR f.next_fetch_reason = ${REFRESH_REASON})
         ORDER BY f.id FOR UPDATE OF f)
      UPDATE feeds f SET lease_token = open.token, lease_until = now() + ${LEASE}
        FROM open WHERE f.id = open.id
      RETURNING f.id, f.lease_token AS token, f.partner_id AS "partnerId", f.url, now() AS "startedAt",
        CASE WHEN f.next_fetch_reason = ${REFRESH_REASON} THEN 'refresh' ELSE 'poll' END AS kind,
        f.etag, f.last_modified AS "lastModified", f.body_hash AS "bodyHash",
        f.interval_seconds AS "intervalSeconds", f.schedule_hints AS "scheduleHints", f.news_since AS "newsSince",
        f.consecutive_failures AS "consecutiveFailures", f.last_success_at IS NULL AS "isFirst",
        f.has_settings AS "hasSettings"`);
    const byToken = new Map(leased.rows.map((row) => [row.token, row]));
    return requests.map((request) => byToken.get(request.token) ?? null);
  }

  /**
   * Gives a lease back without an outcome, because the process ends or could not write. `requeue` lets the scheduler
   * hand the feed out again at once.
   */
  async release(feedId: string, token: string, { requeue }: { requeue: boolean }): Promise<void> {
    await this.database.db
      .updateTable('feeds')
      .set({ lease_token: null, lease_until: null, ...(requeue ? { enqueued_at: null } : {}) })
      .where('id', '=', feedId)
      .where('lease_token', '=', token)
      .execute();
  }
}
