/** What attempts say about their endpoints: when they last worked, since when they fail, and when they are given up. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import { endpointDisabledSql } from './endpoint-events.js';
import { uuidV7 } from './uuid.js';

/** So many failures in a row open an endpoint's circuit: nothing is sent until it ends, then one attempt decides. */
const FAILURES_THAT_OPEN = 10;
/** The circuit's first pause; each further one is twice as long, up to the longest. */
const FIRST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 600;
/** How long an endpoint counts as slow after an attempt of its was seen to last long. */
const SLOW_SECONDS = 10;
/** Whatever an endpoint says is cut to this: it is shown beside the endpoint. */
const FAILURE_CHARACTERS = 300;

/**
 * What a batch of attempts saw of one endpoint. `failures`: how many failed, `lastFailure` in words; `goneReason`: it asked
 * to get nothing more (410).
 */
export interface EndpointSighting {
  endpointId: string;
  succeeded: boolean;
  failures: number;
  lastFailure: string | null;
  goneReason: string | null;
}

@Injectable()
export class EndpointHealthRepository {
  constructor(private readonly database: Database) {}

  /**
   * Notes successes and failures. A success closes the circuit; failures in a row open it, and one after its pause opens it
   * for longer. Disables endpoints that are gone, and those that have failed for `patienceDays` without one success, and
   * writes the event that says so. Answers the ones it disabled.
   */
  async note(
    sightings: EndpointSighting[],
    patienceDays: number,
  ): Promise<{ id: string; url: string; status_reason: string }[]> {
    const { rows } = await this.database.prepared(sql<{ id: string; url: string; status_reason: string }>`
      WITH seen AS (
        SELECT * FROM unnest(${sightings.map((one) => one.endpointId)}::uuid[],
          ${sightings.map((one) => one.succeeded)}::boolean[], ${sightings.map((one) => one.goneReason)}::text[],
          ${sightings.map((one) => one.failures)}::int[],
          ${sightings.map((one) => one.lastFailure?.slice(0, FAILURE_CHARACTERS) ?? null)}::text[],
          ${sightings.map(() => uuidV7())}::uuid[])
          AS s(id, succeeded, gone_reason, failures, last_failure, event_id)
      ), locked AS MATERIALIZED (
        -- Always in the same order: several processes do this for the same endpoints at the same time.
        SELECT id FROM endpoints WHERE id IN (SELECT id FROM seen) ORDER BY id FOR NO KEY UPDATE
      ), judged AS (
        SELECT p.id, s.succeeded, s.failures, s.last_failure, s.event_id, NOT s.succeeded AND CASE
          WHEN p.circuit_until IS NULL THEN p.failures_in_row + s.failures >= ${FAILURES_THAT_OPEN}::int
          ELSE p.circuit_until <= now() END AS opens, CASE
          WHEN s.gone_reason IS NOT NULL THEN s.gone_reason
          WHEN NOT s.succeeded AND p.first_failure_at < now() - make_interval(days => ${patienceDays})
            THEN 'no attempt has succeeded for ' || ${patienceDays}::int || ' days' END AS verdict
        FROM locked JOIN endpoints p USING (id) JOIN seen s USING (id)
      ), noted AS (
        UPDATE endpoints p SET
          last_success_at = CASE WHEN j.succeeded THEN now() ELSE p.last_success_at END,
          first_failure_at = CASE WHEN j.succeeded THEN NULL ELSE coalesce(p.first_failure_at, now()) END,
          failures_in_row = CASE WHEN j.succeeded THEN 0 ELSE least(p.failures_in_row + j.failures, 1000000) END,
          last_failure = CASE WHEN j.succeeded THEN NULL ELSE coalesce(j.last_failure, p.last_failure) END,
          circuit_until = CASE WHEN j.succeeded THEN NULL WHEN NOT j.opens THEN p.circuit_until
            -- Spread a little: endpoints of one host are not probed all at once.
            ELSE now() + make_interval(secs => least(${LONGEST_PAUSE_SECONDS}::float8,
              ${FIRST_PAUSE_SECONDS}::float8 * 2 ^ least(p.circuit_openings, 10)) * (0.9 + 0.2 * random())) END,
          circuit_openings = CASE WHEN j.succeeded THEN 0 ELSE p.circuit_openings + j.opens::int END,
          status = CASE WHEN j.verdict IS NULL THEN p.status ELSE 'disabled' END,
          status_reason = coalesce(j.verdict, p.status_reason),
          updated_at = CASE WHEN j.verdict IS NULL THEN p.updated_at ELSE now() END
        FROM judged j WHERE p.id = j.id AND p.status <> 'disabled'
        RETURNING p.id, p.url, p.status, p.status_reason, p.replay_of, j.event_id
      ), told AS (
        -- A replay's copy is nobody's endpoint.
        ${endpointDisabledSql(sql`noted WHERE status = 'disabled' AND replay_of IS NULL`)}
      )
      SELECT id, url, status_reason FROM noted WHERE status = 'disabled'`);
    return rows;
  }

  /** Notes that attempts at these endpoints last long, so that others need not wait for them. */
  async noteSlow(endpointIds: readonly string[]): Promise<void> {
    await this.database.prepared(sql<object>`
      UPDATE endpoints p SET slow_until = now() + make_interval(secs => ${SLOW_SECONDS}::float8)
      FROM (SELECT id FROM endpoints WHERE id = ANY(${endpointIds}::uuid[]) ORDER BY id FOR NO KEY UPDATE) slow
      WHERE p.id = slow.id`);
  }

  /** Endpoints whose circuit is open or half-open. */
  async countCircuits(): Promise<{ open: number; halfOpen: number }> {
    const { rows } = await sql<{ open: number; halfOpen: number }>`
      SELECT count(*) FILTER (WHERE circuit_until > now()) AS open, count(*) FILTER (WHERE circuit_until <= now()) AS "halfOpen"
      FROM endpoints WHERE status = 'active'`.execute(this.database.db);
    return rows[0] ?? { open: 0, halfOpen: 0 };
  }
}
