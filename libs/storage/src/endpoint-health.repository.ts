/** What attempts say about their endpoints: when they last worked, since when they fail, and when they are given up. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import { uuidV7 } from './uuid.js';

/** What a batch of attempts saw of one endpoint. `goneReason`: it asked to get nothing more (410). */
export interface EndpointSighting {
  endpointId: string;
  succeeded: boolean;
  goneReason: string | null;
}

@Injectable()
export class EndpointHealthRepository {
  constructor(private readonly database: Database) {}

  /**
   * Notes successes and failures. Disables endpoints that are gone, and those that have failed for `patienceDays`
   * without one success, and writes the event that says so. Answers the ones it disabled.
   */
  async note(
    sightings: EndpointSighting[],
    patienceDays: number,
  ): Promise<{ id: string; url: string; status_reason: string }[]> {
    const { rows } = await this.database.prepared(sql<{ id: string; url: string; status_reason: string }>`
      WITH seen AS (
        SELECT * FROM unnest(${sightings.map((one) => one.endpointId)}::uuid[],
          ${sightings.map((one) => one.succeeded)}::boolean[], ${sightings.map((one) => one.goneReason)}::text[],
          ${sightings.map(() => uuidV7())}::uuid[]) AS s(id, succeeded, gone_reason, event_id)
      ), locked AS MATERIALIZED (
        -- Always in the same order: several processes do this for the same endpoints at the same time.
        SELECT id FROM endpoints WHERE id IN (SELECT id FROM seen) ORDER BY id FOR NO KEY UPDATE
      ), judged AS (
        SELECT p.id, s.succeeded, s.event_id, CASE
          WHEN s.gone_reason IS NOT NULL THEN s.gone_reason
          WHEN NOT s.succeeded AND p.first_failure_at < now() - make_interval(days => ${patienceDays})
            THEN 'no attempt has succeeded for ' || ${patienceDays}::int || ' days' END AS verdict
        FROM locked JOIN endpoints p USING (id) JOIN seen s USING (id)
      ), noted AS (
        UPDATE endpoints p SET
          last_success_at = CASE WHEN j.succeeded THEN now() ELSE p.last_success_at END,
          first_failure_at = CASE WHEN j.succeeded THEN NULL ELSE coalesce(p.first_failure_at, now()) END,
          status = CASE WHEN j.verdict IS NULL THEN p.status ELSE 'disabled' END,
          status_reason = coalesce(j.verdict, p.status_reason),
          updated_at = CASE WHEN j.verdict IS NULL THEN p.updated_at ELSE now() END
        FROM judged j WHERE p.id = j.id AND p.status <> 'disabled'
        RETURNING p.id, p.url, p.status, p.status_reason, j.event_id
      ), told AS (
        -- As addEndpointDisabled writes it.
        INSERT INTO events (id, type, endpoint_id, body, correlation_id, created_at)
        SELECT event_id, 'endpoint.disabled', id, jsonb_build_object('endpoint', jsonb_build_object('id', id, 'url', url),
          'reason', status_reason), 'endpoint-' || id, now() FROM noted WHERE status = 'disabled'
      )
      SELECT id, url, status_reason FROM noted WHERE status = 'disabled'`);
    return rows;
  }
}
