import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { sql } from 'kysely';
import type { ParsedDocument, ParsedItem } from '#contracts/parsed-feed.js';
import { OutboundHttp } from '#http-client/http-client.js';
import { OutboundError } from '#http-client/outbound-error.js';
import type { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import { FeedInHandRepository } from '#storage/feed-in-hand.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { FetchRepository } from '#storage/fetch.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { testFetcher } from '../../../../test/support/feed-fetcher.js';
import { until } from '../../../../test/support/until.js';
import type { DocumentParser } from '#feed-reader/document-parser.js';
import { UnreadableFeedError } from '#feed-reader/unreadable-feed-error.js';
import { PushWatch } from '../push/push-watch.js';
import type { FeedScheduler } from '../scheduling/feed-scheduler.js';
import { DocumentMemory } from './document-memory.js';
import { FeedPoller } from './feed-poller.js';
import { FetchFeedWorker } from './fetch-feed.worker.js';
import { troubleOf } from './fetch-trouble.js';
import { ItemHandover } from './item-handover.js';
import { OutcomeWriter } from './outcome-writer.js';

/** Documents of these tests are written as the reader's result; what the reader makes of real bytes is its own room. */
const parser = {
  parse: jest.fn(async ({ bytes }: { bytes: Uint8Array }): Promise<ParsedDocument> => {
    if (bytes.length === 0 || bytes[0] !== 0x7b) throw new UnreadableFeedError('not-a-feed', 'this is no feed');
    return JSON.parse(Buffer.from(bytes).toString()) as ParsedDocument;
  }),
};
const item = (facts: Partial<ParsedItem>): ParsedItem => ({ authors: [], categories: [], media: [], ...facts });
const feedOf = (...items: Partial<ParsedItem>[]): ParsedDocument => ({
  feed: { format: 'rss', title: 'The Daily Test', hubs: [], authors: [], categories: [], schedule: { ttlMinutes: 10 } },
  items: items.map(item),
  problems: [],
});

let t: TestDatabase;
let base: string;
const metrics = new Metrics();
let memory: DocumentMemory;
let poller: FeedPoller;
let worker: FetchFeedWorker;
let respond: (response: ServerResponse, headers: IncomingHttpHeaders, path: string) => void;
const published = jest.fn(async () => true);
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  t = await testDatabase();
  const server = createServer((request, response) => respond(response, request.headers, request.url ?? ''));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = new OutboundHttp({
    allow: [`127.0.0.1/32:${new URL(base).port}`, '127.0.0.2/32'],
    lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
  });
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => http.onApplicationShutdown(),
  );
  const { fetcher, sequel, close } = testFetcher(t.database, http, parser as unknown as DocumentParser);
  closers.push(close);
  memory = new DocumentMemory({ fetchMemoryMegabytes: 16 }, metrics);
  poller = new FeedPoller(
    new FeedInHandRepository(t.database),
    fetcher,
    new OutcomeWriter(
      new FetchRepository(t.database),
      new FetchedDocumentRepository(t.database),
      new ItemHandover({ publish: published } as unknown as JobPublisher),
      new PushWatch(new FollowedHubRepository(t.database), new FeedSubscriptionRepository(t.database)),
      new Metrics(),
    ),
    sequel,
    { pollFinished: () => undefined } as FeedScheduler,
    memory,
  );
  worker = new FetchFeedWorker(poller);
});
afterAll(async () => {
  await poller.beforeApplicationShutdown();
  for (const close of closers) await close();
  await t.drop();
});
beforeEach(() => {
  parser.parse.mockClear();
  published.mockClear();
});

let feedNumber = 0;
async function addFeed(url = `${base}/${++feedNumber}`): Promise<string> {
  return (await new FeedRepository(t.database).add({ url, newsWindowSeconds: 86_400 })).feedId;
}
/** Claims the feed as a refresh does, and works its job. */
async function fetchNow(feedId: string): Promise<void> {
  const asked = await new FeedClaimRepository(t.database).claimForRefresh(feedId);
  await worker.process(jobOf([feedId, asked?.claimed?.generation ?? -1]));
}
const jobOf = (...feeds: [feedId: string, generation: number][]) =>
  ({ id: 'job', data: { feeds: feeds.map(([feedId, generation]) => ({ feedId, generation })) } }) as Job<unknown>;
const row = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const itemsOf = (id: string) =>
  t.database.db.selectFrom('items').selectAll().where('feed_id', '=', id).orderBy('identity_key').execute();
const lastFetch = (id: string) =>
  t.database.db
    .selectFrom('fetches')
    .selectAll()
    .where('feed_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
const send = (document: ParsedDocument, headers: Record<string, string> = {}) => {
  respond = (response) => response.writeHead(200, headers).end(JSON.stringify(document));
};

describe('a feed that answers', () => {
  test('is stored, asked conditionally, and found unchanged', async () => {
    const id = await addFeed();
    send(
      feedOf(
        { id: '1', title: 'One', published: new Date().toISOString() },
        { id: '2', title: 'Old', published: '2020-01-01T00:00:00Z' },
        { id: '3', title: 'Undated' },
      ),
      {
        etag: 'W/"opaque"',
        'last-modified': 'Mon, 23 Nov 2026 12:00:00 GMT',
      },
    );
    await fetchNow(id);
    expect((await itemsOf(id)).map(({ quiet_reason }) => quiet_reason?.slice(0, 18) ?? null)).toEqual([
      null,
      'backlog: published',
      'backlog: without a',
    ]);
    const { fetchId, correlationId } = {
      fetchId: (await lastFetch(id)).id,
      correlationId: (await lastFetch(id)).correlation_id,
    };
    await until('the items are handed over', () => published.mock.calls.length > 0);
    expect(published).toHaveBeenCalledWith('processItems', [
      { id: `items-${fetchId}-0`, data: { fetchId, correlationId } },
    ]);
    expect(correlationId).toMatch(/^c_[0-9a-z]{12}$/);

    let asked: IncomingHttpHeaders = {};
    respond = (response, headers) => {
      asked = headers;
      response.writeHead(304, { 'cache-control': 'max-age=7200' }).end();
    };
    await fetchNow(id);
    expect(asked).toMatchObject({
      'if-none-match': 'W/"opaque"',
      'if-modified-since': 'Mon, 23 Nov 2026 12:00:00 GMT',
    });
    expect(asked['user-agent']).toBe('Dateline (1 subscriber)');
    expect(await lastFetch(id)).toMatchObject({ outcome: 'unchanged', http_status: 304, kind: 'refresh' });
    expect(await row(id)).toMatchObject({
      etag: 'W/"opaque"',
      next_fetch_reason: 'every 2 h, as the server caches it (max-age)',
      enqueued_at: null,
    });
  });

  test('with the same bytes is not parsed again, but its validators are kept', async () => {
    const id = await addFeed();
    send(feedOf({ id: '1', title: 'One' }), { etag: '"a"' });
    await fetchNow(id);
    send(feedOf({ id: '1', title: 'One' }), { etag: '"b"' });
    await fetchNow(id);
    expect(parser.parse).toHaveBeenCalledTimes(1);
    expect(await row(id)).toMatchObject({ etag: '"b"', next_fetch_reason: 'every 10 min, as the feed asks (ttl)' });
    expect(await lastFetch(id)).toMatchObject({ outcome: 'unchanged', http_status: 200 });
  });

  test('stores a changed item as a new version, and text that PostgreSQL would refuse', async () => {
    const id = await addFeed();
    send(feedOf({ id: '1', title: 'One' }));
    await fetchNow(id);
    send(feedOf({ id: '1', title: 'One, \u0000corrected \ud800' }));
    await fetchNow(id);
    const [only] = await itemsOf(id);
    expect(only).toMatchObject({ version: 2, parsed: { title: 'One, corrected \ufffd' } });
    expect(await lastFetch(id)).toMatchObject({ items_new: 0, items_changed: 1 });
  });
});

describe('the memory that documents take', () => {
  const gauge = async (name: string): Promise<number> =>
    (await metrics.registry.getSingleMetric(`dateline_fetching_memory_${name}`)?.get())?.values[0]?.value ?? NaN;
  const one = () => feedOf({ id: '1', title: 'One' });

  test('is counted until they are stored, and free again', async () => {
    const id = await addFeed();
    send(one());
    let whileRead = 0;
    parser.parse.mockImplementationOnce(async ({ bytes }) => {
      whileRead = await gauge('bytes');
      return JSON.parse(Buffer.from(bytes).toString()) as ParsedDocument;
    });
    await fetchNow(id);
    expect(whileRead).toBe(JSON.stringify(one()).length);
    expect(await gauge('bytes')).toBe(0);
  });

  test.each<[string, () => void]>([
    ['that cannot be read', () => (respond = (response) => response.end('Hello'))],
    ['that breaks off', () => (respond = (response) => response.write('{', () => response.destroy()))],
    [
      'that cannot be unpacked',
      () => (respond = (response) => response.writeHead(200, { 'content-encoding': 'br' }).end('{}')),
    ],
    [
      'that something of ours breaks at',
      () => {
        send(one());
        parser.parse.mockRejectedValueOnce(new Error('a mistake of ours'));
      },
    ],
  ])('is free again after one %s', async (_name, prepare) => {
    const id = await addFeed();
    prepare();
    await fetchNow(id);
    expect(await lastFetch(id)).toMatchObject({ outcome: 'failed' });
    expect(await gauge('bytes')).toBe(0);
  });

  test('is waited for: the poll goes on as soon as there is room', async () => {
    const id = await addFeed();
    send(one());
    const others = memory.open();
    others.take(17 * 1024 * 1024);
    const before = await gauge('pauses');
    const fetched = fetchNow(id);
    await until('it waits', async () => (await gauge('pauses')) > before);
    expect(await itemsOf(id)).toHaveLength(0);
    others.close();
    await fetched;
    await until('it is stored', async () => (await itemsOf(id)).length === 1);
    await until('it is free again', async () => (await gauge('bytes')) === 0);
  });

  test('and a poll that found no room in time is not held against the feed', () => {
    expect(troubleOf(new OutboundError('busy', 'no room', 'ours'))).toEqual({
      errorClass: 'busy',
      error: 'no room',
      scope: 'ours',
    });
  });
});

describe('a feed in trouble', () => {
  test.each<[string, number, string, Record<string, string>, object]>([
    [
      '500',
      500,
      '',
      {},
      { last_error_class: 'http', consecutive_failures: 1, next_fetch_reason: 'failed once: after 15 min' },
    ],
    ['404', 404, '', {}, { last_error_class: 'http', last_error: 'the partner answered with status 404' }],
    ['410', 410, '', {}, { last_error_class: 'gone', status: 'retired' }],
    [
      '429',
      429,
      '',
      { 'retry-after': '7200' },
      {
        last_error_class: 'backpressure',
        consecutive_failures: 0,
        next_fetch_reason: 'the partner asks to wait (Retry-After): after 2 h',
      },
    ],
    ['503', 503, '', {}, { last_error_class: 'backpressure', consecutive_failures: 0 }],
    ['304 to a first request', 304, '', {}, { last_error_class: 'http', consecutive_failures: 1 }],
    ['no feed', 200, 'Hello', {}, { last_error_class: 'not-a-feed', last_error: 'this is no feed' }],
    ['a redirect loop', 302, '', { location: '?' }, { last_error_class: 'too-many-redirects' }],
    ['a redirect inside', 302, '', { location: 'http://169.254.169.254/' }, { last_error_class: 'blocked' }],
    ['a redirect to loopback', 302, '', { location: 'http://127.0.0.1:1/' }, { last_error_class: 'blocked' }],
    ['too much', 200, '', { 'content-length': '300000000' }, { last_error_class: 'too-large' }],
  ])('%s', async (_name, status, body, headers, expected) => {
    const id = await addFeed();
    respond = (response) => {
      response.writeHead(status, headers).write(body || ' ');
      // An announced length that is never sent: the connection stays open.
      if (!('content-length' in headers)) response.end();
    };
    await fetchNow(id);
    expect(await row(id)).toMatchObject({ etag: null, enqueued_at: null, ...expected });
    expect(await lastFetch(id)).toMatchObject({ outcome: 'failed' });
  });

  test.each([
    ['http://127.0.0.2:1/', 'refused'],
    ['http://no-such-host.example/', 'dns'],
    ['http://10.0.0.1/', 'blocked'],
  ])('%s is %s', async (url, errorClass) => {
    const id = await addFeed(url);
    await fetchNow(id);
    expect(await row(id)).toMatchObject({ last_error_class: errorClass, consecutive_failures: 1 });
  });

  test('keeps its validators, and is healthy again with the next good answer', async () => {
    const id = await addFeed();
    send(feedOf({ id: '1', title: 'One' }), { etag: '"a"' });
    await fetchNow(id);
    respond = (response) => response.writeHead(500, { etag: '"error page"' }).end('<html>');
    await fetchNow(id);
    expect(await row(id)).toMatchObject({ etag: '"a"', consecutive_failures: 1 });
    respond = (response) => response.writeHead(304).end();
    await fetchNow(id);
    expect(await row(id)).toMatchObject({ consecutive_failures: 0, last_error: null, last_error_class: null });
  });
});

describe('the worker', () => {
  test('an outdated or fulfilled claim does nothing', async () => {
    const id = await addFeed();
    send(feedOf());
    await worker.process(jobOf([id, 7]));
    expect(await row(id)).toMatchObject({ last_fetched_at: null });
    await fetchNow(id);
    const { last_fetch_id, fetch_generation } = await row(id);
    await worker.process(jobOf([id, fetch_generation]));
    expect(await row(id)).toMatchObject({ last_fetch_id });
  });

  test('polls all feeds of a job together, and leaves the slow ones behind', async () => {
    const [quick, slow] = [await addFeed(), await addFeed()];
    const slowPath = new URL((await row(slow)).url).pathname;
    let answerSlow = (): void => undefined;
    respond = (response, _headers, path) => {
      const answer = () => response.end(JSON.stringify(feedOf({ id: path, title: path })));
      if (path === slowPath) answerSlow = answer;
      else answer();
    };
    const claimed = await new FeedClaimRepository(t.database).claimDue(1000);
    await worker.process(jobOf(...claimed.map(({ id, generation }): [string, number] => [id, generation])));
    expect(await itemsOf(quick)).toHaveLength(1);
    expect(await itemsOf(slow)).toHaveLength(0);
    answerSlow();
    await until('the slow feed is stored', async () => (await itemsOf(slow)).length === 1);
  });

  test('says on the feed when something of ours breaks, without blaming the partner', async () => {
    const id = await addFeed();
    send(feedOf({ id: '1', title: 'One' }));
    parser.parse.mockRejectedValueOnce(new Error('a mistake of ours'));
    await fetchNow(id);
    expect(await row(id)).toMatchObject({
      last_error: 'trouble in the hub: a mistake of ours',
      last_error_class: 'internal',
      consecutive_failures: 0,
      next_fetch_reason: 'trouble on our side: after 60 s',
    });
  });

  test('what PostgreSQL will never take counts as a failure, and is not asked for again every minute', async () => {
    const id = await addFeed();
    send(feedOf({ id: '1', title: 'One' }));
    const refused = Object.assign(new Error('index row size 5000 exceeds btree version 4 maximum 2704'), {
      code: '54000',
    });
    parser.parse.mockRejectedValueOnce(refused);
    await fetchNow(id);
    expect(await row(id)).toMatchObject({
      last_error: 'the document cannot be stored: index row size 5000 exceeds btree version 4 maximum 2704',
      last_error_class: 'unstorable',
      consecutive_failures: 1,
      next_fetch_reason: 'failed once: after 15 min',
    });
  });

  test('a feed with a title and a home page as long as books is stored, and shown short', async () => {
    const id = await addFeed();
    const homeUrl = `https://daily.example/${randomBytes(3_000).toString('hex')}`;
    send({ ...feedOf({ id: '1', title: 'One' }), feed: { ...feedOf().feed, title: 'Daily '.repeat(2_000), homeUrl } });
    await fetchNow(id);
    const { title, site_url, last_error, partner_id } = await row(id);
    expect({ site_url, last_error }).toEqual({ site_url: null, last_error: null });
    expect(title).toMatch(/^Daily .{290,293}…$/);
    const partner = await t.database.db
      .selectFrom('partners')
      .select('name')
      .where('id', '=', partner_id)
      .executeTakeFirstOrThrow();
    expect(partner.name).toBe(title);
  });

  test('a feed whose title nobody can see has none', async () => {
    const id = await addFeed();
    const { name } = await t.database.db
      .selectFrom('partners')
      .select('name')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    send({ ...feedOf({ id: '1', title: 'One' }), feed: { ...feedOf().feed, title: '\u00ad\u200b ' } });
    await fetchNow(id);
    const { title, partner_id } = await row(id);
    expect(title).toBeNull();
    const partner = await t.database.db
      .selectFrom('partners')
      .select('name')
      .where('id', '=', partner_id)
      .executeTakeFirstOrThrow();
    expect(partner.name).toBe(name);
  });

  test('a document of bad guids leaves a bounded line in the log', async () => {
    const id = await addFeed();
    const bad = Array.from({ length: 1_000 }, (_each, at) => ({ id: 'x', title: `${at}`, url: `${base}/items/${at}` }));
    send(feedOf(...bad));
    await fetchNow(id);
    const { problems, items_new } = await lastFetch(id);
    expect(items_new).toBe(1_000);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toMatch(/^and 900 more /);
  });

  test('an archive that floods back under new ids is no news, however long the feed is here', async () => {
    const id = await addFeed();
    await sql`UPDATE feeds SET news_since = now() - interval '300 days' WHERE id = ${id}`.execute(t.database.db);
    const days = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
    send(feedOf({ id: 'today', title: 'a', published: days(0) }));
    await fetchNow(id);
    send(
      feedOf(
        { id: 'old', title: 'b', published: days(100) },
        { id: 'late', title: 'c', published: days(10) },
        { id: 'undated', title: 'd' },
      ),
    );
    await fetchNow(id);
    expect((await itemsOf(id)).map(({ identity_key, quiet_reason }) => [identity_key, quiet_reason])).toEqual([
      ['late', null],
      ['old', expect.stringMatching(/^backlog: published /) as string],
      ['today', null],
      ['undated', null],
    ]);
  });

  test('survives a connection that is cut while it writes', async () => {
    const id = await addFeed();
    send(feedOf({ id: '1', title: 'One' }));
    parser.parse.mockImplementationOnce(async ({ bytes }) => {
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`.execute(t.database.db);
      return JSON.parse(Buffer.from(bytes).toString()) as ParsedDocument;
    });
    await fetchNow(id);
    await until('it is stored all the same', async () => (await itemsOf(id)).length === 1);
  });

  test('frees its feeds when the process ends', async () => {
    const id = await addFeed();
    respond = () => void poller.beforeApplicationShutdown();
    await fetchNow(id);
    expect(await row(id)).toMatchObject({
      enqueued_at: null,
      last_fetched_at: null,
      last_error: null,
    });
    await expect(worker.process(jobOf([id, 1]))).rejects.toThrow('the process ends');
  });
});
