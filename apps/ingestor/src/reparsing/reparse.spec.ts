/** Stored documents are read again: what a mended reader finds is written once, whoever dies or interferes on the way. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { ParsedDocument, ParsedItem } from '#contracts/parsed-feed.js';
import type { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { ReparseAdminRepository, type ReparseSelection } from '#storage/reparse-admin.repository.js';
import { ReparseQueueRepository } from '#storage/reparse-queue.repository.js';
import { ReparseStoreRepository } from '#storage/reparse-store.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { until } from '../../../../test/support/until.js';
import type { DocumentParser } from '#feed-reader/document-parser.js';
import { UnreadableFeedError } from '#feed-reader/unreadable-feed-error.js';
import { DocumentTreatment } from '../settings/document-treatment.js';
import { type FeedManner, ORDINARY } from '../settings/feed-manner.js';
import type { FullTextReader } from '../settings/full-text-reader.js';
import type { PartnerFinder } from '../settings/partner-finder.js';
import type { SettingsDesk } from '../settings/settings-desk.js';
import { TreatmentThreads } from '../settings/treatment-threads.js';
import { DocumentRereader } from './document-rereader.js';
import { ReparseRunner } from './reparse-runner.js';

type Entry = Partial<ParsedItem>;
/** The reader of these tests: its documents are lists of entries, and `mend` is what a fix makes of each. */
let mend: (entry: Entry, document: string) => Entry | null = (entry) => entry;
/** The tombstones of the document `last`. */
let buried: string[] = [];
/** Called before a document is read: the place to let something happen meanwhile. */
let meanwhile: () => Promise<void> = () => Promise.resolve();
const parser = {
  parse: async ({ bytes, url }: { bytes: Uint8Array; url: string }) => {
    await meanwhile();
    return read(Buffer.from(bytes).toString(), url);
  },
} as unknown as DocumentParser;

function read(text: string, url: string): ParsedDocument {
  if (!text.startsWith('[')) throw new UnreadableFeedError('not-a-feed', 'this is no feed');
  const items = (JSON.parse(text) as Entry[]).flatMap((entry) => mend(entry, url) ?? []);
  return {
    feed: { format: 'rss', hubs: [], authors: [], categories: [], schedule: {} },
    items: items.map((entry) => ({ authors: [], categories: [], media: [], ...entry })),
    problems: [],
    ...(buried.length > 0 && url === 'last' && { deleted: buried.map((ref) => ({ ref })) }),
  };
}

let t: TestDatabase;
let admin: ReparseAdminRepository;
let queue: ReparseQueueRepository;
const published = jest.fn(async () => true);
beforeAll(async () => {
  Logger.overrideLogger(false);
  t = await testDatabase();
  admin = new ReparseAdminRepository(t.database);
  queue = new ReparseQueueRepository(t.database);
});
afterAll(async () => {
  await threads.onApplicationShutdown();
  await t.drop();
});
beforeEach(async () => {
  mend = (entry) => entry;
  buried = [];
  manner = ORDINARY;
  meanwhile = () => Promise.resolve();
  published.mockClear();
  await sql`DELETE FROM reparse_runs`.execute(t.database.db);
  await sql`DELETE FROM item_batches`.execute(t.database.db);
});

/** A second ingestor is a second runner. */
function ingestor(): ReparseRunner {
  return new ReparseRunner(
    queue,
    new ReparseStoreRepository(t.database),
    rereader(),
    { publish: published } as unknown as JobPublisher,
    new Metrics(),
  );
}

/** What an operator has set for all feeds. */
let manner: FeedManner = ORDINARY;
const threads = new TreatmentThreads();
const treatment = () =>
  new DocumentTreatment(
    threads,
    {} as FullTextReader,
    new FetchedDocumentRepository(t.database),
    {} as PartnerFinder,
    new Metrics(),
  );
const rereader = () =>
  new DocumentRereader(
    new FetchLogRepository(t.database),
    parser,
    { mannerOf: () => Promise.resolve(manner) } as unknown as SettingsDesk,
    treatment(),
  );

let feedNumber = 0;
const addFeed = async () =>
  (await new FeedRepository(t.database).add({ url: `https://p${++feedNumber}.example/`, newsWindowSeconds: 86_400 }))
    .feedId;

/** Stores a document as a poll does with the reader of now: new and changed items are its own. */
async function poll(feedId: string, entries: Entry[] | string, name = 'a'): Promise<string> {
  const [fetchId, documentId] = [uuidV7(), uuidV7()];
  const body = typeof entries === 'string' ? entries : JSON.stringify(entries);
  await t.database.transaction(async (trx) => {
    await sql`SELECT 1 FROM feeds WHERE id = ${feedId} FOR UPDATE`.execute(trx);
    await sql`INSERT INTO documents (id, feed_id, url, body_hash, body_gzip, received_at)
      VALUES (${documentId}, ${feedId}, ${name}, ${createHash('sha256').update(body).digest()}, ${gzipSync(body)}, now())`.execute(
      trx,
    );
    if (typeof entries === 'string') return;
    const feed = { id: feedId, newsSince: new Date(0), isFirst: false };
    const { items } = await treatment().items(feed, ORDINARY, read(body, name), null);
    for (const item of items)
      await sql`INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, published_at,
          first_fetch_id, fetch_id, document_id, correlation_id, processed_version, state)
        SELECT ${uuidV7()}, id, partner_id, ${item.identityKey}, ${item.identityRule}, decode(${item.contentHash}, 'hex'),
          ${JSON.stringify(item.parsed)}, ${item.publishedAt}, ${fetchId}, ${fetchId}, ${documentId}, 'c_poll', 1, 'in-story'
          FROM feeds WHERE id = ${feedId}
        ON CONFLICT (feed_id, identity_key) DO UPDATE SET version = items.version + 1, content_hash = excluded.content_hash,
          parsed = excluded.parsed, document_id = excluded.document_id, processed_version = items.version + 1
          WHERE items.content_hash <> excluded.content_hash`.execute(trx);
  });
  await log('poll', { fetchId, feedId, documentId });
  return documentId;
}

/** As it is stored where a hub pushes again what it could not deliver before: nothing of it is new. */
async function pushLate(feedId: string, entries: Entry[], name: string): Promise<string> {
  const [fetchId, documentId, body] = [uuidV7(), uuidV7(), JSON.stringify(entries)];
  await sql`INSERT INTO documents (id, feed_id, url, body_hash, body_gzip, received_at)
    VALUES (${documentId}, ${feedId}, ${name}, ${createHash('sha256').update(body).digest()}, ${gzipSync(body)}, now())`.execute(
    t.database.db,
  );
  await log('push', { fetchId, feedId, documentId });
  return documentId;
}

const log = (kind: string, { fetchId, feedId, documentId }: Record<'fetchId' | 'feedId' | 'documentId', string>) =>
  sql`INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, document_id)
    VALUES (${fetchId}, ${feedId}, ${kind}, 'c_x', now(), 1, 'changed', ${documentId})`.execute(t.database.db);

/** Ids carry milliseconds: what follows is later than what was before. */
async function aMomentLater(): Promise<void> {
  const now = Date.now();
  await until('the clock moves', () => Date.now() > now + 1);
}

const itemsOf = (feedId: string) =>
  t.database.db.selectFrom('items').selectAll().where('feed_id', '=', feedId).orderBy('identity_key').execute();
const titles = async (feedId: string) => (await itemsOf(feedId)).map(({ parsed }) => parsed.title);

async function reparse(selection: Partial<ReparseSelection> = {}, runner = ingestor()) {
  const { id } = await admin.create({ dryRun: false, requestedBy: 'test', ...selection });
  return finished(id, runner);
}
async function finished(id: string, runner = ingestor()) {
  return until('the run is over', async () => {
    await runner.work();
    const run = await admin.get(id);
    return run?.status === 'done' ? run : undefined;
  });
}

describe('after a fix of the reader', () => {
  it('writes what it reads differently, once, and hands it to the processor', async () => {
    const feedId = await addFeed();
    const documentId = await poll(feedId, [
      { id: '1', title: 'one' },
      { id: '2', title: 'two' },
    ]);
    mend = (entry) => (entry.id === '1' ? { ...entry, title: 'ONE' } : entry);
    const run = await reparse({ feedId });
    expect(run).toMatchObject({
      documents: 1,
      documents_total: 1,
      items_seen: 2,
      items_new: 0,
      items_changed: 1,
      errors: 0,
    });
    expect(run.examples).toEqual([
      {
        feedId,
        documentId,
        change: 'changed',
        identityKey: '1',
        title: 'ONE',
        fields: [{ field: 'title', before: 'one', after: 'ONE' }],
      },
    ]);
    const [one, two] = await itemsOf(feedId);
    expect(one).toMatchObject({ version: 2, processed_version: 1, state: 'received', document_id: documentId });
    expect(two).toMatchObject({ version: 1, state: 'in-story' });
    const fetch = await new FetchLogRepository(t.database).get(one?.fetch_id ?? '');
    expect(fetch).toMatchObject({ kind: 'reparse', outcome: 'changed', items_changed: 1, document_id: documentId });
    const data = { fetchId: one?.fetch_id, correlationId: one?.correlation_id };
    expect(published).toHaveBeenCalledWith('processItems', [{ id: `items-${one?.fetch_id}-0`, data }]);
    expect(await t.database.db.selectFrom('item_batches').select('fetch_id').execute()).toEqual([
      { fetch_id: one?.fetch_id },
    ]);

    const again = await reparse({ feedId });
    expect(again).toMatchObject({ documents: 1, items_new: 0, items_changed: 0, examples: [] });
    expect(await itemsOf(feedId)).toEqual([one, two]);
    expect(published).toHaveBeenCalledTimes(1);
  });

  it('changes nothing without a fix, also where the partner has changed markup between documents', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one', content: '<p>text</p>' }]);
    await poll(feedId, [{ id: '1', title: 'one', content: '<b>text</b>' }]);
    expect(await reparse({ feedId })).toMatchObject({ items_new: 0, items_changed: 0, errors: 0 });
    expect((await itemsOf(feedId))[0]).toMatchObject({ version: 1 });
  });

  it('mends dates, which no poll would call a change', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }]);
    await poll(feedId, [
      { id: '1', title: 'one' },
      { id: '2', title: 'two' },
    ]);
    mend = (entry) => ({ ...entry, published: '2026-08-01T00:00:00.000Z' });
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 2 });
    expect((await itemsOf(feedId)).map(({ published_at }) => published_at?.toISOString())).toEqual(
      Array(2).fill('2026-08-01T00:00:00.000Z'),
    );
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 0 });
  });

  it('finds new items, silently, and takes each from the newest document that holds it', async () => {
    mend = () => null;
    const feedId = await addFeed();
    await poll(feedId, [
      { id: '1', title: 'old text', published: new Date().toISOString() },
      { id: '2', title: 'two' },
    ]);
    const newer = await poll(feedId, [{ id: '1', title: 'new text', published: new Date().toISOString() }]);
    mend = (entry) => entry;
    expect(await reparse({ feedId })).toMatchObject({ documents: 2, items_new: 2, items_changed: 0 });
    const [one, two] = await itemsOf(feedId);
    expect(one).toMatchObject({ version: 1, document_id: newer, parsed: { title: 'new text' } });
    expect([one?.quiet_reason, two?.quiet_reason]).toEqual(
      Array(2).fill(expect.stringMatching(/^backlog: found when a document of 2/)),
    );
    expect(await reparse({ feedId })).toMatchObject({ items_new: 0, items_changed: 0 });
  });

  it('never puts an older text over a newer one', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'first' }], 'old');
    const newer = await poll(feedId, [{ id: '1', title: 'second' }], 'new');
    mend = (entry, document) => (document === 'old' ? { ...entry, title: 'first, mended' } : entry);
    expect(await reparse({ feedId })).toMatchObject({ documents: 2, items_changed: 0 });
    mend = (entry) => ({ ...entry, title: `${entry.title}, mended` });
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 1 });
    expect(await itemsOf(feedId)).toMatchObject([
      { version: 3, document_id: newer, parsed: { title: 'second, mended' } },
    ]);
  });

  it('hears no older form of an item that a hub pushed again, and mends what it stands before', async () => {
    const feedId = await addFeed();
    const at = (hour: number) => ({ updated: `2026-11-2${hour}T12:00:00.000Z` });
    const polled = await poll(feedId, [{ id: '1', title: 'corrected', ...at(2) }], 'polled');
    await pushLate(feedId, [{ id: '1', title: 'wrong', ...at(1) }], 'pushed');
    expect(await reparse({ feedId })).toMatchObject({ documents: 2, items_seen: 2, items_changed: 0 });
    mend = (entry) => ({ ...entry, title: `${entry.title}, mended` });
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 1 });
    expect(await itemsOf(feedId)).toMatchObject([{ document_id: polled, parsed: { title: 'corrected, mended' } }]);
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 0 });
    // What is newer, or was polled, has the word as before.
    await pushLate(feedId, [{ id: '1', title: 'pushed', ...at(3) }], 'pushed');
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 1 });
    expect(await titles(feedId)).toEqual(['pushed, mended']);
    mend = (entry) => ({ ...entry, title: `${entry.title}!`, ...at(0) });
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 1 });
    expect(await titles(feedId)).toEqual(['pushed!']);
  });

  it('brings nothing that the feed has taken back', async () => {
    const feedId = await addFeed();
    mend = (entry) => (entry.id === '1' ? entry : null);
    await poll(feedId, [
      { id: '1', title: 'one' },
      { id: '2', title: 'two' },
    ]);
    await poll(
      feedId,
      [
        { id: '1', title: 'one' },
        { id: '3', title: 'three' },
      ],
      'last',
    );
    mend = (entry) => entry;
    buried = ['2', '3'];
    expect(await reparse({ feedId })).toMatchObject({ documents: 2, items_seen: 4, items_new: 0, items_changed: 0 });
    expect(await titles(feedId)).toEqual(['one']);
  });

  it('takes the word of a newer poll, whatever its dates', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one', updated: '2026-11-22T12:00:00.000Z' }], 'old');
    // Nobody saw the difference when it came.
    mend = (entry) => ({ ...entry, title: 'one' });
    await poll(feedId, [{ id: '1', title: 'restored', updated: '2026-11-21T12:00:00.000Z' }], 'new');
    mend = (entry) => entry;
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 1 });
    expect(await titles(feedId)).toEqual(['restored']);
  });

  it('reads the newest document of all to learn what it holds when only older ones are asked for', async () => {
    const feedId = await addFeed();
    await poll(
      feedId,
      [
        { id: '1', title: 'same' },
        { id: '2', title: 'only here' },
      ],
      'old',
    );
    await aMomentLater();
    const between = new Date();
    await aMomentLater();
    await poll(feedId, [{ id: '1', title: 'same' }], 'new');
    mend = (entry, document) => ({ ...entry, title: `${entry.title} ${document}` });
    expect(await reparse({ feedId, until: between })).toMatchObject({ documents: 1, items_seen: 2, items_changed: 1 });
    expect(await titles(feedId)).toEqual(['same', 'only here old']);
  });
});

describe("after a change of a feed's settings", () => {
  it('applies the rules of now: what they refuse makes no story, what is in one stays, and comes back with them', async () => {
    const feedId = await addFeed();
    mend = (entry) => (entry.id === '3' || entry.id === '4' ? null : entry);
    await poll(feedId, [
      { id: '1', title: 'horoscope in a story' },
      { id: '2', title: 'kept' },
      { id: '3', title: 'horoscope unseen' },
      { id: '4', title: 'found' },
    ]);
    mend = (entry) => entry;
    manner = { ...ORDINARY, rules: [{ action: 'block', field: 'title', operator: 'contains', value: 'horoscope' }] };
    expect(await reparse({ feedId })).toMatchObject({
      items_seen: 4,
      items_new: 1,
      items_changed: 0,
      items_blocked: 2,
    });
    const ruled = await itemsOf(feedId);
    expect(ruled).toMatchObject([
      { version: 2, processed_version: 1, state: 'received' },
      { version: 1, state: 'in-story' },
      {
        version: 1,
        processed_version: 1,
        state: 'dropped',
        state_reason: expect.stringContaining('blocked by rule 1'),
        refused_by: 'feed-rules',
      },
      { version: 1, processed_version: 0, state: 'received' },
    ]);
    const log = await new FetchLogRepository(t.database).get(ruled[3]?.fetch_id ?? '');
    expect(log).toMatchObject({ items_new: 1, items_blocked: 2, blocked: [{ items: 2 }] });
    await reparse({ feedId });
    expect(await itemsOf(feedId)).toEqual(ruled);

    manner = ORDINARY;
    expect(await reparse({ feedId })).toMatchObject({ items_new: 0, items_changed: 2, items_blocked: 0 });
    expect((await itemsOf(feedId))[2]).toMatchObject({ version: 2, processed_version: 1, state: 'received' });
  });

  it('leaves the text of pages where it is, and settles down where it has to wait for a page', async () => {
    const feedId = await addFeed();
    manner = { ...ORDINARY, fullText: true };
    await poll(feedId, [{ id: '1', title: 'one', content: 'teaser' }]);
    await sql`UPDATE items SET parsed = parsed || '{"content": "the whole page"}' WHERE feed_id = ${feedId}`.execute(
      t.database.db,
    );
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 0 });
    mend = (entry) => ({ ...entry, title: 'ONE' });
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 1 });
    expect(await reparse({ feedId })).toMatchObject({ items_changed: 0 });
    expect(await itemsOf(feedId)).toMatchObject([{ version: 2, parsed: { title: 'ONE', content: 'teaser' } }]);
  });
});

describe('a run', () => {
  it('only counts and shows when it is dry', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }]);
    await poll(feedId, [
      { id: '1', title: 'one' },
      { id: '2', title: 'two' },
    ]);
    const before = await itemsOf(feedId);
    mend = (entry) => ({ ...entry, title: `${entry.title}!` });
    const run = await reparse({ feedId, dryRun: true });
    expect(run).toMatchObject({ documents: 2, items_new: 0, items_changed: 2 });
    expect(run.examples.map(({ title }) => title)).toEqual(['one!', 'two!']);
    expect(await itemsOf(feedId)).toEqual(before);
    expect(published).not.toHaveBeenCalled();
    expect(
      await sql`SELECT 1 FROM item_batches UNION ALL SELECT 1 FROM reparse_held`.execute(t.database.db),
    ).toMatchObject({ rows: [] });
  });

  it('goes through all feeds, or those of one partner, and over documents that cannot be read', async () => {
    await sql`DELETE FROM documents`.execute(t.database.db);
    const [first, second] = [await addFeed(), await addFeed()];
    await poll(first, [{ id: '1', title: 'one' }]);
    const broken = await poll(first, 'no feed');
    await poll(second, [{ id: '1', title: 'one' }]);
    await sql`INSERT INTO documents (id, feed_id, url, body_hash, body_gzip, received_at)
      VALUES (${uuidV7()}, ${second}, 'x', '\\x00', '\\x1f8b00', now())`.execute(t.database.db);
    const { partner_id: partnerId } = await t.database.db
      .selectFrom('feeds')
      .select('partner_id')
      .where('id', '=', first)
      .executeTakeFirstOrThrow();
    const part = await reparse({ partnerId });
    expect(part).toMatchObject({
      documents: 2,
      documents_total: 2,
      items_seen: 1,
      errors: 1,
      last_error: `document ${broken}: this is no feed`,
    });
    const all = await reparse();
    expect(all).toMatchObject({ documents: 4, documents_total: 4, errors: 2 });
    expect(all.last_error).toContain('its stored bytes are damaged');
  });

  it('is one for the same selection, and stops when asked to', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }]);
    const asked = { feedId, dryRun: false, requestedBy: 'test' };
    const [one, other] = await Promise.all([admin.create(asked), admin.create(asked)]);
    expect(one.id).toBe(other.id);
    expect([one.isNew, other.isNew].filter(Boolean)).toHaveLength(1);
    mend = (entry) => ({ ...entry, title: 'ONE' });
    meanwhile = async () => void (await admin.stop(one.id));
    await ingestor().work();
    expect(await admin.get(one.id)).toMatchObject({ status: 'stopped', documents: 0, lease_token: null });
    expect(await titles(feedId)).toEqual(['one']);
    expect(await admin.stop(one.id)).toBe(true);
    expect(await admin.stop(uuidV7())).toBe(false);
    expect((await admin.create(asked)).isNew).toBe(true);
  });

  it('is taken over where its worker died, and the dead one writes nothing any more', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }]);
    await poll(feedId, [
      { id: '1', title: 'one' },
      { id: '2', title: 'two' },
    ]);
    mend = (entry) => ({ ...entry, title: `${entry.title}!` });
    const { id } = await admin.create({ feedId, dryRun: false, requestedBy: 'test' });
    let other: Promise<unknown> | undefined;
    meanwhile = async () => {
      meanwhile = () => Promise.resolve();
      // As if this worker had been away for longer than its lease.
      await sql`UPDATE reparse_runs SET lease_until = now() - interval '1 second'`.execute(t.database.db);
      other = finished(id);
      await other;
    };
    await ingestor().work();
    await other;
    expect(await admin.get(id)).toMatchObject({ status: 'done', documents: 2, items_seen: 3, items_changed: 2 });
    expect((await itemsOf(feedId)).map(({ version }) => version)).toEqual([2, 2]);
  });

  it('counts every document once with several ingestors at work', async () => {
    const feeds = await Promise.all(Array.from({ length: 4 }, addFeed));
    for (const feedId of feeds)
      for (let number = 0; number < 5; number++)
        await poll(feedId, [
          { id: '1', title: `${number}` },
          { id: `x${number}`, title: 'x' },
        ]);
    mend = (entry) => ({ ...entry, title: `${entry.title}!` });
    const runs = await Promise.all(feeds.map((feedId) => admin.create({ feedId, dryRun: false, requestedBy: 'test' })));
    const workers = [ingestor(), ingestor(), ingestor()];
    await until('all are done', async () => {
      await Promise.all(workers.map((worker) => worker.work()));
      const states = await Promise.all(runs.map(({ id }) => admin.get(id)));
      return states.every((run) => run?.status === 'done');
    });
    for (const { id } of runs)
      expect(await admin.get(id)).toMatchObject({ documents: 5, documents_total: 5, items_seen: 10, items_changed: 6 });
  });

  it('is claimed alone, whatever plan PostgreSQL makes', async () => {
    const feeds = await Promise.all(Array.from({ length: 5 }, addFeed));
    for (const feedId of feeds) {
      await admin.create({ feedId, dryRun: false, requestedBy: 'test' });
      // Where the table is thought to have one row, a join may run its other side once for each row that there is.
      if (feedId === feeds[0]) await sql`VACUUM ANALYZE reparse_runs`.execute(t.database.db);
    }
    const tokens = Array.from({ length: 5 }, () => uuidV7());
    const claimed = await Promise.all(tokens.map((token) => queue.claim(token)));
    for (const token of tokens) {
      const held = await t.database.db
        .selectFrom('reparse_runs')
        .select('id')
        .where('lease_token', '=', token)
        .execute();
      expect(held.map(({ id }) => id)).toEqual(claimed.flatMap((run) => (run?.token === token ? [run.id] : [])));
    }
  });

  it('reads a document that a poll brings meanwhile before it goes on', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }], 'old');
    mend = (entry, document) => (document === 'old' ? { ...entry, title: 'one, mended' } : entry);
    let newer = '';
    meanwhile = async () => {
      meanwhile = () => Promise.resolve();
      newer = await poll(
        feedId,
        [
          { id: '1', title: 'one' },
          { id: '2', title: 'two' },
        ],
        'new',
      );
    };
    expect(await reparse({ feedId })).toMatchObject({ documents: 2, items_changed: 0 });
    // The newest document holds the item as it was stored: the older one's other text is not wanted.
    expect(await titles(feedId)).toEqual(['one', 'two']);
    expect((await itemsOf(feedId))[1]).toMatchObject({ document_id: newer, version: 1 });
  });

  it('passes over a document whose reading ends its process again and again', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }], 'deadly');
    await poll(feedId, [{ id: '1', title: 'one' }], 'good');
    const { id } = await admin.create({ feedId, dryRun: false, requestedBy: 'test' });
    for (let tries = 0; tries < 6; tries++) {
      expect(await queue.claim(uuidV7())).toMatchObject({ id, tries });
      await sql`UPDATE reparse_runs SET lease_until = now() - interval '1 second'`.execute(t.database.db);
    }
    expect(await finished(id)).toMatchObject({
      documents: 2,
      errors: 1,
      last_error: expect.stringContaining('given up after 6 tries'),
    });
  });

  it('waits while the processor has much to do', async () => {
    const feedId = await addFeed();
    await poll(feedId, [{ id: '1', title: 'one' }]);
    await sql`INSERT INTO item_batches (fetch_id, correlation_id) SELECT gen_random_uuid(), 'c_x' FROM generate_series(1, 500)`.execute(
      t.database.db,
    );
    await admin.create({ feedId, dryRun: false, requestedBy: 'test' });
    expect(await queue.claim(uuidV7())).toBeNull();
    await sql`DELETE FROM item_batches`.execute(t.database.db);
    expect(await queue.claim(uuidV7())).not.toBeNull();
  });

  it('is given back when the hub ends in the middle of it', async () => {
    const feedId = await addFeed();
    for (let number = 0; number < 3; number++) await poll(feedId, [{ id: '1', title: 'one' }]);
    const { id } = await admin.create({ feedId, dryRun: false, requestedBy: 'test' });
    const ending = ingestor();
    meanwhile = async () => {
      void ending.beforeApplicationShutdown();
      return Promise.reject(new UnreadableFeedError('stopped', 'the hub ends'));
    };
    await ending.work();
    expect(await admin.get(id)).toMatchObject({
      status: 'running',
      documents: 0,
      errors: 0,
      lease_token: null,
      tries: 0,
    });
    meanwhile = () => Promise.resolve();
    expect(await finished(id)).toMatchObject({ documents: 3 });
  });
});
