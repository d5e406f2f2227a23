/** Partners with feeds and items as the ingestor would have stored them, for tests of what comes after. */
import { createHash, randomUUID } from 'node:crypto';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import type { Database } from '#storage/database.js';
import type { PartnerRights } from '#domain/story-rights.js';
import { uuidV7 } from '#storage/uuid.js';

export interface TestFeed {
  feedId: string;
  partnerId: string;
}

/** A partner with one feed. */
export async function addPartner(
  database: Database,
  name: string,
  facts: { priority?: number; rights?: PartnerRights; isDemo?: boolean } = {},
): Promise<TestFeed> {
  const partnerId = uuidV7();
  await database.db
    .insertInto('partners')
    .values({
      id: partnerId,
      slug: `${name.toLowerCase().replaceAll(' ', '-')}-${partnerId.slice(-6)}`,
      name,
      site_url: 'https://partner.example/',
      priority: facts.priority ?? 0,
      rights: JSON.stringify(facts.rights ?? {}),
      is_demo: facts.isDemo ?? false,
    })
    .execute();
  return { feedId: await addFeed(database, partnerId), partnerId };
}

export async function addFeed(database: Database, partnerId: string): Promise<string> {
  const feedId = uuidV7();
  await database.db
    .insertInto('feeds')
    .values({ id: feedId, partner_id: partnerId, url: `https://${feedId}.example/feed`, news_since: new Date(0) })
    .execute();
  return feedId;
}

export type TestItem = Partial<ParsedItem> & { quietReason?: string };

/**
 * Stores items as one fetch; an item whose `id` the feed knows becomes that item's next version. Answers the fetch's id
 * and the items' in the given order.
 */
export async function receive(
  database: Database,
  { feedId, partnerId }: TestFeed,
  items: readonly TestItem[],
): Promise<{ fetchId: string; itemIds: string[] }> {
  const fetchId = uuidV7();
  const rows = items.map(({ quietReason, ...facts }) => {
    const parsed: ParsedItem = { authors: [], categories: [], media: [], ...facts };
    return {
      id: uuidV7(),
      feed_id: feedId,
      partner_id: partnerId,
      identity_key: parsed.id ?? parsed.url ?? randomUUID(),
      identity_rule: 'guid' as const,
      content_hash: createHash('sha256').update(JSON.stringify(parsed)).digest(),
      parsed: JSON.stringify(parsed),
      published_at: parsed.published ?? null,
      quiet_reason: quietReason ?? null,
      first_fetch_id: fetchId,
      fetch_id: fetchId,
      correlation_id: 'c_test',
    };
  });
  const stored = await database.db
    .insertInto('items')
    .values(rows.toSorted((a, b) => (a.identity_key < b.identity_key ? -1 : 1)))
    .onConflict((conflict) =>
      conflict.columns(['feed_id', 'identity_key']).doUpdateSet((row) => ({
        version: row('items.version', '+', 1),
        parsed: row.ref('excluded.parsed'),
        published_at: row.ref('excluded.published_at'),
        fetch_id: row.ref('excluded.fetch_id'),
        state: 'received',
      })),
    )
    .returning(['id', 'identity_key'])
    .execute();
  await database.db.insertInto('item_batches').values({ fetch_id: fetchId, correlation_id: 'c_test' }).execute();
  const idOf = new Map(stored.map((row) => [row.identity_key, row.id]));
  return { fetchId, itemIds: rows.map((row) => idOf.get(row.identity_key) ?? '') };
}
