/** Feeds whose address proved to be a page, and feeds that are here already under another address. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A feed that is here, and what it has in common with the one asked about. */
export interface KnownFeed {
  id: string;
  url: string;
  title: string | null;
  status: 'active' | 'paused' | 'retired';
}

/** Of each key the oldest items are looked at: who has a story is told by a few of them. */
const MATCHES_A_KEY = 8;

@Injectable()
export class PageFeedRepository {
  constructor(private readonly database: Database) {}

  /**
   * Puts the feed that its page names in the place of one that was never read. False when that is not so any more, or when
   * another feed has the address.
   */
  async replace(id: string, pageUrl: string, url: string): Promise<boolean> {
    const { rows } = await sql`
      UPDATE feeds SET url = ${url}, discovered_from = ${pageUrl}, etag = NULL, last_modified = NULL, body_hash = NULL,
          enqueued_at = NULL, fetch_generation = fetch_generation + 1, consecutive_failures = 0, last_error_class = NULL,
          last_error = NULL, next_fetch_at = now(), next_fetch_reason = 'just added', updated_at = now()
       WHERE id = ${id} AND last_success_at IS NULL AND NOT EXISTS (SELECT 1 FROM feeds o WHERE o.url = ${url})
      RETURNING id`.execute(this.database.db);
    return rows.length > 0;
  }

  /** Takes a feed away that was never read, with the partner that was made for it alone. */
  async forget(id: string): Promise<void> {
    await this.database.transaction(async (trx) => {
      const { rows } = await sql<{ partner_id: string }>`
        DELETE FROM feeds f WHERE id = ${id} AND last_success_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM items i WHERE i.feed_id = f.id)
        RETURNING partner_id`.execute(trx);
      if (rows[0] === undefined) return;
      await sql`
        DELETE FROM partners p WHERE id = ${rows[0].partner_id} AND NOT named_by_operator
           AND NOT EXISTS (SELECT 1 FROM feeds f WHERE f.partner_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM items i WHERE i.partner_id = p.id)`.execute(trx);
    });
  }

  async byUrls(urls: readonly string[]): Promise<KnownFeed[]> {
    if (urls.length === 0) return [];
    return this.database.db
      .selectFrom('feeds')
      .select(['id', 'url', 'title', 'status'])
      .where('url', 'in', urls)
      .orderBy('id')
      .execute();
  }

  /** Feeds in use that hold items with these keys (as identity has them), and how many of the keys each. */
  async byItemKeys(
    keys: readonly { kind: 'guid' | 'url'; key: string }[],
  ): Promise<(KnownFeed & { shared: number })[]> {
    if (keys.length === 0) return [];
    const { rows } = await sql<KnownFeed & { shared: number }>`
      SELECT f.id, f.url, f.title, f.status, count(DISTINCT k.key)::int AS shared
        FROM unnest(${keys.map(({ kind }) => kind)}::text[], ${keys.map(({ key }) => key)}::text[]) AS k(kind, key)
       CROSS JOIN LATERAL (
         SELECT item_id FROM identity_keys ik
          WHERE ik.kind = k.kind AND ik.key = k.key ORDER BY ik.item_id LIMIT ${MATCHES_A_KEY}) AS m
        JOIN items i ON i.id = m.item_id
        JOIN feeds f ON f.id = i.feed_id
       WHERE f.status <> 'retired'
       GROUP BY f.id ORDER BY shared DESC, f.id LIMIT 10`.execute(this.database.db);
    return rows;
  }
}
