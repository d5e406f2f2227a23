/** Finding stories: the archive, the search, lists in pages, and what feed readers and search engines are told. */
import { EVENT_TYPES, type EventType } from '#contracts/events.js';
import { type BodyForm, webhookJsonSchema } from '#contracts/webhook-schemas.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addChannel, addPartner, addStory, type TestPartner } from '../../../../test/support/published-stories.js';
import { parseXml } from '../../../../test/support/xml-tree.js';
import { siteApp, type SiteApp } from './site-app.testing.js';

describe('the ways to a story', () => {
  let stores: TestDatabase;
  let site: SiteApp;
  let harbour: TestPartner;
  let meridian: TestPartner;

  beforeAll(async () => {
    stores = await testDatabase();
    const { database } = stores;
    harbour = await addPartner(database, { slug: 'harbour', name: 'Harbour Daily' });
    meridian = await addPartner(database, { slug: 'meridian', name: 'Meridian Agency' });
    const wall = await addStory(database, {
      title: 'Council rebuilds the sea wall',
      content: '<p>The old wall failed in last year’s storms, the São Paulo engineers said.</p>',
      partners: [harbour],
      at: new Date('2026-10-05T18:59:00Z'),
    });
    await addChannel(database, 'world', 'World', [wall]);
    site = await siteApp(database);
  });
  afterAll(async () => {
    await site.app.close();
    await stores.drop();
  });

  it('have an archive by year, month and day', async () => {
    expect((await site.get('/archive')).body).toContain('href="/archive/2026/10"');
    expect((await site.get('/archive/2026')).body).toContain('href="/archive/2026/10"');
    expect((await site.get('/archive/2026/10')).body).toContain('href="/archive/2026/10/05"');
    expect((await site.get('/archive/2026/10/05')).body).toContain('Council rebuilds the sea wall');
    const empty = await site.get('/archive/2026/10/06');
    expect(empty.statusCode).toBe(200);
    expect(empty.body).toContain('No stories were published on this day.');
    for (const path of [
      '/archive/2026/13',
      '/archive/2026/02/30',
      '/archive/26',
      '/archive/2026/1',
      '/archive/2999/01/01',
    ]) {
      expect([path, (await site.get(path)).statusCode]).toEqual([path, 404]);
    }
  });

  it('page through a list without losing or repeating a story', async () => {
    const same = new Date('2026-09-01T12:00:00Z');
    const added: string[] = [];
    for (let n = 0; n < 90; n++)
      added.push(await addStory(stores.database, { title: `Paged ${n}`, partners: [meridian], at: same }));
    await site.refresh();
    const seen: string[] = [];
    let path: string | undefined = '/partners/meridian';
    while (path !== undefined) {
      const { body } = await site.get(path);
      seen.push(...[...body.matchAll(/href="\/stories\/([0-9a-f-]{36})/g)].map((match) => match[1] ?? ''));
      path = /href="([^"]*)" rel="next"/.exec(body)?.[1];
    }
    expect(seen.filter((id) => added.includes(id))).toEqual([...added].reverse());
  });

  it('list all feeds for people and for feed readers', async () => {
    const about = await site.get('/about');
    expect(about.body).toContain('/feeds/world.atom');
    expect(about.body).toContain('/feeds/partner/harbour.json');
    const opml = await site.get('/opml');
    expect(opml.headers['content-type']).toBe('text/x-opml; charset=utf-8');
    expect(parseXml(opml.body).name).toBe('opml');
    expect(opml.body).toContain('xmlUrl="https://news.test/feeds/world.rss"');
  });

  it('tell search engines what is new', async () => {
    await addStory(stores.database, { title: 'Fresh & <new>', partners: [harbour] });
    await site.refresh();
    const { body, headers } = await site.get('/sitemap-news.xml');
    expect(headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(parseXml(body).children).toHaveLength(1);
    expect(body).toContain('<news:title>Fresh &amp; &lt;new&gt;</news:title>');
    expect((await site.get('/robots.txt')).body).toContain('Sitemap: https://news.test/sitemap-news.xml');
  });

  it('serves a schema of each webhook, under the address that it calls itself by', async () => {
    const { schemas } = (await site.get('/schemas')).json<{
      schemas: { type: EventType; form: BodyForm; url: string }[];
    }>();
    expect(schemas.map(({ type, form }) => `${type} ${form}`)).toEqual(
      EVENT_TYPES.flatMap((type) => [`${type} full`, `${type} thin`]),
    );
    for (const { type, form, url } of schemas) {
      const { statusCode, headers, body } = await site.get(new URL(url).pathname);
      expect([url, statusCode, headers['content-type']]).toEqual([url, 200, 'application/schema+json; charset=utf-8']);
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(webhookJsonSchema(type, form, url))));
    }
    expect((await site.get('/schemas/v2/ping.json')).statusCode).toBe(404);
  });
});
