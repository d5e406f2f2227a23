/** One story as the hub would have made it, written straight into the tables, for tests of what is read from them. */
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Database } from '#storage/database.js';
import { uuidV7 } from '#storage/uuid.js';

export interface StorySeed {
  partnerId: string;
  feedId: string;
  title?: string;
  /** SCHEME/SLUG */
  tag?: string;
  isDemo?: boolean;
}

export interface SeededStory {
  storyId: string;
  itemId: string;
  fetchId: string;
  eventId: string;
  seq: number;
}

export const SEED_DOCUMENT = '<rss><script>alert(1)</script></rss>';

export async function seedStory(database: Database, seed: StorySeed): Promise<SeededStory> {
  const { partnerId, feedId, title = 'Storm over the harbour', tag = 'topic/weather', isDemo = false } = seed;
  const [storyId, itemId, fetchId, documentId, eventId, tagId] = Array.from({ length: 6 }, uuidV7);
  const now = new Date();
  const hash = Buffer.alloc(32);
  const [scheme, slug] = tag.split('/');
  return database.transaction(async (trx) => {
    const run = (query: ReturnType<typeof sql>) => query.execute(trx);
    await run(sql`INSERT INTO documents (id, feed_id, content_type, url, body_hash, body_gzip, received_at)
      VALUES (${documentId}, ${feedId}, 'application/rss+xml', 'https://x.example/f', ${hash}, ${gzipSync(SEED_DOCUMENT)}, ${now})`);
    await run(sql`INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, http_status, document_id, items_seen, items_new)
      VALUES (${fetchId}, ${feedId}, 'poll', 'c_seed', ${now}, 12, 'changed', 200, ${documentId}, 1, 1)`);
    await run(sql`INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, first_fetch_id, fetch_id, document_id, correlation_id, processed_version, processed_at, state)
      VALUES (${itemId}, ${feedId}, ${partnerId}, ${itemId}, 'guid', ${hash}, ${JSON.stringify({ id: itemId, title, url: 'https://x.example/a', authors: [], categories: [], media: [] })},
        ${fetchId}, ${fetchId}, ${documentId}, 'c_seed', 1, now(), 'in-story')`);
    await run(sql`INSERT INTO stories (id, slug, leading_item_id, title, summary, content, body_text, language, source_name, published_at, sort_at, is_demo, search)
      VALUES (${storyId}, 'storm', ${itemId}, ${title}, 'Wind and rain.', '<p>Wind and rain.</p>', 'Wind and rain.', 'en', 'Gazette', ${now}, now(), ${isDemo}, to_tsvector('simple', ${title}))`);
    await run(
      sql`INSERT INTO story_items (item_id, story_id, partner_id, rule, evidence) VALUES (${itemId}, ${storyId}, ${partnerId}, 'first', '{}')`,
    );
    await run(sql`INSERT INTO story_partners (story_id, partner_id, sort_at) VALUES (${storyId}, ${partnerId}, now())`);
    await run(
      sql`INSERT INTO tags (id, scheme, slug, name) VALUES (${tagId}, ${scheme}, ${slug}, ${slug}) ON CONFLICT DO NOTHING`,
    );
    await run(sql`INSERT INTO story_tags (story_id, tag_id, source, sort_at)
      SELECT ${storyId}, id, 'partner category', now() FROM tags WHERE scheme = ${scheme} AND slug = ${slug}`);
    await run(
      sql`INSERT INTO story_versions (story_id, version, item_id, changed, title, content) VALUES (${storyId}, 1, ${itemId}, '{}', ${title}, '<p>Wind and rain.</p>')`,
    );
    const { rows } = await sql<{ seq: number }>`
      INSERT INTO events (id, type, story_id, story_version, body, correlation_id, created_at, seq, fanned_out_at)
      VALUES (${eventId}, 'story.published', ${storyId}, 1, ${JSON.stringify({ story: { id: storyId, title } })}, 'c_seed', ${now}, nextval('event_seq'), now())
      RETURNING seq`.execute(trx);
    return { storyId, itemId, fetchId, eventId, seq: rows[0]?.seq ?? 0 } as SeededStory;
  });
}

/** A delivery of the story's event with one failed attempt. */
export async function seedDelivery(database: Database, story: SeededStory, endpointId: string): Promise<string> {
  const id = uuidV7();
  await sql`INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, attempts, next_attempt_at, created_at, finished_at)
    VALUES (${story.eventId}, ${endpointId}, ${id}, 'msg_seed', ${story.seq}, 'c_seed', 'failed', 1, now(), now(), now())`.execute(
    database.db,
  );
  await sql`INSERT INTO attempts (id, event_id, endpoint_id, number, started_at, duration_ms, http_status, error_class, error, response_excerpt)
    VALUES (${uuidV7()}, ${story.eventId}, ${endpointId}, 1, now(), 30, 500, 'status', 'answered 500', ${Buffer.from('Oh no\u0000\u001b[31m')})`.execute(
    database.db,
  );
  return id;
}
