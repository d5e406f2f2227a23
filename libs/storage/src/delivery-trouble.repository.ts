/** Deliveries that do not get through, with what the endpoint said last: the operator's first question. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A delivery that has failed for good, or at least once so far. */
export interface TroubledDelivery {
  id: string;
  status: 'failed' | 'pending';
  attempts: number;
  endpoint_url: string | null;
  last_attempt_at: Date | null;
  /** Not before its endpoint's circuit lets one through. */
  next_attempt_at: Date;
  /** Nothing is sent there while it is paused. */
  is_paused: boolean;
  circuit_until: Date | null;
  http_status: number | null;
  error: string | null;
}

@Injectable()
export class DeliveryTroubleRepository {
  constructor(private readonly database: Database) {}

  /** The newest of the last seven days. */
  async newest(limit: number): Promise<TroubledDelivery[]> {
    const { rows } = await sql<TroubledDelivery>`
      SELECT d.id, d.status, d.attempts, p.url AS endpoint_url, a.started_at AS last_attempt_at,
             greatest(d.next_attempt_at, p.circuit_until) AS next_attempt_at, coalesce(p.status = 'paused', false) AS is_paused,
             CASE WHEN p.circuit_until > now() THEN p.circuit_until END AS circuit_until, a.http_status, a.error
        FROM (SELECT * FROM deliveries
               WHERE event_id >= uuid_v7_floor(now() - interval '7 days')
                 AND (status = 'failed' OR (status = 'pending' AND attempts > 0))
               ORDER BY id DESC LIMIT ${limit}) d
        LEFT JOIN endpoints p ON p.id = d.endpoint_id
        LEFT JOIN LATERAL (SELECT started_at, http_status, error FROM attempts
                            WHERE event_id = d.event_id AND endpoint_id = d.endpoint_id
                            ORDER BY id DESC LIMIT 1) a ON true
       ORDER BY d.id DESC`.execute(this.database.db);
    return rows;
  }
}
