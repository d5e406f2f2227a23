/** Puts many feeds into the throw-away database at once: thousands of API calls would measure themselves. */
import { type ThrowawayDatabase } from './throwaway-database.js';

/** A feed with a partner of its own for each URL, due now: never fetched, or (with `etag`) as a successful fetch left it. */
export async function seedFeeds(
  database: ThrowawayDatabase,
  urls: string[],
  etag: string | null = null,
): Promise<void> {
  await database.query(
    `WITH wanted AS (SELECT url, number, gen_random_uuid() AS partner_id FROM unnest($1::text[]) WITH ORDINALITY AS w(url, number)),
     partner AS (
       INSERT INTO partners (id, slug, name) SELECT partner_id, 'bench-' || number, 'Bench ' || number FROM wanted)
     INSERT INTO feeds (id, partner_id, url, news_since, next_fetch_at, etag, body_hash, last_success_at)
     SELECT gen_random_uuid(), partner_id, url, now() - interval '1 day', now(), $2,
         CASE WHEN $2::text IS NOT NULL THEN '\\x00'::bytea END, CASE WHEN $2::text IS NOT NULL THEN now() END
     FROM wanted`,
    [urls, etag],
  );
}
