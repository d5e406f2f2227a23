/** Where a story got to: the channels that list it and the endpoints that were told of it, with the outcome. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { Database } from './database.js';
import type { DeliveriesTable } from './schema.js';

export interface ReachedChannel {
  slug: string;
  title: string;
}

/** One event on its way to one endpoint. `http_status` and `error` are the last attempt's. */
export interface ReachedEndpoint {
  delivery_id: string;
  endpoint_id: string;
  url: string;
  event_id: string;
  event_type: EventType;
  story_version: number | null;
  status: DeliveriesTable['status'];
  status_reason: string | null;
  attempts: number;
  created_at: Date;
  finished_at: Date | null;
  http_status: number | null;
  error: string | null;
}

/** Deliveries of one story that are shown: a hub may have thousands of endpoints. */
const MOST_DELIVERIES = 200;

@Injectable()
export class StoryReachRepository {
  constructor(private readonly database: Database) {}

  async channels(storyId: string): Promise<ReachedChannel[]> {
    const { rows } = await sql<ReachedChannel>`
      SELECT c.slug, c.title FROM channel_stories cs JOIN channels c ON c.id = cs.channel_id
       WHERE cs.story_id = ${storyId} ORDER BY c.slug`.execute(this.database.db);
    return rows;
  }

  /** The newest first; failed ones are not hidden behind many that went well. */
  async endpoints(storyId: string): Promise<ReachedEndpoint[]> {
    const { rows } = await sql<ReachedEndpoint>`
      SELECT d.id AS delivery_id, d.endpoint_id, p.url, d.event_id, e.type AS event_type, e.story_version, d.status,
             d.status_reason, d.attempts, d.created_at, d.finished_at, a.http_status, a.error
        FROM events e JOIN deliveries d ON d.event_id = e.id JOIN endpoints p ON p.id = d.endpoint_id
        LEFT JOIN LATERAL (
          SELECT http_status, error FROM attempts
           WHERE event_id = d.event_id AND endpoint_id = d.endpoint_id AND id >= d.event_id
           ORDER BY number DESC LIMIT 1) a ON true
       WHERE e.story_id = ${storyId}
       ORDER BY d.status = 'delivered', e.id DESC, p.url LIMIT ${MOST_DELIVERIES}`.execute(this.database.db);
    return rows;
  }
}
