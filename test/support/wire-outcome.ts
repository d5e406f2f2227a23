/** What Postgres and the feeds must hold when the wire of a chaos test has flowed through. */
import { sql } from 'kysely';
import type { Database } from '#storage/database.js';
import type { Hub } from './hub.js';
import type { PartnerSite } from './partner-site.js';
import type { WireItem } from './wire.js';

/** Work that waits, runs or is left leased: all zero when the hub is done. */
export async function restOfWork(database: Database): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`SELECT
    (SELECT count(*) FROM item_batches) AS batches,
    (SELECT count(*) FROM items WHERE processed_version < version) AS unprocessed,
    (SELECT count(*) FROM events WHERE seq IS NULL OR fanned_out_at IS NULL) AS events,
    (SELECT count(*) FROM deliveries WHERE status IN ('pending', 'delivering') OR lease_token IS NOT NULL) AS deliveries,
    (SELECT count(*) FROM feeds WHERE enqueued_at < now() - interval '1 minute') AS claims`.execute(database.db);
  return rows[0] ?? {};
}

/** How many of the items have come, in the version that their feed shows. */
export async function arrivedItems(database: Database, items: WireItem[]): Promise<number> {
  const { rows } = await sql<{ title: string }>`SELECT parsed->>'title' AS title FROM items`.execute(database.db);
  const titles = new Set(items.map(({ title }) => title));
  return rows.filter(({ title }) => titles.has(title)).length;
}

export async function everyItemInOneStory(database: Database, site: PartnerSite, items: WireItem[]): Promise<void> {
  const { rows } = await sql<{ guid: string; feed: string; story_id: string }>`
    SELECT i.parsed->>'id' AS guid, f.url AS feed, si.story_id
      FROM items i JOIN feeds f ON f.id = i.feed_id LEFT JOIN story_items si ON si.item_id = i.id`.execute(database.db);
  expect(rows).toHaveLength(items.length);
  const storyOf = new Map(rows.map((row) => [`${row.feed} ${row.guid}`, row.story_id]));
  const grouped = new Map<string, Set<string | undefined>>();
  for (const item of items) {
    const set = grouped.get(item.story) ?? new Set();
    set.add(storyOf.get(`${site.feedUrl(item.feed)} ${item.guid}`));
    grouped.set(item.story, set);
  }
  const split = [...grouped].filter(([, ids]) => ids.size !== 1 || ids.has(undefined));
  expect(split).toEqual([]);
  // And no two stories were glued together.
  expect(new Set(rows.map((row) => row.story_id)).size).toBe(grouped.size);
}

/** One event for each version of each story, those that nobody is told of too, the first one saying that it was published. */
export async function everyVersionHasOneEvent(database: Database, stories: number): Promise<void> {
  const { rows } = await sql<{ types: string[]; versions: number[]; version: number }>`
    SELECT array_agg(e.type ORDER BY e.seq) AS types, array_agg(e.story_version ORDER BY e.seq) AS versions, s.version
      FROM events e JOIN stories s ON s.id = e.story_id GROUP BY s.id`.execute(database.db);
  expect(rows).toHaveLength(stories);
  for (const { types, versions, version } of rows) {
    expect(versions).toEqual(Array.from({ length: version }, (_, index) => index + 1));
    expect(types).toEqual(['story.published', ...Array<string>(version - 1).fill('story.updated')]);
  }
}

/** The last that was told of a story is what its partner corrected. */
export async function everyCorrectionWasTold(database: Database, corrected: WireItem[]): Promise<void> {
  const { rows } = await sql<{ title: string }>`
    SELECT DISTINCT ON (story_id) body->'story'->>'title' AS title FROM events WHERE story_id IS NOT NULL
     ORDER BY story_id, seq DESC`.execute(database.db);
  const titles = new Set(rows.map(({ title }) => title));
  expect(corrected.map(({ title }) => title).filter((title) => !titles.has(title))).toEqual([]);
}

export async function everyStoryOnceInTheFeed(database: Database, hub: Hub): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM stories WHERE status = 'published' ORDER BY sort_at DESC, id DESC LIMIT 50`.execute(database.db);
  const feed = (await (await fetch(`${hub.publisher}/feeds/all.json`)).json()) as { items: { id: string }[] };
  // The newest fifty, and no more corrections of older ones than a feed repeats.
  expect(feed.items.length).toBeLessThanOrEqual(70);
  expect(new Set(feed.items.map(({ id }) => id)).size).toBe(feed.items.length);
  expect(rows.filter(({ id }) => !feed.items.some((item) => item.id.includes(id)))).toEqual([]);
}

/** Nothing was given up, cancelled, or sent without a record of it. */
export async function everyDeliveryIsDelivered(database: Database): Promise<void> {
  const { rows } = await sql<{ status: string }>`SELECT DISTINCT status FROM deliveries`.execute(database.db);
  expect(rows).toEqual([{ status: 'delivered' }]);
}

/**
 * Days of waiting go by at once: what failed is due again, and paused endpoints are tried. What the hub holds at this
 * moment is left alone.
 */
export async function daysGoBy(database: Database): Promise<void> {
  await sql`
    UPDATE deliveries d SET next_attempt_at = now() FROM (
      SELECT event_id, endpoint_id FROM deliveries WHERE status = 'pending' AND next_attempt_at > now()
      FOR UPDATE SKIP LOCKED
    ) waiting WHERE d.event_id = waiting.event_id AND d.endpoint_id = waiting.endpoint_id`.execute(database.db);
  await sql`
    UPDATE endpoints p SET circuit_until = now() FROM (
      SELECT id FROM endpoints WHERE circuit_until > now() FOR UPDATE SKIP LOCKED
    ) paused WHERE p.id = paused.id`.execute(database.db);
}
