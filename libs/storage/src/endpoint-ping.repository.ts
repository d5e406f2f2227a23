/** A ping: an event for one endpoint, with its delivery, on the same way as every other from there on. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { webhookId } from '#domain/webhook-id.js';
import { Database } from './database.js';
import { RELAY_LOCK } from './event.repository.js';
import { uuidV7 } from './uuid.js';

/** `away`: the endpoint is paused or disabled. `too-soon`: the last ping was less than `PING_EVERY_SECONDS` ago. */
export type PingVerdict =
  { verdict: 'sent'; deliveryId: string; webhookId: string } | { verdict: 'away' } | { verdict: 'too-soon' };

export const PING_EVERY_SECONDS = 5;

@Injectable()
export class EndpointPingRepository {
  constructor(private readonly database: Database) {}

  /** Makes the event and its delivery, due now. The caller broadcasts DELIVERIES_DUE. Undefined when there is no such endpoint. */
  async ping(endpointId: string): Promise<PingVerdict | undefined> {
    return this.database.transaction(async (trx) => {
      const { rows } = await sql<{ url: string; status: string; soon: boolean }>`
        SELECT url, status, coalesce(pinged_at > now() - make_interval(secs => ${PING_EVERY_SECONDS}), false) AS soon
          FROM endpoints WHERE id = ${endpointId} FOR UPDATE`.execute(trx);
      const [endpoint] = rows;
      if (endpoint === undefined) return undefined;
      if (endpoint.status !== 'active') return { verdict: 'away' };
      if (endpoint.soon) return { verdict: 'too-soon' };
      await sql`UPDATE endpoints SET pinged_at = now() WHERE id = ${endpointId}`.execute(trx);
      const eventId = uuidV7();
      const deliveryId = uuidV7();
      const messageId = webhookId(eventId, endpointId);
      const correlationId = `ping-${deliveryId}`;
      // It has gone where it goes: the relay and the fan-out have nothing left to do.
      await sql`SELECT pg_advisory_xact_lock(${RELAY_LOCK})`.execute(trx);
      await sql`
        WITH event AS (
          INSERT INTO events (id, type, endpoint_id, body, correlation_id, created_at, seq, relayed_at, fanned_out_at)
          VALUES (${eventId}, 'ping', ${endpointId}, ${JSON.stringify({ endpoint: { id: endpointId, url: endpoint.url } })},
            ${correlationId}, now(), nextval('event_seq'), now(), now())
          RETURNING seq)
        INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at,
          created_at)
        SELECT ${eventId}, ${endpointId}, ${deliveryId}, ${messageId}, seq, ${correlationId}, 'pending', now(), now()
          FROM event`.execute(trx);
      return { verdict: 'sent', deliveryId, webhookId: messageId };
    });
  }
}
