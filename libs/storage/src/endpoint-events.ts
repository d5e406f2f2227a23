/** Events about one endpoint. They take the outbox's way like all others; no filter chooses who hears of them. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

/** Writes `endpoint.disabled` for rows with the event's new id (`event_id`), and the endpoint's `id`, `url` and `status_reason`. */
export function endpointDisabledSql(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`INSERT INTO events (id, type, endpoint_id, body, correlation_id, created_at)
    SELECT event_id, 'endpoint.disabled', id, jsonb_build_object('endpoint', jsonb_build_object('id', id, 'url', url),
      'reason', coalesce(status_reason, '')), 'endpoint-' || id, now() FROM ${rows}`;
}

/** Writes `endpoint.disabled` in the transaction that disabled it. The relay gives it its number. */
export async function addEndpointDisabled(trx: Transaction<Schema>, endpointId: string): Promise<void> {
  await endpointDisabledSql(
    sql`(SELECT ${uuidV7()}::uuid AS event_id, id, url, status_reason FROM endpoints WHERE id = ${endpointId}) disabled`,
  ).execute(trx);
}
