/** Puts many feeds into the throw-away database at once: thousands of API calls would measure themselves. */
import { type ThrowawayDatabase } from './throwaway-database.js';

/** One partner, and a feed for each URL, due now; returns the feeds' ids. */
export async function seedFeeds(database: ThrowawayDatabase, urls: string[]): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `WITH partner AS (
       INSERT INTO partners (id, slug, name) VALUES (gen_random_uuid(), 'bench', 'Bench')
       ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id)
     INSERT INTO feeds (id, partner_id, url, news_since, next_fetch_at)
     SELECT gen_random_uuid(), partner.id, url, now() - interval '1 day', now() FROM partner, unnest($1::text[]) AS url
     RETURNING id`,
    [urls],
  );
  return rows.map((row) => row.id);
}
