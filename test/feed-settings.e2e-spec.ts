/** A hub that reads a closed feed and its pages: what it may have gets out as stories, and the password nowhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hub } from './support/hub.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { redisUrl } from './support/config.js';
import { until } from './support/until.js';

const SECRETS = /swordfish|aHViOnN3b3JkZmlzaA/;
const PARAGRAPH = '<p>The new pier was opened in the rain, and the whole town came to see it, umbrellas and all.</p>';

let hub: Hub;
let database: TestDatabase;
let server: Server;
let origin: string;
const heard: string[] = [];
const agents = new Set<string | undefined>();

beforeAll(async () => {
  server = createServer((request, response) => {
    agents.add(request.headers['user-agent']);
    const allowed = request.headers.authorization === `Basic ${Buffer.from('hub:swordfish').toString('base64')}`;
    if (!allowed) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="press"' }).end('closed');
    if (request.url === '/feed')
      return void response.setHeader('content-type', 'application/rss+xml').end(
        `<rss version="2.0"><channel><title>Harbour Gazette</title><link>${origin}/</link><description>d</description>${[
          ['pier', 'The new pier'],
          ['stars', 'Your horoscope'],
        ]
          .map(
            ([slug, title]) =>
              `<item><guid isPermaLink="false">${slug}</guid><title>${title}</title><link>${origin}/${slug}</link><description>Read more</description><pubDate>${new Date().toUTCString()}</pubDate></item>`,
          )
          .join('')}</channel></rss>`,
      );
    response.setHeader('content-type', 'text/html');
    response.end(`<html><body><article><h1>${request.url}</h1>${PARAGRAPH.repeat(6)}</article></body></html>`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  database = await testDatabase();
  hub = await Hub.start({
    databaseUrl: database.url,
    redisUrl: redisUrl(),
    env: { LOG_LEVEL: 'trace', CONTACT_URL: 'https://desk.example/contact', REDIS_PREFIX: `settings${process.pid}` },
  });
});
afterAll(async () => {
  await hub?.stop();
  server?.closeAllConnections();
  server?.close();
  await database?.drop();
});

async function api<T = Record<string, unknown>>(method: string, path: string, body?: unknown) {
  const answer = await hub.api<T>(method, path, body);
  heard.push(JSON.stringify(answer.body), hub.log);
  return answer;
}

/** The feed's first fetch that ended so: on a busy machine a refresh is answered before its fetch is done. */
async function fetchOf(feedId: string, outcome: string): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> | undefined;
  await until(`a fetch ended: ${outcome}`, async () => {
    const { body } = await api<{ items: Record<string, unknown>[] }>(
      'GET',
      `/feeds/${feedId}/fetches?outcome=${outcome}`,
    );
    found = body.items.at(-1);
    return found !== undefined;
  });
  return found ?? {};
}

test('a closed feed without its password fails, with it its story is out in full, and what is blocked is explained', async () => {
  const { body: feed } = await api<{ id: string }>('POST', '/feeds', { url: `${origin}/feed`, paused: true });
  await api('POST', `/feeds/${feed.id}/refresh`);
  const closed = await fetchOf(feed.id, 'failed');
  expect(closed).toMatchObject({ error: { class: 'http' } });

  await api('PATCH', `/feeds/${feed.id}`, {
    settings: {
      credentials: { kind: 'basic', username: 'hub', password: 'swordfish' },
      fullText: true,
      rules: [{ action: 'block', field: 'title', operator: 'contains', value: 'horoscope' }],
    },
  });
  await api('POST', `/feeds/${feed.id}/refresh`);
  expect(await fetchOf(feed.id, 'changed')).toMatchObject({ itemsNew: 1, itemsBlocked: 1 });
  await until('the story is out', async () => {
    const text = await (await fetch(`${hub.publisher}/feeds/all.json`)).text();
    heard.push(text);
    return text.includes('umbrellas and all') && !text.includes('horoscope');
  });
  const dropped = await api<{ items: { stateReason: string }[] }>('GET', `/items?feedId=${feed.id}&state=dropped`);
  expect(dropped.body.items).toEqual([
    expect.objectContaining({ stateReason: 'blocked by rule 1: title contains "horoscope"' }),
  ]);
  expect([...agents]).toEqual([
    expect.stringMatching(/^Dateline\/\S+ \(\+https:\/\/desk\.example\/contact; 1 subscriber\)$/),
  ]);
  for (const path of ['/feeds', `/feeds/${feed.id}`, `/feeds/${feed.id}/fetches`, '/fetches', '/items', '/status'])
    await api('GET', path);
  expect(heard.filter((text) => SECRETS.test(text))).toEqual([]);
});
