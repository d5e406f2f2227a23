/** Outcomes of fetches that brought no document: the log and the feed's new state, many in one statement. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { plainArray, textArray } from './array-literal.js';
import { COMMIT_UNAWAITED } from './commit-unawaited.js';
import { Database } from './database.js';
import type { AnswerFacts } from './schema.js';

/** What every fetch writes, whatever came of it. */
export interface FetchOutcome {
  feedId: string;
  /** The claim: an outcome whose feed was claimed again in the meantime is not written. */
  generation: number;
  fetchId: string;
  correlationId: string;
  kind: 'poll' | 'refresh' | 'push';
  startedAt: Date;
  durationMs: number;
  httpStatus: number | null;
  /** Bytes of decoded body. */
  bytes: number;
  nextFetchAt: Date;
  nextFetchReason: string;
  answerFacts: AnswerFacts | null;
  etag: string | null;
  lastModified: string | null;
}

/** `counts` false: the failure says nothing about the partner (our own outage, a request to come later). */
export interface FetchFailure {
  errorClass: string;
  error: string;
  counts: boolean;
  /** The partner took the feed away (410): it is not polled any more. */
  retires: boolean;
}

/** A fetch without news: `failure` null means unchanged. */
export type QuietOutcome = FetchOutcome & { failure: FetchFailure | null };

@Injectable()
export class FetchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes outcomes in one statement. False where the claim was outdated or fulfilled, so that nothing was written.
   *
   * The commit does not wait for the disk: what a crash of PostgreSQL takes with it are polls without news, whose claims
   * run out, so that they are made again.
   */
  async writeQuietBatch(outcomes: readonly QuietOutcome[]): Promise<boolean[]> {
    const plain = (value: (outcome: QuietOutcome) => string | number | boolean | null | undefined) =>
      plainArray(outcomes.map(value));
    const text = (value: (outcome: QuietOutcome) => string | null | undefined) => textArray(outcomes.map(value));
    const written = await this.database.prepared(sql<{ id: string }>`
      WITH o AS (
        SELECT * FROM unnest(${plain((o) => o.feedId)}::uuid[], ${plain((o) => o.generation)}::bigint[],
          ${plain((o) => o.fetchId)}::uuid[], ${text((o) => o.correlationId)}::text[], ${text((o) => o.kind)}::text[],
          ${plain((o) => o.startedAt.toISOString())}::timestamptz[], ${plain((o) => o.durationMs)}::integer[],
          ${plain((o) => o.httpStatus)}::integer[], ${plain((o) => o.bytes)}::integer[],
          ${plain((o) => o.nextFetchAt.toISOString())}::timestamptz[], ${text((o) => o.nextFetchReason)}::text[],
          ${text((o) => o.answerFacts && JSON.stringify(o.answerFacts))}::jsonb[], ${text((o) => o.etag)}::text[],
          ${text((o) => o.lastModified)}::text[], ${text((o) => o.failure?.errorClass)}::text[],
          ${text((o) => o.failure?.error)}::text[], ${plain((o) => o.failure?.counts)}::boolean[],
          ${plain((o) => o.failure?.retires)}::boolean[])
        AS o(feed_id, generation, fetch_id, correlation_id, kind, started_at, duration_ms, http_status, bytes,
          next_fetch_at, next_fetch_reason, answer_facts, etag, last_modified, error_class, error, counts, retires)),
      moved AS (
        UPDATE feeds f SET
            enqueued_at = NULL,
            last_fetched_at = o.started_at, last_fetch_id = o.fetch_id,
            next_fetch_at = o.next_fetch_at, next_fetch_reason = o.next_fetch_reason,
            answer_facts = o.answer_facts, etag = o.etag, last_modified = o.last_modified,
            last_success_at = CASE WHEN o.error_class IS NULL THEN o.started_at ELSE f.last_success_at END,
            last_error_class = o.error_class, last_error = o.error,
            consecutive_failures = CASE WHEN o.error_class IS NULL THEN 0
              WHEN o.counts THEN f.consecutive_failures + 1 ELSE f.consecutive_failures END,
            status = CASE WHEN o.retires THEN 'retired' ELSE f.status END,
            status_reason = CASE WHEN o.retires THEN o.error ELSE f.status_reason END
          FROM o
         WHERE f.id = o.feed_id AND f.fetch_generation = o.generation AND f.enqueued_at IS NOT NULL AND ${COMMIT_UNAWAITED}
        RETURNING o.*)
      INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, http_status,
          error_class, error, bytes, next_fetch_at, next_fetch_reason)
        SELECT fetch_id, feed_id, kind, correlation_id, started_at, duration_ms,
            CASE WHEN error_class IS NULL THEN 'unchanged' ELSE 'failed' END, http_status,
            error_class, error, bytes, next_fetch_at, next_fetch_reason
          FROM moved
      RETURNING id`);
    const stored = new Set(written.rows.map((row) => row.id));
    return outcomes.map((outcome) => stored.has(outcome.fetchId));
  }
}
