/** The right to write what a WebSub hub pushed: taken over from whatever poll is in hand, given back with the outcome. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import type { FetchOutcome } from './fetch.repository.js';
import type { AnswerFacts } from './schema.js';

/** A feed as a push to it needs it. */
export interface PushedFeed {
  id: string;
  /** Of this claim: whoever claims the feed after it outdates it. */
  generation: number;
  partnerId: string;
  url: string;
  hasSettings: boolean;
  topic: string;
  /** The database's clock, as for polls. */
  startedAt: Date;
  newsSince: Date;
  nextFetchAt: Date;
  nextFetchReason: string;
  /** Of the last poll: they still explain the next one. */
  answerFacts: AnswerFacts | null;
}

/** A push that could not be read asks for a poll, but not sooner after the last one. */
const LEAST_BETWEEN_POLLS = sql`interval '5 minutes'`;
/** Of a subscription `s` and its feed `f`. */
const IS_WANTED = sql`s.state NOT IN ('leaving', 'ended') AND f.status = 'active' AND f.push_wanted`;
const UNREADABLE_REASON = 'the hub pushed something that could not be read';

@Injectable()
export class PushClaimRepository {
  constructor(private readonly database: Database) {}

  /** Whether the feed of a subscription that is wanted has just this document as its newest. `bodyHash`: SHA-256. */
  async isRepeated(subscriptionId: string, bodyHash: Buffer): Promise<boolean> {
    const found = await this.database.prepared(sql<{ same: boolean }>`
      SELECT (SELECT d.body_hash = ${bodyHash}::bytea FROM documents d WHERE d.feed_id = f.id ORDER BY d.id DESC LIMIT 1) AS same
        FROM feed_subscriptions s JOIN feeds f ON f.id = s.feed_id WHERE s.id = ${subscriptionId}::uuid AND ${IS_WANTED}`);
    return found.rows[0]?.same === true;
  }

  /**
   * Claims the feed of a subscription, whoever has it: a poll that is under way is outdated by that, and made again. Null
   * when there is no such subscription (any more), or its feed is not to be fetched.
   */
  async take(subscriptionId: string): Promise<PushedFeed | null> {
    const taken = await this.database.prepared(sql<PushedFeed>`
      UPDATE feeds f SET fetch_generation = f.fetch_generation + 1, enqueued_at = now()
        FROM feed_subscriptions s
       WHERE s.id = ${subscriptionId}::uuid AND f.id = s.feed_id AND ${IS_WANTED}
      RETURNING f.id, f.fetch_generation AS generation, f.partner_id AS "partnerId", f.url, f.has_settings AS "hasSettings",
        s.topic, now() AS "startedAt", f.news_since AS "newsSince", f.next_fetch_at AS "nextFetchAt",
        f.next_fetch_reason AS "nextFetchReason", f.answer_facts AS "answerFacts"`);
    return taken.rows[0] ?? null;
  }

  /** Gives the feed back without a document, unless somebody else has it by now. */
  async release(feed: PushedFeed): Promise<void> {
    await this.database.db
      .updateTable('feeds')
      .set({ enqueued_at: null })
      .where('id', '=', feed.id)
      .where('fetch_generation', '=', feed.generation)
      .execute();
  }

  /** Logs a push that could not be read, and has the feed polled instead. */
  async giveUp(feed: PushedFeed, outcome: FetchOutcome, error: { errorClass: string; error: string }): Promise<void> {
    await sql`
      WITH released AS (
        UPDATE feeds SET
            enqueued_at = CASE WHEN fetch_generation = ${feed.generation} THEN NULL ELSE enqueued_at END,
            next_fetch_at = least(next_fetch_at, greatest(now(), last_fetched_at + ${LEAST_BETWEEN_POLLS})),
            next_fetch_reason = CASE
              WHEN next_fetch_at > greatest(now(), last_fetched_at + ${LEAST_BETWEEN_POLLS}) THEN ${UNREADABLE_REASON}
              ELSE next_fetch_reason END
          WHERE id = ${feed.id})
      INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, error_class, error, bytes)
        VALUES (${outcome.fetchId}, ${feed.id}, 'push', ${outcome.correlationId}, ${feed.startedAt},
          ${outcome.durationMs}, 'failed', ${error.errorClass}, ${error.error}, ${outcome.bytes})`.execute(
      this.database.db,
    );
  }
}
