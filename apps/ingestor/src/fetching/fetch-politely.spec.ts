/** What polls do beyond their own feed: addresses that move, hosts that ask to wait, networks that fail. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { ParsedDocument } from '#contracts/parsed-feed.js';
import { OutboundHttp } from '#http-client/http-client.js';
import type { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import { FeedInHandRepository } from '#storage/feed-in-hand.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { FetchRepository } from '#storage/fetch.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { testFetcher } from '../../../../test/support/feed-fetcher.js';
import type { DocumentParser } from '#feed-reader/document-parser.js';
import { PushWatch } from '../push/push-watch.js';
import type { FeedScheduler } from '../scheduling/feed-scheduler.js';
import { DocumentMemory } from './document-memory.js';
import { FeedPoller } from './feed-poller.js';
import { ItemHandover } from './item-handover.js';
import { OutcomeWriter } from './outcome-writer.js';

const document: ParsedDocument = {
  feed: { format: 'rss', title: 'Daily', hubs: [], authors: [], categories: [], schedule: {} },
  items: [],
  problems: [],
};
const parser = { parse: () => Promise.resolve(document) } as unknown as DocumentParser;
const SETTINGS = { retryAfterScope: 'host', redirectConfirmFetches: 3 } as const;

let t: TestDatabase;
let http: OutboundHttp;
let poller: FeedPoller;
let closeFetcher: () => Promise<void>;
let claims: FeedClaimRepository;
let server: Server;
let port: number;
let respond: (response: ServerResponse, request: IncomingMessage) => void;

beforeAll(async () => {
  Logger.overrideLogger(false);
  t = await testDatabase();
  http = new OutboundHttp({ allow: ['127.0.0.0/8'] });
});
beforeEach(async () => {
  const { fetcher, sequel, close } = testFetcher(t.database, http, parser, SETTINGS);
  closeFetcher = close;
  const writer = new OutcomeWriter(
    new FetchRepository(t.database),
    new FetchedDocumentRepository(t.database),
    new ItemHandover({ publish: () => Promise.resolve(true) } as unknown as JobPublisher),
    new PushWatch(new FollowedHubRepository(t.database), new FeedSubscriptionRepository(t.database)),
    new Metrics(),
  );
  const scheduler = { pollFinished: () => undefined } as FeedScheduler;
  const memory = new DocumentMemory({ fetchMemoryMegabytes: 128 }, new Metrics());
  poller = new FeedPoller(new FeedInHandRepository(t.database), fetcher, writer, sequel, scheduler, memory);
  claims = new FeedClaimRepository(t.database);
  respond = (response) => response.end('a document');
  await listen(0);
});
afterEach(async () => {
  await closeFetcher();
  await sleepServer();
  await sql`TRUNCATE partners, feeds, fetches, documents, host_slots CASCADE`.execute(t.database.db);
});
afterAll(async () => {
  await http.onApplicationShutdown();
  await t.drop();
});

async function listen(on: number): Promise<void> {
  server = createServer((request, response) => respond(response, request));
  await new Promise<void>((done) => server.listen(on, '0.0.0.0', done));
  ({ port } = server.address() as AddressInfo);
}
async function sleepServer(): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
/** A feed on a host of its own: every address of 127.0.0.0/8 is this machine. */
const add = async (path = '/', host = 1) =>
  (await new FeedRepository(t.database).add({ url: `http://127.0.0.${host}:${port}${path}`, newsWindowSeconds: 0 }))
    .feedId;
async function poll(...feedIds: string[]): Promise<void> {
  for (const feedId of feedIds) {
    const asked = await claims.claimForRefresh(feedId);
    await (
      await poller.start([{ feedId, generation: asked?.claimed?.generation ?? -1 }])
    ).end;
  }
}
const row = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const dayPasses = () => sql`UPDATE feeds SET moved_since = moved_since - interval '25 hours'`.execute(t.database.db);
const redirect = (status: number, from: string, to: string) => {
  respond = (response, request) => {
    if (request.url === from) response.writeHead(status, { location: to }).end();
    else response.end('a document');
  };
};

describe('a permanent redirect', () => {
  test('becomes the address after enough fetches over enough time, and not before', async () => {
    const id = await add('/old');
    redirect(301, '/old', '/new');
    await poll(id, id, id);
    expect(await row(id)).toMatchObject({
      url: `http://127.0.0.1:${port}/old`,
      moved_to: `http://127.0.0.1:${port}/new`,
      moved_fetches: 3,
    });
    await dayPasses();
    await poll(id);
    expect(await row(id)).toMatchObject({
      url: `http://127.0.0.1:${port}/new`,
      former_url: `http://127.0.0.1:${port}/old`,
      moved_to: null,
      moved_fetches: 0,
      consecutive_failures: 0,
    });
  });

  test('that was a slip is forgotten with the first answer at the old address', async () => {
    const id = await add('/old');
    redirect(308, '/old', '/new');
    await poll(id, id);
    respond = (response) => response.end('a document');
    await poll(id);
    expect(await row(id)).toMatchObject({ moved_to: null, moved_since: null, moved_fetches: 0 });
  });

  test('to another place begins anew; a failure in between changes nothing', async () => {
    const id = await add('/old');
    redirect(301, '/old', '/new');
    await poll(id, id);
    respond = (response) => response.writeHead(500).end();
    await poll(id);
    expect(await row(id)).toMatchObject({ moved_fetches: 2 });
    redirect(301, '/old', '/newer');
    await poll(id);
    expect(await row(id)).toMatchObject({ moved_to: `http://127.0.0.1:${port}/newer`, moved_fetches: 1 });
  });

  test.each([302, 303, 307])('is no %i', async (status) => {
    const id = await add('/old');
    redirect(status, '/old', '/new');
    await poll(id);
    expect(await row(id)).toMatchObject({ moved_to: null, last_error: null });
  });

  test('never moves a feed onto the address of another, and says so', async () => {
    const [id, other] = [await add('/old'), await add('/new')];
    redirect(301, '/old', '/new');
    await poll(id, id);
    await dayPasses();
    await poll(id, id);
    expect(await row(id)).toMatchObject({
      url: `http://127.0.0.1:${port}/old`,
      moved_note: `feed ${other} has that address already: retire one of the two`,
      last_error: null,
    });
  });
});

describe('an outage of our own network', () => {
  test('changes no health, not even of the feeds that failed before it was recognised, and ends with the first answer', async () => {
    const ids = await Promise.all([1, 2, 3, 4, 5].map((host) => add('/', host)));
    await poll(...ids);
    await sleepServer();
    await poll(...ids);
    for (const feed of await Promise.all(ids.map(row))) {
      expect(feed).toMatchObject({
        consecutive_failures: 0,
        last_error_class: 'own-outage',
        answer_facts: { scope: 'ours' },
        status: 'active',
        next_fetch_reason: expect.stringMatching(/^trouble on our side: /) as string,
      });
      expect(feed.next_fetch_at.getTime() - Date.now()).toBeLessThan(76_000);
    }
    const log = await t.database.db
      .selectFrom('fetches')
      .select('error_class')
      .where('outcome', '=', 'failed')
      .execute();
    expect(log.map(({ error_class }) => error_class)).toEqual(Array(5).fill('own-outage'));
    await listen(port);
    await poll(...ids);
    expect(await row(ids[4] ?? '')).toMatchObject({ last_error: null, consecutive_failures: 0 });
  });

  test('is not what a single dead host among living ones is, nor a host with many feeds', async () => {
    const [one, two, living] = [await add('/1', 1), await add('/2', 1), await add('/', 9)];
    await poll(one, two, living);
    await sql`UPDATE feeds SET url = 'http://127.0.0.1:1/' || right(url, 1) WHERE id <> ${living}`.execute(
      t.database.db,
    );
    await poll(one, two, living, one, two);
    expect(await row(one)).toMatchObject({
      consecutive_failures: 2,
      last_error_class: 'refused',
      answer_facts: { scope: 'remote' },
    });
    expect(await row(two)).toMatchObject({ consecutive_failures: 2 });
  });
});

test('Retry-After closes the whole host where the setting says so', async () => {
  const id = await add('/busy');
  respond = (response) => response.writeHead(503, { 'retry-after': '600' }).end();
  await poll(id);
  expect(await row(id)).toMatchObject({
    consecutive_failures: 0,
    last_error_class: 'backpressure',
    answer_facts: { retryAfterSeconds: 600, scope: 'backpressure' },
  });
  const neighbour = await add('/neighbour');
  expect(await claims.claimDue(100)).toEqual([]);
  expect(await row(neighbour)).toMatchObject({
    next_fetch_reason: `deferred: the host 127.0.0.1:${port} asks to wait (Retry-After)`,
    has_host_slot: true,
  });
});

test.each(['999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
  'a host that asks to wait for ages (%s) is open again after three days, as its feed is',
  async (retryAfter) => {
    const id = await add('/busy');
    respond = (response) => response.writeHead(429, { 'retry-after': retryAfter }).end();
    await poll(id);
    const { rows } = await sql<{ days: number }>`
      SELECT extract(epoch FROM closed_until - now())::float8 / 86400 AS days FROM host_slots`.execute(t.database.db);
    expect(rows).toEqual([{ days: expect.closeTo(3, 2) as number }]);
    expect((await row(id)).next_fetch_reason).toBe('the partner asks to wait (Retry-After): after 3 days');
  },
);

describe('an answer without news', () => {
  test.each([
    ['a 304', 304, { 'cache-control': 'max-age=7200' }],
    ['the same bytes', 200, { expires: 'Mon, 23 Nov 2026 14:00:00 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' }],
  ])('%s is fresh as long as it says', async (_name, status, headers) => {
    const id = await add();
    await poll(id);
    respond = (response) => response.writeHead(status, headers).end(status === 304 ? undefined : 'a document');
    await poll(id);
    const feed = await row(id);
    expect(feed).toMatchObject({
      next_fetch_reason: 'every 2 h, as the server caches it (max-age)',
      answer_facts: { freshSeconds: 7_200 },
    });
    expect(feed.next_fetch_at.getTime() - Date.now()).toBeGreaterThan(7_190_000);
    expect(feed.next_fetch_at.getTime() - Date.now()).toBeLessThanOrEqual(9_000_000);
  });

  test('one that says nothing leaves nothing behind', async () => {
    const id = await add();
    await poll(id, id);
    expect(await row(id)).toMatchObject({ answer_facts: null, next_fetch_reason: 'every 15 min, the default' });
  });
});

test.each([
  ['announced', (response: ServerResponse) => response.writeHead(200, { 'content-length': '20000000' }).write('x')],
  ['endless', (response: ServerResponse) => pour(response)],
  [
    'packed',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(Buffer.alloc(20_000_000))),
  ],
])('a body that is too large (%s) is an error on the feed, and moves its next poll', async (_name, answer) => {
  const id = await add();
  respond = (response) => void answer(response);
  await poll(id);
  const feed = await row(id);
  expect(feed).toMatchObject({ last_error_class: 'too-large', consecutive_failures: 1, enqueued_at: null });
  expect(feed.next_fetch_at.getTime() - Date.now()).toBeGreaterThan(890_000);
});

function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 'x');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

const zstd = (zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;

test('zstd is asked for where Node has it, and only there', async () => {
  let accepted = '';
  respond = (response, request) => {
    accepted = String(request.headers['accept-encoding']);
    if (zstd) response.writeHead(200, { 'content-encoding': 'zstd' }).end(zstd(Buffer.from('a document')));
    else response.end('a document');
  };
  const id = await add();
  await poll(id);
  expect(accepted.includes('zstd')).toBe(zstd !== undefined);
  expect(await row(id)).toMatchObject({ last_error: null });
});
