/** The dispatcher's side of deliveries: hand out what is due, take back what got lost, cancel what has nowhere to go. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import { type ClaimedDelivery, type ClaimLimits, claimStatement } from './delivery-claim.js';
import { SILENCED_WHILE_SENT } from './silenced-events.js';

export interface Claim {
  claimed: ClaimedDelivery[];
  backlog: string[];
}

@Injectable()
export class DeliveryDispatchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Claims due deliveries, endpoint by endpoint, each as its gates allow (cap, circuit, rate, order), and shares a full batch
   * evenly. `backlog` names the endpoints that have more due than their cap lets through. 'busy' when another process
   * claims at this moment: caps hold because claims run one after the other.
   */
  async claimDue(limits: ClaimLimits): Promise<Claim | 'busy'> {
    const { rows } = await this.database.prepared(claimStatement(limits));
    if (rows.some((row) => row.endpointId === null)) return 'busy';
    return {
      claimed: rows.filter((row): row is ClaimedDelivery => row.id !== null),
      backlog: rows.flatMap((row) => (row.id === null && row.endpointId !== null ? [row.endpointId] : [])),
    };
  }

  /** Takes claims back that Redis did not accept, so that they are due again at once. */
  async unclaim(claims: ClaimedDelivery[]): Promise<void> {
    await sql`
      UPDATE deliveries d SET status = 'pending', enqueued_at = NULL
      FROM unnest(${claims.map((claim) => claim.eventId)}::uuid[], ${claims.map((claim) => claim.endpointId)}::uuid[],
        ${claims.map((claim) => claim.generation)}::bigint[]) AS c(event_id, endpoint_id, generation)
      WHERE d.event_id = c.event_id AND d.endpoint_id = c.endpoint_id AND d.generation = c.generation
        AND d.enqueued_at IS NOT NULL AND d.lease_token IS NULL`.execute(this.database.db);
  }

  /**
   * Makes due again what is held by a worker no more (it died), and what no worker ever took: handed out more than
   * `patienceSeconds` ago (its job was lost), or to an endpoint that is no longer active; what
   * may not be passed on any more is cancelled instead. Answers how many there were.
   */
  async releaseStale(patienceSeconds: number): Promise<number> {
    const { count } = await this.database.prepared(sql<object>`
      UPDATE deliveries d SET status = CASE WHEN ${SILENCED_WHILE_SENT} THEN 'cancelled' ELSE 'pending' END,
        finished_at = CASE WHEN ${SILENCED_WHILE_SENT} THEN now() END,
        enqueued_at = NULL, lease_token = NULL, lease_until = NULL
      WHERE d.status = 'delivering' AND (d.lease_until < now() OR d.lease_until IS NULL AND (
        d.enqueued_at <= now() - make_interval(secs => ${patienceSeconds})
        OR NOT EXISTS (SELECT FROM endpoints p WHERE p.id = d.endpoint_id AND p.status = 'active')))`);
    return count;
  }

  /** Cancels up to `limit` deliveries of endpoints that are disabled or gone, saying why. Answers how many. */
  async cancelUndeliverable(limit: number): Promise<number> {
    // Steps from endpoint to endpoint through the index: a million pending deliveries cost as much as one.
    const { count } = await this.database.prepared(sql<object>`
      WITH RECURSIVE waiting AS (
        (SELECT endpoint_id FROM deliveries WHERE status = 'pending' ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT (SELECT d.endpoint_id FROM deliveries d WHERE d.status = 'pending' AND d.endpoint_id > w.endpoint_id
          ORDER BY d.endpoint_id LIMIT 1)
        FROM waiting w WHERE w.endpoint_id IS NOT NULL
      ), away AS (
        SELECT w.endpoint_id, coalesce('the endpoint is disabled: ' || p.status_reason, 'the endpoint was removed') AS reason
        FROM waiting w LEFT JOIN endpoints p ON p.id = w.endpoint_id
        WHERE w.endpoint_id IS NOT NULL AND (p.id IS NULL OR p.status = 'disabled')
      ), hopeless AS MATERIALIZED (
        SELECT d.event_id, d.endpoint_id, away.reason FROM away CROSS JOIN LATERAL (
          SELECT event_id, endpoint_id FROM deliveries
          WHERE endpoint_id = away.endpoint_id AND status = 'pending' LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ) d LIMIT ${limit}
      )
      UPDATE deliveries d SET status = 'cancelled', status_reason = h.reason, finished_at = now()
      FROM hopeless h WHERE d.event_id = h.event_id AND d.endpoint_id = h.endpoint_id`);
    return count;
  }

  /** Deliveries that wait and that are handed out. */
  async countOpen(): Promise<{ pending: number; delivering: number }> {
    const { rows } = await sql<{ pending: number; delivering: number }>`
      SELECT (SELECT count(*) FROM deliveries WHERE status = 'pending') AS pending,
        (SELECT count(*) FROM deliveries WHERE status = 'delivering') AS delivering`.execute(this.database.db);
    return rows[0] ?? { pending: 0, delivering: 0 };
  }
}
