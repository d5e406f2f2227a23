/** A claim's way from the queue to the fetch: what the fetch needs to know of its feeds, and claims given back unused. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { FeedToFetch } from '#contracts/jobs.js';
import type { ScheduleHints } from '#contracts/parsed-feed.js';
import type { ObservedRhythm } from '#domain/poll-interval.js';
import { Database } from './database.js';
import { IS_FETCHED, REFRESH_REASON } from './feed-hand.js';
import type { NamedHub } from './followed-hub.repository.js';

/** A feed as its fetch needs it. */
export interface FeedInHand {
  id: string;
  /** The claim that this fetch fulfils: its outcome is written while the feed still has it. */
  generation: number;
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
  /** How new items came, as the last document showed it. */
  observed: ObservedRhythm | null;
  /** A WebSub push is verified and trusted. */
  pushWorks: boolean;
  /** Where permanent redirects led the last fetch. */
  movedTo: string | null;
  /** Nothing of this feed has ever been read. */
  isFirst: boolean;
  /** There are settings of this feed's own; nearly all have none, and do not look. */
  hasSettings: boolean;
  /** The hub and topic that are known of it. */
  push: NamedHub | null;
}

/** Times in ms of the epoch: reading dates from their text is a tenth of what taking a feed in hand costs. */
interface FeedRow extends Omit<FeedInHand, 'observed' | 'startedAt' | 'newsSince'> {
  startedMs: number;
  newsSinceMs: number;
  itemSpacingSeconds: number | null;
  newestItemMs: number | null;
}

/** A claim that waited longer in the queue is renewed when its fetch begins, so that it lasts as long as the fetch. */
const FRESH = sql`interval '10 seconds'`;

const EPOCH_MS = (time: string) => sql.raw(`(extract(epoch FROM ${time}) * 1000)::float8`);

@Injectable()
export class FeedInHandRepository {
  constructor(private readonly database: Database) {}

  /**
   * One statement for many feeds, in any order; those whose claim is outdated or fulfilled are left out. It takes no
   * lease: two workers with the same job may both fetch, and the first outcome counts (ADR 6).
   */
  async begin(claims: readonly FeedToFetch[]): Promise<FeedInHand[]> {
    const ids = claims.map((claim) => claim.feedId);
    const generations = claims.map((claim) => claim.generation);
    const { rows } = await this.database.prepared(sql<FeedRow>`
      WITH open AS MATERIALIZED (
        SELECT f.* FROM unnest(${ids}::uuid[], ${generations}::bigint[]) AS c(id, generation)
          JOIN feeds f ON f.id = c.id AND f.fetch_generation = c.generation
         WHERE f.enqueued_at IS NOT NULL AND ${IS_FETCHED}),
      renewed AS (
        UPDATE feeds f SET enqueued_at = now() FROM open
         WHERE f.id = open.id AND f.fetch_generation = open.fetch_generation AND open.enqueued_at < now() - ${FRESH})
      SELECT id, fetch_generation AS generation, partner_id AS "partnerId", url, ${EPOCH_MS('now()')} AS "startedMs",
          CASE WHEN next_fetch_reason = ${REFRESH_REASON} THEN 'refresh' ELSE 'poll' END AS kind,
          etag, last_modified AS "lastModified", body_hash AS "bodyHash", interval_seconds AS "intervalSeconds",
          schedule_hints AS "scheduleHints", ${EPOCH_MS('news_since')} AS "newsSinceMs",
          item_spacing_seconds AS "itemSpacingSeconds", ${EPOCH_MS('newest_item_at')} AS "newestItemMs",
          coalesce(push_until > now(), false) AS "pushWorks", moved_to AS "movedTo",
          consecutive_failures AS "consecutiveFailures", last_success_at IS NULL AS "isFirst",
          has_settings AS "hasSettings",
          CASE WHEN push_hub IS NOT NULL THEN json_build_object('hub', push_hub, 'topic', push_topic) END AS push
        FROM open`);
    return rows.map(feedInHand);
  }

  /** Gives claims back without an outcome: the scheduler may hand the feeds out again at once. */
  async giveBack(claims: readonly FeedToFetch[]): Promise<void> {
    const ids = claims.map((claim) => claim.feedId);
    const generations = claims.map((claim) => claim.generation);
    await this.database.prepared(sql<object>`
      WITH mine AS (
        SELECT f.id FROM unnest(${ids}::uuid[], ${generations}::bigint[]) AS c(id, generation)
          JOIN feeds f ON f.id = c.id AND f.fetch_generation = c.generation
         ORDER BY f.id FOR UPDATE OF f)
      UPDATE feeds SET enqueued_at = NULL FROM mine WHERE feeds.id = mine.id`);
  }
}

/** Field by field: taking some out of a row and spreading the rest costs as much as reading it. */
function feedInHand(row: FeedRow): FeedInHand {
  const { itemSpacingSeconds: spacingSeconds, newestItemMs } = row;
  return {
    id: row.id,
    generation: row.generation,
    partnerId: row.partnerId,
    url: row.url,
    kind: row.kind,
    startedAt: new Date(row.startedMs),
    etag: row.etag,
    lastModified: row.lastModified,
    bodyHash: row.bodyHash,
    intervalSeconds: row.intervalSeconds,
    scheduleHints: row.scheduleHints,
    newsSince: new Date(row.newsSinceMs),
    consecutiveFailures: row.consecutiveFailures,
    observed:
      spacingSeconds === null || newestItemMs === null ? null : { spacingSeconds, newestAt: new Date(newestItemMs) },
    pushWorks: row.pushWorks,
    movedTo: row.movedTo,
    isFirst: row.isFirst,
    hasSettings: row.hasSettings,
    push: row.push,
  };
}
