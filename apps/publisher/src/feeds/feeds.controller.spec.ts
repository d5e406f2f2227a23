/** Feeds over HTTP: what is in them, and how they are cached, encoded and revalidated. */
import { setTimeout } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  addChannel,
  addEvent,
  addPartner,
  addStory,
  type TestPartner,
} from '../../../../test/support/published-stories.js';
import { all, only, parseXml } from '../../../../test/support/xml-tree.js';
import { siteApp, type SiteApp } from '../site/site-app.testing.js';

describe('feeds over HTTP', () => {
  let stores: TestDatabase;
  let site: SiteApp;
  let partner: TestPartner;

  beforeAll(async () => {
    stores = await testDatabase();
    partner = await addPartner(stores.database, { slug: 'harbour', name: 'Harbour Daily' });
    const sport = { scheme: 'topic', slug: 'спорт', name: 'Спорт' } as const;
    const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 20, 10, minute));
    const first = await addStory(stores.database, { title: 'First', partners: [partner], at: at(1), tags: [sport] });
    await addStory(stores.database, { title: 'Second', partners: [partner], at: at(2) });
    await addStory(stores.database, { title: 'Withdrawn', partners: [partner], at: at(3), status: 'withdrawn' });
    await addChannel(stores.database, 'world', 'World', [first]);
    site = await siteApp(stores.database);
  });
  afterAll(async () => {
    await site.app.close();
    await stores.drop();
  });

  const titles = (xml: string): string[] =>
    all(only(parseXml(xml), 'channel'), 'item').map((item) => only(item, 'title').text);

  it('has every published story once, newest first, in each format with its content type', async () => {
    const rss = await site.get('/feeds/all.rss');
    expect(rss.headers['content-type']).toBe('application/rss+xml; charset=utf-8');
    expect(titles(rss.body)).toEqual(['Second', 'First']);
    const atom = await site.get('/feeds/all.atom');
    expect(atom.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    expect(all(parseXml(atom.body), 'entry')).toHaveLength(2);
    const json = await site.get('/feeds/all.json');
    expect(json.headers['content-type']).toBe('application/feed+json; charset=utf-8');
    expect(json.json<{ items: { title: string }[] }>().items.map(({ title }) => title)).toEqual(['Second', 'First']);
  });

  it('has feeds of channels, tags, partners and searches, each naming its own address', async () => {
    const paths = {
      '/feeds/world.rss': ['First'],
      '/feeds/tag/topic/%D1%81%D0%BF%D0%BE%D1%80%D1%82.rss': ['First'],
      '/feeds/partner/harbour.rss': ['Second', 'First'],
      '/feeds/search.rss?q=second': ['Second'],
    };
    for (const [path, expected] of Object.entries(paths)) {
      const { body, statusCode } = await site.get(path);
      expect(statusCode).toBe(200);
      expect(titles(body)).toEqual(expected);
      const links = all(only(parseXml(body), 'channel'), 'atom:link').map(({ attributes }) => attributes);
      expect(links.find(({ rel }) => rel === 'self')?.['href']).toBe(`https://news.test${path}`);
    }
  });

  it('answers 404 in plain words for what is not there', async () => {
    for (const path of ['/feeds/nowhere.rss', '/feeds/all.xml', '/feeds/tag/colour/red.rss', '/feeds/partner/x.json']) {
      const { statusCode, headers, body } = await site.get(path);
      expect([path, statusCode]).toEqual([path, 404]);
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(body).toContain('https://news.test/about');
    }
  });

  it('answers 304 to its ETag and to its Last-Modified, each alone, without a body', async () => {
    const { headers } = await site.get('/feeds/all.rss');
    expect(headers.etag).toMatch(/^"[\w-]+"$/);
    expect(headers['cache-control']).toContain('max-age=60');
    expect(headers['cache-control']).toContain('stale-while-revalidate');
    expect(headers['last-modified']).toBe('Fri, 20 Nov 2026 10:02:00 GMT');
    const conditions = [
      { 'if-none-match': String(headers.etag) },
      { 'if-none-match': `"other", W/${String(headers.etag)}` },
      { 'if-modified-since': String(headers['last-modified']) },
    ];
    for (const condition of conditions) {
      const again = await site.get('/feeds/all.rss', condition);
      expect(again.statusCode).toBe(304);
      expect(again.body).toBe('');
      expect(again.headers.etag).toBe(headers.etag);
      expect(again.headers).not.toHaveProperty('content-type');
    }
    const changed = await site.get('/feeds/all.rss', {
      'if-none-match': '"other"',
      'if-modified-since': String(headers['last-modified']),
    });
    expect(changed.statusCode).toBe(200);
  });

  it('answers HEAD with the headers of GET', async () => {
    const get = await site.get('/feeds/all.rss');
    const head = await site.app.inject({ method: 'HEAD', url: '/feeds/all.rss' });
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe('');
    for (const name of ['etag', 'content-type', 'content-length', 'last-modified']) {
      expect(head.headers[name]).toBe(get.headers[name]);
    }
  });

  it('sends gzip and brotli with ETags of their own, and any of them revalidates', async () => {
    const plain = await site.get('/feeds/all.atom');
    const gzip = await site.get('/feeds/all.atom', { 'accept-encoding': 'gzip, deflate' });
    const brotli = await site.get('/feeds/all.atom', { 'accept-encoding': 'gzip, deflate, br' });
    expect(plain.headers.vary).toBe('Accept-Encoding');
    expect([gzip.headers['content-encoding'], brotli.headers['content-encoding']]).toEqual(['gzip', 'br']);
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
    expect(new Set([plain.headers.etag, gzip.headers.etag, brotli.headers.etag]).size).toBe(3);
    const refused = await site.get('/feeds/all.atom', { 'accept-encoding': 'br;q=0, gzip;q=0' });
    expect(refused.headers).not.toHaveProperty('content-encoding');
    const again = await site.get('/feeds/all.atom', {
      'accept-encoding': 'br',
      'if-none-match': String(gzip.headers.etag),
    });
    expect(again.statusCode).toBe(304);
  });

  it('keeps ETag and Last-Modified while its own content stays, and moves both when it changes', async () => {
    const before = await site.get('/feeds/world.rss');
    const id = await addStory(stores.database, { title: 'Elsewhere', partners: [partner] });
    await site.refresh();
    const unmoved = await site.get('/feeds/world.rss');
    expect([unmoved.headers.etag, unmoved.headers['last-modified']]).toEqual([
      before.headers.etag,
      before.headers['last-modified'],
    ]);
    const all1 = await site.get('/feeds/all.rss');
    expect(titles(all1.body)).toEqual(['Elsewhere', 'Second', 'First']);
    // Withdrawing leaves an older newest story: the date must move all the same.
    await sql`UPDATE stories SET status = 'withdrawn' WHERE id = ${id}`.execute(stores.database.db);
    await addEvent(stores.database, id, 1, 'story.withdrawn');
    await site.refresh();
    const all2 = await site.get('/feeds/all.rss', { 'if-modified-since': String(all1.headers['last-modified']) });
    expect(all2.statusCode).toBe(200);
    expect(titles(all2.body)).toEqual(['Second', 'First']);
    expect(all2.headers['last-modified']).not.toBe(all1.headers['last-modified']);
  });

  it('shows a change soon without being told', async () => {
    const newest = async (): Promise<string | undefined> =>
      (await site.get('/feeds/all.json')).json<{ items: { title: string }[] }>().items[0]?.title;
    await newest();
    await addStory(stores.database, { title: 'Just in', partners: [partner] });
    // A third of a second is usual; the rest is for a busy machine.
    for (let waits = 0; waits < 50 && (await newest()) !== 'Just in'; waits++) await setTimeout(100);
    expect(await newest()).toBe('Just in');
  });

  it('renders once for many readers at a time, and ignores parameters that mean nothing', async () => {
    await addStory(stores.database, { title: 'Rush', partners: [partner] });
    await site.refresh();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => site.get(`/feeds/all.rss?utm_source=${n}`)));
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
  });

  it('shows an update of a story in its place, and the story once', async () => {
    const id = await addStory(stores.database, { title: 'Bridge closed', partners: [partner] });
    await site.refresh();
    await site.get('/feeds/all.json');
    await sql`UPDATE stories SET title = 'Bridge open again', version = 2, updated_at = now() WHERE id = ${id}`.execute(
      stores.database.db,
    );
    await addEvent(stores.database, id, 2, 'story.updated');
    // What the broadcast of the event sets off; without it the timer does, three times a second.
    await site.refresh();
    for (const path of ['/feeds/all.json', '/feeds/partner/harbour.json']) {
      const { items } = (await site.get(path)).json<{ items: { id: string; title: string }[] }>();
      expect(items.filter((item) => item.id.includes(id)).map(({ title }) => title)).toEqual(['Bridge open again']);
      expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    }
  });

  it('names itself in a Link header, and what a CDN can purge it by', async () => {
    const { headers } = await site.get('/feeds/world.rss');
    expect(headers.link).toBe('<https://news.test/websub>; rel="hub", <https://news.test/feeds/world.rss>; rel="self"');
    expect(headers['surrogate-key']).toMatch(/^feeds channel\/world story\/[0-9a-f-]{36}$/);
  });

  it('has the newest fifty stories, and older ones only where they were corrected', async () => {
    for (let n = 0; n < 60; n++) await addStory(stores.database, { title: `Number ${n}`, partners: [partner] });
    await site.refresh();
    const listed = titles((await site.get('/feeds/all.rss')).body);
    expect(listed.slice(0, 50).every((title) => title.startsWith('Number'))).toBe(true);
    expect(listed.slice(50)).toEqual(['Bridge open again']);
  });
});
