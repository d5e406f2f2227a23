/** The whole ingestor, started as its process starts it, against real feeds, Postgres and Redis. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import type { Config } from '#config/config.js';
import { PREVIEW_FEED, REFRESH_FEED, type RefreshFeedReply } from '#contracts/commands.js';
import { CommandClient } from '#messaging/command-client.js';
import type { RunningService } from '#service/start-service.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { until } from '../../../../test/support/until.js';
import { startIngestor } from '../bootstrap.js';

const RSS = (...titles: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Loopback Daily</title><link>http://daily.example/</link>${titles
    .map(
      (title) => `<item><guid>${title}</guid><title>${title}</title><link>http://daily.example/${title}</link></item>`,
    )
    .join('')}</channel></rss>`;

let t: TestDatabase;
let config: Config;
let ingestor: RunningService;
let commands: CommandClient;
let server: Server;
let base: string;
const pages = new Map<string, (response: ServerResponse) => void>();
const hits = new Map<string, number>();

beforeAll(async () => {
  t = await testDatabase();
  server = createServer((request, response) => {
    const path = request.url ?? '';
    hits.set(path, (hits.get(path) ?? 0) + 1);
    const page = pages.get(path);
    if (page) page(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = testConfig(t.url, { fetchIntervalSeconds: 1, fetchIntervalMinSeconds: 1, ingestorPort: 0 });
  ingestor = await startIngestor(config, 'ingestor');
  commands = new CommandClient(config);
  commands.onApplicationBootstrap();
});
afterAll(async () => {
  await commands.beforeApplicationShutdown();
  await ingestor.close();
  server.closeAllConnections();
  server.close();
  await t.drop();
});

const serve = (path: string, ...titles: string[]) =>
  pages.set(path, (response) => response.setHeader('content-type', 'application/rss+xml').end(RSS(...titles)));
const add = async (path: string) =>
  (await new FeedRepository(t.database).add({ url: base + path, newsWindowSeconds: 0 })).feedId;
const row = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const itemCount = async (id: string) =>
  (await t.database.db.selectFrom('items').select('id').where('feed_id', '=', id).execute()).length;
const pause = (id: string) =>
  t.database.db.updateTable('feeds').set({ status: 'paused' }).where('id', '=', id).execute();

test('a feed is fetched soon after it was added, and again on schedule', async () => {
  serve('/news', 'one', 'two');
  const id = await add('/news');
  await until('its items are stored', async () => (await itemCount(id)) === 2);
  expect(await row(id)).toMatchObject({ title: 'Loopback Daily', site_url: 'http://daily.example/', last_error: null });
  serve('/news', 'one', 'two', 'three');
  await until('the new item is stored', async () => (await itemCount(id)) === 3);
  await pause(id);
});

test('a broken neighbour delays nobody', async () => {
  const broken = ['/hang', '/drip', '/reset'];
  pages.set('/hang', () => undefined);
  pages.set('/drip', (response) => {
    const timer = setInterval(() => response.write('<rss>'), 100);
    response.on('close', () => clearInterval(timer));
  });
  pages.set('/reset', (response) => response.destroy());
  const ids = await Promise.all(broken.map(add));
  await until('the hanging feeds are asked', () => broken.every((path) => hits.has(path)));
  serve('/good', 'one');
  const good = await add('/good');
  await until('the good feed is read', async () => (await itemCount(good)) === 1);
  await until('the broken one says why', async () => (await row(ids[2] ?? '')).last_error_class === 'reset');
  await Promise.all([...ids, good].map(pause));
});

test('after FLUSHALL polling goes on', async () => {
  serve('/flushed', 'one');
  const id = await add('/flushed');
  await until('the first poll', async () => (await itemCount(id)) === 1);
  const redis = new Redis(config.redisUrl);
  const keys = await redis.keys(`*${config.redisPrefix}*`);
  await redis.del(keys);
  redis.disconnect();
  serve('/flushed', 'one', 'two');
  await until('the poll after the flush', async () => (await itemCount(id)) === 2);
  await pause(id);
});

test('a refresh answers when its fetch is done', async () => {
  serve('/asked', 'one');
  const id = await add('/asked');
  await pause(id);
  const reply = await commands.send<RefreshFeedReply>(REFRESH_FEED, { feedId: id, timeoutMs: 50_000 }, 60_000);
  expect(reply).toEqual({ done: true, fetchId: expect.any(String) });
  expect(await itemCount(id)).toBe(1);
  const log = await t.database.db
    .selectFrom('fetches')
    .select('kind')
    .where('id', '=', reply.fetchId ?? '')
    .executeTakeFirst();
  expect(log?.kind).toBe('refresh');
});

test('a preview reads and stores nothing', async () => {
  serve('/preview', 'one', 'two');
  const preview = await commands.send(PREVIEW_FEED, { url: `${base}/preview` }, 60_000);
  expect(preview).toMatchObject({ ok: true, itemCount: 2, feed: { title: 'Loopback Daily', format: 'rss' } });
  expect(await commands.send(PREVIEW_FEED, { url: `${base}/nothing` }, 60_000)).toEqual({
    ok: false,
    error: 'the partner answered with status 404',
  });
});
