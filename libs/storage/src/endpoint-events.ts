/** Events about one endpoint. They take the outbox's way like all others; no filter chooses who hears of them. */
import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

/** Writes `endpoint.disabled` in the transaction that disabled it. The relay gives it its number. */
export async function addEndpointDisabled(
  trx: Transaction<Schema>,
  { id, url, status_reason }: { id: string; url: string; status_reason: string | null },
): Promise<void> {
  await trx
    .insertInto('events')
    .values({
      id: uuidV7(),
      type: 'endpoint.disabled',
      endpoint_id: id,
      body: JSON.stringify({ endpoint: { id, url }, reason: status_reason ?? '' }),
      correlation_id: `endpoint-${id}`,
      created_at: sql<Date>`now()`,
    })
    .execute();
}
