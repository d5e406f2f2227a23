/** Searches when too many are under way: pages and feeds say so and when to come again, everything else goes on. */
import { SearchLine } from '#service/search-line.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner, addStory } from '../../../../test/support/published-stories.js';
import { siteApp, type SiteApp } from './site-app.testing.js';

/** More than the line has places and room for. */
const MANY = 100;

describe('searches while too many are under way', () => {
  let stores: TestDatabase;
  let site: SiteApp;

  beforeAll(async () => {
    stores = await testDatabase();
    const partner = await addPartner(stores.database, { slug: 'harbour', name: 'Harbour Daily' });
    await addStory(stores.database, { title: 'Ferry late', partners: [partner], at: new Date('2026-11-20T10:00:00Z') });
    site = await siteApp(stores.database);
  });
  afterAll(async () => {
    await site.app.close();
    await stores.drop();
  });

  it('are refused with a page and a plain text that say what to do, and found when there is room again', async () => {
    const line = site.app.get(SearchLine, { strict: false });
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const others = Promise.allSettled(Array.from({ length: MANY }, () => line.run(() => ended)));

    const page = await site.get('/de/search?q=ferry');
    expect([page.statusCode, page.headers['retry-after'], page.headers['cache-control']]).toEqual([
      503,
      '5',
      'no-cache',
    ]);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('Gerade suchen zu viele Leute.');
    const feed = await site.get('/feeds/search.atom?q=ferry');
    expect([feed.statusCode, feed.headers['retry-after'], feed.headers['content-type']]).toEqual([
      503,
      '5',
      'text/plain; charset=utf-8',
    ]);
    expect(feed.body).toContain('Try again in 5 s');
    for (const path of ['/', '/search', '/feeds/all.rss']) expect((await site.get(path)).statusCode).toBe(200);

    end();
    await others;
    expect((await site.get('/de/search?q=ferry')).body).toContain('</mark> late</a>');
    expect((await site.get('/feeds/search.atom?q=ferry')).body).toContain('Ferry late');
  });
});
