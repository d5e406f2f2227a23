/** Puts many feeds into the throw-away database at once: thousands of API calls would measure themselves. */
import { type ThrowawayDatabase } from './throwaway-database.js';

/** One partner, and a feed for each URL, due now: never fetched, or (with `etag`) as a successful fetch left it. Returns the feeds' ids. */
export async function seedFeeds(
  database: ThrowawayDatabase,
  urls: string[],
  etag: string | null = null,
): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `WITH partner AS (
       INSERT INTO partners (id, slug, name) VALUES (gen_random_uuid(), 'bench', 'Bench')
       ON CONFLICT (slug) DO UPDATE SET name = excluded.name RETURNING id)
     INSERT INTO feeds (id, partner_id, url, news_since, next_fetch_at, etag, last_success_at)
     SELECT gen_random_uuid(), partner.id, url, now() - interval '1 day', now(), $2, CASE WHEN $2::text IS NOT NULL THEN now() END
     FROM partner, unnest($1::text[]) AS url
     RETURNING id`,
    [urls, etag],
  );
  return rows.map((row) => row.id);
}
