import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { FeedAdminRepository } from './feed-admin.repository.js';
import { FeedClaimRepository } from './feed-claim.repository.js';
import { IS_FETCHED, REFRESH_REASON } from './feed-hand.js';
import { FeedInHandRepository, type FeedInHand } from './feed-in-hand.repository.js';
import { FeedRepository } from './feed.repository.js';
import { FetchLogRepository } from './fetch-log.repository.js';
import { FetchRepository, type FetchOutcome } from './fetch.repository.js';
import { type FetchedDocument, type FetchedItem, FetchedDocumentRepository } from './fetched-document.repository.js';
import { uuidV7 } from './uuid.js';

let t: TestDatabase;
let feeds: FeedRepository;
let claims: FeedClaimRepository;
let handedOut: FeedInHandRepository;
let fetches: FetchRepository;
let documents: FetchedDocumentRepository;

beforeAll(async () => {
  t = await testDatabase();
  feeds = new FeedRepository(t.database);
  claims = new FeedClaimRepository(t.database);
  handedOut = new FeedInHandRepository(t.database);
  fetches = new FetchRepository(t.database);
  documents = new FetchedDocumentRepository(t.database);
});
afterAll(() => t.drop());
afterEach(async () => {
  await sql`TRUNCATE partners, feeds, items, item_batches, fetches, documents CASCADE`.execute(t.database.db);
});

const add = async (url = `https://${randomUUID()}.example/feed`) =>
  (await feeds.add({ url, newsWindowSeconds: 86_400 })).feedId;
const row = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const due = (id: string) => sql`UPDATE feeds SET next_fetch_at = now() WHERE id = ${id}`.execute(t.database.db);

async function claimed(id: string): Promise<FeedInHand> {
  const claimed = (await claims.claimDue(100)).find((claim) => claim.id === id);
  const [feed] = await handedOut.begin([{ feedId: id, generation: claimed?.generation ?? -1 }]);
  if (!feed) throw new Error('no claim');
  return feed;
}

const outcomeOf = (feed: FeedInHand, facts: Partial<FetchOutcome> = {}): FetchOutcome => ({
  feedId: feed.id,
  generation: feed.generation,
  fetchId: uuidV7(),
  correlationId: 'c_test',
  kind: feed.kind,
  startedAt: feed.startedAt,
  durationMs: 5,
  httpStatus: 200,
  bytes: 10,
  nextFetchAt: new Date(Date.now() + 60_000),
  nextFetchReason: 'every 60 s, for the test',
  answerFacts: null,
  etag: '"a"',
  lastModified: null,
  ...facts,
});

const itemOf = (identityKey: string, title: string): FetchedItem => ({
  identityKey,
  identityRule: 'guid',
  contentHash: Buffer.from(title.padEnd(32)).toString('hex'),
  parsed: { id: identityKey, title, authors: [], categories: [], media: [] },
  publishedAt: '2026-11-23T12:00:00.000Z',
  quietReason: null,
});

const tombstone = (identityKey: string, when: string | null = null) => ({ identityKey, when });

const documentOf = (feed: FeedInHand, items: FetchedItem[]): FetchedDocument => ({
  outcome: outcomeOf(feed),
  partnerId: feed.partnerId,
  isFirst: feed.isFirst,
  document: { contentType: 'text/xml', url: feed.url, bodyHash: Buffer.from('hash'), bodyGzip: Buffer.from('gz') },
  feed: {
    title: 'The Daily Test',
    siteUrl: 'https://daily.example/',
    format: 'rss',
    language: 'en',
    scheduleHints: { ttlMinutes: 5 },
    observed: { spacingSeconds: 600, newestAt: new Date('2026-11-23T12:00:00Z') },
  },
  items,
  problems: [{ code: 'x', message: 'y' }],
});

describe('adding a feed', () => {
  test('gives it a partner named by its host, and is repeatable', async () => {
    const first = await feeds.add({ url: 'https://www.news.example/rss#top', newsWindowSeconds: 3600 });
    const again = await feeds.add({ url: 'https://www.news.example/rss', newsWindowSeconds: 3600 });
    expect(first.created).toBe(true);
    expect(again).toEqual({ ...first, created: false });
    const partner = await t.database.db.selectFrom('partners').selectAll().executeTakeFirstOrThrow();
    expect(partner).toMatchObject({ slug: 'news-example', name: 'www.news.example', named_by_operator: false });
    expect(Date.now() - (await row(first.feedId)).news_since.getTime()).toBeGreaterThan(3_599_000);
  });

  test('two at the same moment make one feed and one partner', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, () => feeds.add({ url: 'https://one.example/', newsWindowSeconds: 0 })),
    );
    expect(new Set(results.map(({ feedId }) => feedId)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await t.database.db.selectFrom('partners').select('slug').execute()).toEqual([{ slug: 'one-example' }]);
  });

  test('two feeds of one host have partners with slugs of their own', async () => {
    await Promise.all(['a', 'b', 'c'].map((path) => add(`https://host.example/${path}`)));
    const slugs = await t.database.db.selectFrom('partners').select('slug').orderBy('slug').execute();
    expect(slugs.map(({ slug }) => slug)).toEqual(['host-example', 'host-example-2', 'host-example-3']);
  });
});

describe('a feed that is paused from the beginning', () => {
  test('is never due, new or brought back', async () => {
    const paused = { url: 'https://quiet.example/feed', newsWindowSeconds: 60, paused: true, title: 'Quiet' };
    const { feedId } = await feeds.add(paused);
    const admin = new FeedAdminRepository(t.database);
    const shown = { status: 'paused', status_reason: 'paused by an operator', title: 'Quiet' };
    expect(await admin.get(feedId)).toMatchObject(shown);
    expect(await claims.claimDue(10)).toEqual([]);
    await admin.retire(feedId);
    expect(await admin.revive(feedId, new Date(), { paused: true, title: 'Quieter' })).toBe(true);
    expect(await admin.get(feedId)).toMatchObject({ ...shown, title: 'Quieter' });
    expect(await claims.claimDue(10)).toEqual([]);
    expect(await admin.revive(feedId, new Date(), { title: 'Loud' })).toBe(false);
    expect(await admin.get(feedId)).toMatchObject({ title: 'Quieter' });
  });

  test('takes all its changes or none', async () => {
    const admin = new FeedAdminRepository(t.database);
    const id = await add('https://old.example/feed');
    const fails = () => Promise.reject(new Error('no settings'));
    await expect(admin.update(id, { url: 'https://new.example/feed', alongside: fails })).rejects.toThrow(
      'no settings',
    );
    await admin.retire(id);
    await expect(admin.revive(id, new Date(), { alongside: fails })).rejects.toThrow('no settings');
    expect(await admin.get(id)).toMatchObject({ url: 'https://old.example/feed', status: 'retired' });
  });
});

describe('claims', () => {
  test('a due feed is claimed once until its claim is stale', async () => {
    const id = await add();
    expect(await claims.claimDue(10)).toEqual([{ id, generation: 1 }]);
    expect(await claims.claimDue(10)).toEqual([]);
    await sql`UPDATE feeds SET enqueued_at = now() - interval '41 seconds'`.execute(t.database.db);
    expect(await claims.claimDue(10)).toEqual([{ id, generation: 2 }]);
  });

  test('claims keep to the number that may be in hand', async () => {
    await Promise.all(Array.from({ length: 12 }, () => add()));
    expect(await claims.claimDue(5)).toHaveLength(5);
    expect(await claims.claimDue(5)).toHaveLength(0);
    expect(await claims.claimDue(8)).toHaveLength(3);
    expect(await claims.countDue()).toBe(12);
  });

  test('many claimers never claim the same feed', async () => {
    await Promise.all(Array.from({ length: 60 }, () => add()));
    const all = (await Promise.all(Array.from({ length: 6 }, () => claims.claimDue(1000)))).flat();
    expect(new Set(all.map(({ id }) => id)).size).toBe(60);
    expect(all).toHaveLength(60);
  });

  test('only the newest claim begins a fetch, until it is fulfilled or given back', async () => {
    const id = await add();
    await claims.claimDue(10);
    const ask = (generation: number) => ({ feedId: id, generation });
    expect(await handedOut.begin([ask(0), ask(2)])).toEqual([]);
    const [feed] = await handedOut.begin([ask(1)]);
    expect(feed).toMatchObject({ id, generation: 1, kind: 'poll', isFirst: true, consecutiveFailures: 0 });
    await handedOut.giveBack([ask(0)]);
    expect(await handedOut.begin([ask(1)])).toHaveLength(1);
    await handedOut.giveBack([ask(1)]);
    expect(await handedOut.begin([ask(1)])).toEqual([]);
    expect(await claims.claimDue(10)).toEqual([{ id, generation: 2 }]);
  });

  test('a claim that waited long in the queue is renewed when its fetch begins', async () => {
    const id = await add();
    await claims.claimDue(10);
    await sql`UPDATE feeds SET enqueued_at = now() - interval '39 seconds'`.execute(t.database.db);
    expect(await handedOut.begin([{ feedId: id, generation: 1 }])).toHaveLength(1);
    expect(Date.now() - ((await row(id)).enqueued_at?.getTime() ?? 0)).toBeLessThan(30_000);
    await sql`UPDATE feeds SET enqueued_at = now() - interval '9 seconds'`.execute(t.database.db);
    await handedOut.begin([{ feedId: id, generation: 1 }]);
    expect(Date.now() - ((await row(id)).enqueued_at?.getTime() ?? 0)).toBeGreaterThan(8_000);
  });

  test('after Redis was emptied everything handed out is claimed anew, and what was being fetched is not written', async () => {
    const [queued, fetching] = [await add(), await add()];
    await claims.claimDue(10);
    const [feed] = await handedOut.begin([{ feedId: fetching, generation: 1 }]);
    const again = await claims.reclaimAll();
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set([queued, fetching]));
    expect(await fetches.writeQuietBatch([{ ...outcomeOf(feed as FeedInHand), failure: null }])).toEqual([false]);
    const [newer] = await handedOut.begin([{ feedId: fetching, generation: 2 }]);
    const outcome = { ...outcomeOf(newer as FeedInHand), failure: null };
    expect(await fetches.writeQuietBatch([outcome])).toEqual([true]);
    expect(await fetches.writeQuietBatch([{ ...outcome, fetchId: uuidV7() }])).toEqual([false]);
  });

  test('a refresh claims a feed that is not due, unless it is in hand', async () => {
    const id = await add();
    await sql`UPDATE feeds SET next_fetch_at = now() + interval '1 day', status = 'paused'`.execute(t.database.db);
    const asked = await claims.claimForRefresh(id);
    expect(asked?.claimed).toEqual({ id, generation: 1 });
    expect((await claims.claimForRefresh(id))?.claimed).toBeNull();
    const [feed] = await handedOut.begin([{ feedId: id, generation: 1 }]);
    expect(feed).toMatchObject({ kind: 'refresh' });
    expect(await claims.progress(id, asked?.at ?? new Date())).toEqual({ finishedFetchId: null, busy: true });
    const outcome = outcomeOf(feed as FeedInHand);
    await fetches.writeQuietBatch([{ ...outcome, failure: null }]);
    expect(await claims.progress(id, asked?.at ?? new Date())).toEqual({
      finishedFetchId: outcome.fetchId,
      busy: false,
    });
    expect(await claims.claimForRefresh(randomUUID())).toBeNull();
  });

  describe('a refresh of a paused feed', () => {
    let id: string;

    beforeEach(async () => {
      id = await add();
      await sql`UPDATE feeds SET next_fetch_at = now() + interval '1 day', status = 'paused'`.execute(t.database.db);
    });

    test('is handed out anew after Redis was emptied, when Redis did not take it, and when its worker was killed', async () => {
      await claims.claimForRefresh(id);
      expect(await claims.reclaimAll()).toEqual([{ id, generation: 2 }]);
      await handedOut.giveBack([{ feedId: id, generation: 2 }]);
      expect(await claims.claimDue(10)).toEqual([{ id, generation: 3 }]);
      await sql`UPDATE feeds SET enqueued_at = now() - interval '41 seconds'`.execute(t.database.db);
      expect(await claims.claimDue(10)).toEqual([{ id, generation: 4 }]);
    });

    test('is made by the scheduler where no ingestor could be told, once', async () => {
      await new FeedAdminRepository(t.database).makeDue(id, REFRESH_REASON);
      expect(await claims.countDue()).toBe(1);
      const feed = await claimed(id);
      expect(feed.kind).toBe('refresh');
      await fetches.writeQuietBatch([{ ...outcomeOf(feed), failure: null }]);
      await due(id);
      expect(await claims.claimDue(10)).toEqual([]);
      expect(await claims.countDue()).toBe(0);
    });

    test('does not wait for a poll that was in the queue when the feed was paused', async () => {
      await sql`UPDATE feeds SET status = 'active', next_fetch_at = now()`.execute(t.database.db);
      expect(await claims.claimDue(10)).toEqual([{ id, generation: 1 }]);
      await new FeedAdminRepository(t.database).update(id, { paused: true });
      expect((await claims.claimForRefresh(id))?.claimed).toEqual({ id, generation: 2 });
    });

    test('is still made when the feed is changed in the meantime', async () => {
      await claims.claimForRefresh(id);
      await new FeedAdminRepository(t.database).update(id, { intervalSeconds: 600 });
      await handedOut.giveBack([{ feedId: id, generation: 1 }]);
      expect((await claimed(id)).kind).toBe('refresh');
    });

    test('ends with the feed', async () => {
      await claims.claimForRefresh(id);
      await new FeedAdminRepository(t.database).retire(id);
      expect(await claims.reclaimAll()).toEqual([]);
      expect(await handedOut.begin([{ feedId: id, generation: 1 }])).toEqual([]);
    });
  });

  test('what is due is found by its index', async () => {
    await add();
    await t.database.db.transaction().execute(async (trx) => {
      await sql`SET LOCAL enable_seqscan = off`.execute(trx);
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        EXPLAIN SELECT id FROM feeds WHERE ${IS_FETCHED} AND next_fetch_at <= now() ORDER BY next_fetch_at LIMIT 5`.execute(
        trx,
      );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('feeds_due');
    });
  });
});

describe('outcomes', () => {
  test('are written in one batch, each under its own claim', async () => {
    const ids = [await add(), await add(), await add()];
    await claims.claimDue(10);
    const held = await handedOut.begin(ids.map((feedId) => ({ feedId, generation: 1 })));
    const [one, two, three] = held as [FeedInHand, FeedInHand, FeedInHand];
    const failure = { errorClass: 'dns', error: 'no such host', counts: true, retires: false };
    const written = await fetches.writeQuietBatch([
      { ...outcomeOf(one, { httpStatus: 304 }), failure: null },
      { ...outcomeOf(two, { httpStatus: null }), failure },
      { ...outcomeOf({ ...three, generation: 2 }), failure: null },
    ]);
    expect(written).toEqual([true, true, false]);
    expect(await row(one.id)).toMatchObject({
      etag: '"a"',
      last_error: null,
      enqueued_at: null,
      last_success_at: one.startedAt,
    });
    expect(await row(two.id)).toMatchObject({
      last_error_class: 'dns',
      last_error: 'no such host',
      consecutive_failures: 1,
      last_success_at: null,
    });
    expect(await row(three.id)).toMatchObject({ enqueued_at: expect.any(Date), etag: null });
    const log = await t.database.db
      .selectFrom('fetches')
      .select(['outcome', 'http_status', 'error'])
      .orderBy('outcome')
      .execute();
    expect(log).toEqual([
      { outcome: 'failed', http_status: null, error: 'no such host' },
      { outcome: 'unchanged', http_status: 304, error: null },
    ]);
  });

  test('failures that do not count leave health alone; 410 retires', async () => {
    const id = await add();
    const fail = async (counts: boolean, retires: boolean) => {
      await due(id);
      const feed = await claimed(id);
      await fetches.writeQuietBatch([
        { ...outcomeOf(feed), failure: { errorClass: 'x', error: 'why', counts, retires } },
      ]);
      return row(id);
    };
    expect(await fail(true, false)).toMatchObject({ consecutive_failures: 1, status: 'active' });
    expect(await fail(false, false)).toMatchObject({ consecutive_failures: 1, status: 'active' });
    expect(await fail(true, true)).toMatchObject({ consecutive_failures: 2, status: 'retired', status_reason: 'why' });
    await due(id);
    expect(await claims.claimDue(10)).toEqual([]);
  });
});

describe('documents', () => {
  test('a first document stores its items, names the partner and leaves work for the processor', async () => {
    const feed = await claimed(await add());
    const document = documentOf(feed, [itemOf('2', 'Two'), itemOf('1', 'One')]);
    expect(await documents.store(document)).toEqual({ itemsNew: 2, itemsChanged: 0, hasWork: true });
    const items = await t.database.db.selectFrom('items').selectAll().orderBy('id').execute();
    expect(items.map(({ identity_key, version, state }) => [identity_key, version, state])).toEqual([
      ['1', 1, 'received'],
      ['2', 1, 'received'],
    ]);
    expect(items[0]?.parsed.title).toBe('One');
    expect(await row(feed.id)).toMatchObject({
      title: 'The Daily Test',
      format: 'rss',
      etag: '"a"',
      enqueued_at: null,
      schedule_hints: { ttlMinutes: 5 },
      item_spacing_seconds: 600,
      newest_item_at: new Date('2026-11-23T12:00:00Z'),
    });
    expect(await t.database.db.selectFrom('partners').select('name').execute()).toEqual([{ name: 'The Daily Test' }]);
    expect(await t.database.db.selectFrom('item_batches').select('fetch_id').execute()).toEqual([
      { fetch_id: document.outcome.fetchId },
    ]);
    const [log] = await t.database.db.selectFrom('fetches').selectAll().execute();
    expect(log).toMatchObject({ outcome: 'changed', items_seen: 2, items_new: 2, document_id: items[0]?.document_id });
  });

  test('of a feed that brings very much in a day not all of it is kept, and all of it is read', async () => {
    const id = await add();
    const log = new FetchLogRepository(t.database);
    const kept: boolean[] = [];
    // Packed; half a hundred megabytes that PostgreSQL packs once more.
    for (const [title, bytes] of [
      ['One', 40e6],
      ['Two', 40e6],
      ['Three', 20],
      ['Four', 1e6],
      ['Five, the next day', 40e6],
    ] as const) {
      if (title.startsWith('Five')) await sql`UPDATE feeds SET kept_on = kept_on - 1`.execute(t.database.db);
      await due(id);
      const document = documentOf(await claimed(id), [itemOf('1', title)]);
      const bodyGzip = title === 'Three' ? gzipSync('<rss/>') : Buffer.alloc(bytes);
      await documents.store({ ...document, document: { ...document.document, bodyGzip } });
      const { document_id, parsed } = await t.database.db
        .selectFrom('items')
        .select(['document_id', 'parsed'])
        .executeTakeFirstOrThrow();
      expect(parsed.title).toBe(title);
      const { size } = await t.database.db
        .selectFrom('documents')
        .select(sql<number>`octet_length(body_gzip)`.as('size'))
        .where('id', '=', document_id)
        .executeTakeFirstOrThrow();
      kept.push(size > 0);
      if (size === 0) expect(await log.document(document_id ?? '')).toBeUndefined();
    }
    expect(kept).toEqual([true, false, true, true, true]);
  });

  test('a later document moves only what changed to a new version', async () => {
    const id = await add();
    await documents.store(documentOf(await claimed(id), [itemOf('1', 'One'), itemOf('2', 'Two')]));
    await due(id);
    const second = documentOf(await claimed(id), [
      itemOf('3', 'Three'),
      itemOf('2', 'Two, corrected'),
      itemOf('1', 'One'),
    ]);
    expect(await documents.store({ ...second, feed: { ...second.feed, title: 'Renamed' } })).toEqual({
      itemsNew: 1,
      itemsChanged: 1,
      hasWork: true,
    });
    const items = await t.database.db
      .selectFrom('items')
      .select(['identity_key', 'version', 'fetch_id', 'first_fetch_id'])
      .orderBy('identity_key')
      .execute();
    expect(
      items.map(({ identity_key, version, fetch_id }) => [identity_key, version, fetch_id === second.outcome.fetchId]),
    ).toEqual([
      ['1', 1, false],
      ['2', 2, true],
      ['3', 1, true],
    ]);
    expect(await t.database.db.selectFrom('partners').select('name').execute()).toEqual([{ name: 'The Daily Test' }]);
    await due(id);
    expect(await documents.store(documentOf(await claimed(id), []))).toEqual({
      itemsNew: 0,
      itemsChanged: 0,
      hasWork: false,
    });
  });

  test('a tombstone of the feed asks once that its item be withdrawn', async () => {
    const id = await add();
    await documents.store(documentOf(await claimed(id), [itemOf('1', 'One'), itemOf('2', 'Two')]));
    const gone = { deleted: [tombstone('2'), tombstone('never was')] };
    for (let times = 0; times < 2; times += 1) {
      await due(id);
      await documents.store({ ...documentOf(await claimed(id), [itemOf('1', 'One')]), ...gone });
    }
    const asked = await t.database.db
      .selectFrom('story_actions')
      .innerJoin('items', 'items.id', 'story_actions.item_id')
      .select(['identity_key', 'kind', 'actor', 'status'])
      .execute();
    expect(asked).toEqual([{ identity_key: '2', kind: 'withdraw-item', actor: 'feed', status: 'waiting' }]);
  });

  test('an entry that is older than its tombstone, in the same document, makes no item', async () => {
    const id = await add();
    const document = documentOf(await claimed(id), [itemOf('1', 'One'), itemOf('2', 'Two')]);
    expect(await documents.store({ ...document, deleted: [tombstone('2')] })).toMatchObject({ itemsNew: 1 });
    expect(await t.database.db.selectFrom('items').select('identity_key').execute()).toEqual([{ identity_key: '1' }]);
  });

  describe('an item that its feed took back and has again', () => {
    const both = [itemOf('1', 'One'), itemOf('2', 'Two')];
    const asked = () => t.database.db.selectFrom('story_actions').select(['kind', 'actor']).orderBy('id').execute();
    const stored = async (id: string, items: FetchedItem[], more: Partial<FetchedDocument> = {}) => {
      await due(id);
      await documents.store({ ...documentOf(await claimed(id), items), ...more });
    };
    const pushed = async (id: string, items: FetchedItem[], more: Partial<FetchedDocument> = {}) => {
      await due(id);
      const document = documentOf(await claimed(id), items);
      await documents.store({ ...document, ...more, outcome: { ...document.outcome, kind: 'push' } });
    };
    /** As the processor does it. */
    const carriedOut = (withdrawn: boolean) =>
      sql`WITH done AS (UPDATE story_actions SET status = 'done' WHERE status = 'waiting' RETURNING item_id)
        UPDATE items SET withdrawn_at = CASE WHEN ${withdrawn} THEN now() END FROM done WHERE id = done.item_id`.execute(
        t.database.db,
      );
    const takenBack = async () => {
      const id = await add();
      await stored(id, both);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      await carriedOut(true);
      return id;
    };

    test('is put back, once, and can be taken back again', async () => {
      const id = await takenBack();
      await stored(id, both);
      await stored(id, both);
      expect((await asked()).map(({ kind }) => kind)).toEqual(['withdraw-item', 'restore-item']);
      await carriedOut(false);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      expect(await asked()).toEqual(
        ['withdraw-item', 'restore-item', 'withdraw-item'].map((kind) => ({ kind, actor: 'feed' })),
      );
    });

    test('is put back, or taken back again, also where the processor has not come to it yet', async () => {
      const id = await add();
      await stored(id, both);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      await stored(id, both);
      await stored(id, both);
      expect((await asked()).map(({ kind }) => kind)).toEqual(['withdraw-item', 'restore-item']);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      await carriedOut(true);
      await stored(id, both);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      expect((await asked()).map(({ kind }) => kind)).toEqual(
        Array.from({ length: 5 }, (_, index) => (index % 2 === 0 ? 'withdraw-item' : 'restore-item')),
      );
    });

    test('is not put back by a push, which may be an old one', async () => {
      const id = await takenBack();
      await pushed(id, both);
      expect(await asked()).toHaveLength(1);
    });

    test('is not taken back again by the old push that took it back, but by a poll', async () => {
      const id = await add();
      await stored(id, both);
      await pushed(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      await carriedOut(true);
      await stored(id, both);
      await carriedOut(false);
      await pushed(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      expect((await asked()).map(({ kind }) => kind)).toEqual(['withdraw-item', 'restore-item']);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2')] });
      expect((await asked()).at(-1)).toEqual({ kind: 'withdraw-item', actor: 'feed' });
    });

    test.each<[string, object, string | null, number]>([
      ['after its last change', { updated: '2026-11-23T12:00:00Z' }, '2026-11-23T12:00:01Z', 1],
      ['at its last change', { updated: '2026-11-23T12:00:00Z' }, '2026-11-23T13:00:00+01:00', 1],
      ['before its last change', { updated: '2026-11-23T12:00:00Z' }, '2026-11-23T11:59:59Z', 0],
      ['before it was published', { published: '2026-11-23T12:00:00Z' }, '2026-11-23T11:59:59Z', 0],
      [
        'between both',
        { published: '2026-11-22T12:00:00Z', updated: '2026-11-23T12:00:00Z' },
        '2026-11-23T00:00:00Z',
        0,
      ],
      ['of no date', { updated: '2026-11-23T12:00:00Z' }, null, 1],
      ['where the item has no date', {}, '2026-11-23T12:00:00Z', 1],
      ['before a change in the future', { updated: '2999-01-01T00:00:00Z' }, '2026-11-23T12:00:00Z', 1],
    ])('is taken back by a pushed tombstone %s, or is not', async (_name, dates, when, times) => {
      const id = await add();
      const two = itemOf('2', 'Two');
      await stored(id, [itemOf('1', 'One'), { ...two, parsed: { ...two.parsed, ...dates } }]);
      await pushed(id, both.slice(0, 1), { deleted: [tombstone('2', when)] });
      expect(await asked()).toHaveLength(times);
      await stored(id, both.slice(0, 1), { deleted: [tombstone('2', when)] });
      expect(await asked()).toHaveLength(1);
    });

    test('is not put back while the rules of its feed refuse it', async () => {
      const id = await takenBack();
      await stored(id, [itemOf('1', 'One'), { ...itemOf('2', 'Two'), blockedReason: 'blocked by rule 1' }]);
      expect(await asked()).toHaveLength(1);
      await stored(id, both);
      expect(await asked()).toHaveLength(2);
    });

    test('stays down where an operator took it down', async () => {
      const id = await takenBack();
      for (const kind of ['restore-item', 'withdraw-item'])
        await sql`INSERT INTO story_actions (id, kind, item_id, actor, request, status)
          SELECT ${uuidV7()}, ${kind}, item_id, 'operator', '{}', 'done' FROM story_actions LIMIT 1`.execute(
          t.database.db,
        );
      await stored(id, both);
      expect((await asked()).filter(({ actor }) => actor === 'feed')).toHaveLength(1);
    });
  });

  test('without the claim nothing is written', async () => {
    const feed = await claimed(await add());
    expect(
      await documents.store(documentOf({ ...feed, generation: feed.generation + 1 }, [itemOf('1', 'One')])),
    ).toBeNull();
    expect(await t.database.db.selectFrom('items').select('id').execute()).toEqual([]);
    expect(await t.database.db.selectFrom('documents').select('id').execute()).toEqual([]);
  });
});
