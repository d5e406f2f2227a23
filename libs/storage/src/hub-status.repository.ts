/** Counts of what the hub holds and of what waits: the numbers behind the status page and behind "nothing is lost". */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import { IS_FETCHED, NOT_IN_HAND } from './feed-hand.js';

/** All counts. `due` feeds could be fetched now and are not; `enqueued` ones are in the queue or being fetched. */
export interface HubStatus {
  partners: number;
  feeds: { active: number; paused: number; retired: number; failing: number; due: number; enqueued: number };
  items: { total: number; unprocessed: number; batchesWaiting: number };
  stories: { published: number; withdrawn: number; merged: number };
  events: { total: number; unrelayed: number; unpublished: number; lastSeq: number };
  channels: number;
  endpoints: { active: number; paused: number; disabled: number };
  deliveries: { pending: number; delivering: number; delivered: number; failed: number; cancelled: number };
  leases: { deliveries: number };
}

/** A row of the counting statement: where the number belongs, and the number. */
interface Count {
  path: string;
  count: number;
}

@Injectable()
export class HubStatusRepository {
  constructor(private readonly database: Database) {}

  /** One snapshot. Takes as long as counting the deliveries that are kept: a moment per million. */
  async read(): Promise<HubStatus> {
    const { rows } = await sql<Count>`
      SELECT 'partners' AS path, count(*) AS count FROM partners
      UNION ALL SELECT 'feeds.' || status, count(*) FROM feeds GROUP BY status
      UNION ALL SELECT 'feeds.failing', count(*) FROM feeds WHERE status = 'active' AND last_error_class IS NOT NULL
      UNION ALL SELECT 'feeds.due', count(*) FROM feeds
        WHERE ${IS_FETCHED} AND next_fetch_at <= now() AND ${NOT_IN_HAND}
      UNION ALL SELECT 'feeds.enqueued', count(*) FROM feeds WHERE NOT ${NOT_IN_HAND}
      UNION ALL SELECT 'items.total', count(*) FROM items
      UNION ALL SELECT 'items.unprocessed', count(*) FROM items WHERE processed_version < version
      UNION ALL SELECT 'items.batchesWaiting', count(*) FROM item_batches
      UNION ALL SELECT 'stories.' || status, count(*) FROM stories GROUP BY status
      UNION ALL SELECT 'events.total', count(*) FROM events
      UNION ALL SELECT 'events.unrelayed', count(*) FROM events WHERE seq IS NULL
      UNION ALL SELECT 'events.unpublished', count(*) FROM events WHERE seq IS NOT NULL AND fanned_out_at IS NULL
      UNION ALL SELECT 'events.lastSeq', coalesce(max(seq), 0) FROM events
      UNION ALL SELECT 'channels', count(*) FROM channels
      UNION ALL SELECT 'endpoints.' || status, count(*) FROM endpoints WHERE replay_of IS NULL GROUP BY status
      UNION ALL SELECT 'deliveries.' || status, count(*) FROM deliveries GROUP BY status
      UNION ALL SELECT 'leases.deliveries', count(*) FROM deliveries
        WHERE status = 'delivering' AND lease_until > now()`.execute(this.database.db);
    const counts = new Map(rows.map(({ path, count }) => [path, count]));
    const of = (path: string): number => counts.get(path) ?? 0;
    return {
      partners: of('partners'),
      feeds: group(of, 'feeds', ['active', 'paused', 'retired', 'failing', 'due', 'enqueued']),
      items: group(of, 'items', ['total', 'unprocessed', 'batchesWaiting']),
      stories: group(of, 'stories', ['published', 'withdrawn', 'merged', 'withheld']),
      events: group(of, 'events', ['total', 'unrelayed', 'unpublished', 'lastSeq']),
      channels: of('channels'),
      endpoints: group(of, 'endpoints', ['active', 'paused', 'disabled']),
      deliveries: group(of, 'deliveries', ['pending', 'delivering', 'delivered', 'failed', 'cancelled']),
      leases: group(of, 'leases', ['deliveries']),
    };
  }
}

function group<Key extends string>(of: (path: string) => number, name: string, keys: Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, of(`${name}.${key}`)])) as Record<Key, number>;
}
