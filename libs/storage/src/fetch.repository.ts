/** Outcomes of fetches that brought no document: the log and the feed's new state, many in one statement. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
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

  /** Writes outcomes in one statement. False where the claim was outdated or fulfilled, so that nothing was written. */
  async writeQuietBatch(outcomes: readonly QuietOutcome[]): Promise<boolean[]> {
    // In the order of their keys: another batch that holds the same feeds locks them in the same order.
    const rows = JSON.stringify(outcomes.toSorted((a, b) => (a.feedId < b.feedId ? -1 : 1)));
    // Named apart from their rows: a guess of a hundred rows would let the planner read the whole table.
    const ids = outcomes.map((outcome) => outcome.feedId);
    const written = await this.database.prepared(sql<{ id: string }>`
      WITH o AS (
        SELECT * FROM json_to_recordset(${rows}::json) AS o(
          "feedId" uuid, generation bigint, "fetchId" uuid, "correlationId" text, kind text, "startedAt" timestamptz,
          "durationMs" integer, "httpStatus" integer, bytes integer, "nextFetchAt" timestamptz, "nextFetchReason" text,
          "answerFacts" jsonb, etag text, "lastModified" text, failure jsonb)),
      moved AS (
        UPDATE feeds f SET
            enqueued_at = NULL,
            last_fetched_at = o."startedAt", last_fetch_id = o."fetchId",
            next_fetch_at = o."nextFetchAt", next_fetch_reason = o."nextFetchReason",
            answer_facts = o."answerFacts", etag = o.etag, last_modified = o."lastModified",
            last_success_at = CASE WHEN failure IS NULL THEN o."startedAt" ELSE f.last_success_at END,
            last_error_class = failure->>'errorClass', last_error = failure->>'error',
            consecutive_failures = CASE WHEN failure IS NULL THEN 0
              WHEN (failure->>'counts')::boolean THEN f.consecutive_failures + 1 ELSE f.consecutive_failures END,
            status = CASE WHEN (failure->>'retires')::boolean THEN 'retired' ELSE f.status END,
            status_reason = CASE WHEN (failure->>'retires')::boolean THEN failure->>'error' ELSE f.status_reason END
          FROM o
         WHERE f.id = ANY(${ids}::uuid[]) AND f.id = o."feedId" AND f.fetch_generation = o.generation
           AND f.enqueued_at IS NOT NULL
        RETURNING o."fetchId" AS id)
      INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, http_status,
          error_class, error, bytes, next_fetch_at, next_fetch_reason)
        SELECT "fetchId", "feedId", kind, "correlationId", "startedAt", "durationMs",
            CASE WHEN failure IS NULL THEN 'unchanged' ELSE 'failed' END, "httpStatus",
            failure->>'errorClass', failure->>'error', bytes, "nextFetchAt", "nextFetchReason"
          FROM o JOIN moved ON moved.id = o."fetchId"
      RETURNING id`);
    const stored = new Set(written.rows.map((row) => row.id));
    return outcomes.map((outcome) => stored.has(outcome.fetchId));
  }
}
