/** From an address that somebody has to feeds that are read: pages, previews and lists, in the hub as a whole. */
import { sql } from 'kysely';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { redisUrl } from './support/config.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { Hub } from './support/hub.js';
import { startStopwatch } from './support/stopwatch.js';
import { until } from './support/until.js';

interface FeedAnswer {
  id: string;
  url: string;
  discoveredFrom: string | null;
  lastSuccessAt: string | null;
  lastError: { class: string } | null;
  candidates: { url: string }[];
  detail: string;
  alreadyHere: { id: string; how: string }[];
  page?: { best: string | null };
  ok: boolean;
}

describe('onboarding', () => {
  let test: TestDatabase;
  let hub: Hub;
  let server: Server;
  let origin: string;
  const site = new Map<string, (response: ServerResponse) => void>();
  const asked: string[] = [];

  const page = (...links: string[]) => {
    const head = links.map((href) => `<link rel="alternate" type="application/rss+xml" href="${href}">`).join('');
    return (response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><head>${head}</head>`);
  };
  const feed = (name: string) => (response: ServerResponse) => {
    const items = [1, 2, 3].map(
      (n) =>
        `<item><title>${name} ${n} with a headline of its own</title><link>https://${name}.example/story/${n}-of-today</link><pubDate>${new Date(Date.now() - n * 60_000).toUTCString()}</pubDate></item>`,
    );
    response
      .writeHead(200, { 'content-type': 'application/rss+xml' })
      .end(`<rss version="2.0"><channel><title>${name}</title>${items.join('')}</channel></rss>`);
  };
  const add = (path: string) => hub.api<FeedAnswer>('POST', '/feeds', { url: `${origin}${path}` });
  const isRead = (id: string) =>
    until('the feed is read', async () => {
      const { body } = await hub.api<FeedAnswer>('GET', `/feeds/${id}`);
      return body.lastSuccessAt !== null && body;
    });

  beforeAll(async () => {
    test = await testDatabase();
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      (site.get(request.url ?? '') ?? ((answer: ServerResponse) => answer.writeHead(404).end()))(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}`;
    hub = await Hub.start({
      databaseUrl: test.url,
      redisUrl: redisUrl(),
      env: { OUTBOUND_ALLOW: `127.0.0.1/32:${port}`, REDIS_PREFIX: `onboard${port}` },
    });
    // The first feed of all waits for threads that start.
    site.set('/first.xml', feed('first'));
    await isRead((await add('/first.xml')).body.id);
  });

  afterAll(async () => {
    await hub?.stop();
    server?.closeAllConnections();
    server?.close();
    await test?.drop();
  });

  it('adds the feed that a page names, and reads it', async () => {
    site.set('/', page('/comments/feed', '/main')).set('/main', feed('main')).set('/comments/feed', feed('talk'));
    const { status, body } = await add('/');
    expect(status).toBe(201);
    expect(body).toMatchObject({ url: `${origin}/main`, discoveredFrom: `${origin}/`, lastError: null });
    await isRead(body.id);
    const again = await add('/');
    expect([again.status, again.body.id]).toEqual([409, body.id]);
    const { body: all } = await hub.api<{ items: FeedAnswer[] }>('GET', '/feeds');
    expect(all.items.map(({ url }) => url)).toEqual([`${origin}/main`, `${origin}/first.xml`]);
  });

  it('asks which one when a page names several with the same claim, and adds none of them', async () => {
    site.set('/several', page('/world', '/sport')).set('/world', feed('world')).set('/sport', feed('sport'));
    const { status, body } = await add('/several');
    expect(status).toBe(422);
    expect(body.candidates.map(({ url }) => url)).toEqual([`${origin}/world`, `${origin}/sport`]);
    expect(body.detail).toContain(`${origin}/sport (sport)`);
    const { body: partners } = await hub.api<{ items: { feeds: number }[] }>('GET', '/partners');
    expect(partners.items.filter(({ feeds }) => feeds === 0)).toEqual([]);
  });

  it('asks a real feed once, whatever its address looks like', async () => {
    site.set('/plain', feed('plain'));
    const { status, body } = await add('/plain');
    expect([status, body.discoveredFrom]).toEqual([201, null]);
    await isRead(body.id);
    expect(asked.filter((path) => path === '/plain')).toEqual(['/plain']);
  });

  it('replaces a page that looked like a feed as soon as it shows itself', async () => {
    site.set('/rss', page('/behind')).set('/behind', feed('behind'));
    const { status, body } = await add('/rss');
    expect([status, body.url]).toEqual([201, `${origin}/rss`]);
    const read = await isRead(body.id);
    expect(read).toMatchObject({ url: `${origin}/behind`, discoveredFrom: `${origin}/rss` });
  });

  it('adds at once what does not answer, what is down and a page without feeds', async () => {
    site.set('/hang', () => undefined).set('/bare', page());
    const elapsed = startStopwatch();
    for (const path of ['/hang', '/hang/feed.xml', '/bare', '/nothing']) {
      const { status, body } = await add(path);
      expect([status, body.url]).toEqual([201, `${origin}${path}`]);
    }
    expect(elapsed()).toBeLessThan(12_000);
    const { body } = await hub.api<{ items: FeedAnswer[] }>('GET', '/feeds?failing=true');
    expect(body.items.find(({ url }) => url.endsWith('/bare'))?.lastError?.class).toBe('html-page');
  });

  it('adds many quickly, even if each of them keeps its readers waiting', async () => {
    const elapsed = startStopwatch();
    for (let number = 0; number < 20; number += 1) {
      const path = `/slow/${number}`;
      site.set(path, () => undefined);
      expect((await add(path)).status).toBe(201);
    }
    expect(elapsed()).toBeLessThan(15_000);
  });

  it('shows before adding whether a feed is here already, by address, by redirect and by its items', async () => {
    site
      .set('/old', (response) => response.writeHead(301, { location: '/plain' }).end())
      .set('/copy', feed('plain'))
      .set('/fresh', feed('fresh'));
    const preview = async (path: string) =>
      (await hub.api<FeedAnswer>('POST', '/feeds/preview', { url: `${origin}${path}` })).body;
    expect((await preview('/plain')).alreadyHere[0]?.how).toBe('url');
    expect((await preview('/old')).alreadyHere[0]?.how).toBe('redirect');
    expect((await preview('/plain/')).ok).toBe(false);
    expect((await preview('/fresh')).alreadyHere).toEqual([]);
    await until('its items are known', async () => (await preview('/copy')).alreadyHere[0]?.how === 'items');
    expect((await preview('/several')).page).toMatchObject({ best: null });
  });

  it('imports a list, and reads its feeds soon', async () => {
    site.set('/listed', feed('listed'));
    const list = `<opml version="2.0"><body><outline text="x" xmlUrl="${origin}/listed"/><outline xmlUrl="${origin}/plain"/></body></opml>`;
    const { status, body } = await hub.api('POST', '/opml', list, 'text/x-opml');
    expect(status).toBe(200);
    expect(body).toMatchObject({ added: 1, alreadyHere: 1 });
    await until('the feed is read', () => asked.includes('/listed'));
  });

  it('says when an import lost its process, and completes it when the list is sent again', async () => {
    const count = 10_000;
    const lines = Array.from({ length: count }, (_, n) => `<outline xmlUrl="https://h${n % 50}.lost.example/${n}"/>`);
    const list = `<opml><body>${lines.join('\n')}</body></opml>`;
    const first = hub.api('POST', '/opml', list, 'text/x-opml').catch(() => undefined);
    const imports = async () =>
      (await hub.api<{ items: { id: string; status: string; added: number }[] }>('GET', '/imports')).body.items;
    const begun = await until('the import has begun', async () =>
      (await imports()).find(({ added }) => added > 500 && added < count),
    );
    for (const { pid } of (await hub.processes()).filter(({ name }) => name === 'hub')) process.kill(pid, 'SIGKILL');
    await first;
    await hub.ready();
    await sql`UPDATE imports SET progress_at = now() - interval '1 minute' WHERE id = ${begun.id}`.execute(
      test.database.db,
    );
    expect((await imports())[0]).toMatchObject({ id: begun.id, status: 'interrupted' });
    const { body } = await hub.api<{ id: string }>('POST', '/opml', list, 'text/x-opml');
    const done = await until('the list is imported', async () => {
      const { body: state } = await hub.api<{ status: string; added: number; alreadyHere: number }>(
        'GET',
        `/imports/${body.id}`,
      );
      return state.status === 'done' && state;
    });
    expect(done.alreadyHere).toBeGreaterThan(500);
    expect(done.added + done.alreadyHere).toBe(count);
  });
});
