/** The public pages over HTTP: what they show, where they lead, and what a partner's text cannot do to them. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  addChannel,
  addEvent,
  addPartner,
  addStory,
  type TestPartner,
} from '../../../../test/support/published-stories.js';
import { siteApp, type SiteApp } from './site-app.testing.js';

const AT = new Date('2026-10-05T18:59:00Z');
const EVIL = '</script><script>alert("x")</script> & "quotes" \u2028';

describe('the public pages', () => {
  let stores: TestDatabase;
  let site: SiteApp;
  let harbour: TestPartner;
  let meridian: TestPartner;
  const ids: Record<'wall' | 'evil' | 'arabic' | 'withdrawn' | 'merged', string> = {
    wall: '',
    evil: '',
    arabic: '',
    withdrawn: '',
    merged: '',
  };

  beforeAll(async () => {
    stores = await testDatabase();
    const { database } = stores;
    harbour = await addPartner(database, { slug: 'harbour', name: 'Harbour Daily' });
    meridian = await addPartner(database, { slug: 'meridian', name: 'Meridian Agency' });
    ids.wall = await addStory(database, {
      title: 'Council rebuilds the sea wall',
      slug: 'council-rebuilds-the-sea-wall',
      summary: 'Nine of thirteen voted for it.',
      content: '<p>The old wall failed in last year’s storms, the São Paulo engineers said.</p>',
      authors: [{ name: 'Ines Almeida' }],
      image: {
        url: 'https://img.example/wall.jpg',
        credit: 'T. Okafor',
        caption: 'The wall',
        width: 1200,
        height: 800,
      },
      partners: [harbour, meridian],
      rules: ['first', 'text'],
      itemUrl: 'https://harbour.example/wall',
      tags: [{ scheme: 'topic', slug: 'politics', name: 'Politics' }],
      at: AT,
    });
    ids.evil = await addStory(database, {
      title: EVIL,
      summary: EVIL,
      content: '<p>safe</p>',
      partners: [meridian],
      at: AT,
    });
    ids.arabic = await addStory(database, {
      title: 'افتتاح المعرض',
      slug: 'معرض',
      language: 'ar',
      partners: [harbour],
      at: AT,
    });
    ids.withdrawn = await addStory(database, { title: 'Gone', partners: [harbour], at: AT, status: 'withdrawn' });
    const between = await addStory(database, {
      title: 'Between',
      partners: [harbour],
      at: AT,
      status: 'merged',
      mergedInto: ids.wall,
    });
    ids.merged = await addStory(database, {
      title: 'Copy',
      partners: [harbour],
      at: AT,
      status: 'merged',
      mergedInto: between,
    });
    await addChannel(database, 'world', 'World', [ids.wall]);
    site = await siteApp(database);
  });
  afterAll(async () => {
    await site.app.close();
    await stores.drop();
  });

  const wallPath = (): string => `/stories/${ids.wall}/council-rebuilds-the-sea-wall`;

  it('have a home with the newest stories, a lead and the feeds', async () => {
    const { body, statusCode, headers } = await site.get('/');
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('Council rebuilds the sea wall');
    expect(body).toContain('<link rel="alternate" type="application/rss+xml"');
    expect(body).toContain('href="/channels/world"');
    expect(body).toContain('<link rel="canonical" href="https://news.test/">');
    expect(body).not.toContain('Gone');
  });

  it('show a story with its date, source, original, partners and the reason for being one', async () => {
    const { body, statusCode } = await site.get(wallPath());
    expect(statusCode).toBe(200);
    expect(body).toMatch(/<h1>Council rebuilds the sea wall<\/h1>/);
    expect(body).toContain('datetime="2026-10-05T18:59:00.000Z">5 October 2026, 18:59 UTC</time>');
    expect(body).toContain('By Ines Almeida');
    expect(body).toContain('href="https://harbour.example/wall"');
    expect(body).toContain('Read the original at Harbour Daily');
    expect(body).toContain('Image: T. Okafor');
    expect(body).toContain('href="/partners/meridian"');
    expect(body).toContain('Its text is the same as in the copy from');
    expect(body).toContain('href="/tags/topic/politics"');
    expect(body).toContain('href="/archive/2026/10/05"');
    expect(body).toContain('<meta property="og:type" content="article">');
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(body)?.[1] ?? '';
    expect(JSON.parse(data)).toMatchObject({
      '@type': 'NewsArticle',
      headline: 'Council rebuilds the sea wall',
      isBasedOn: 'https://harbour.example/wall',
    });
  });

  it('show how to pass a story on, and its place in the archive', async () => {
    const { body } = await site.get(wallPath());
    expect(body).toContain(`value="https://news.test${wallPath()}"`);
    expect(body).toMatch(/href="mailto:\?subject=Council[^"]*"/);
    expect(body).toMatch(/<button[^>]*data-share[^>]*hidden>/);
    expect(body).toMatch(/<script src="\/assets\/[0-9a-f]+\/site\.js" defer>/);
    expect(body).toMatch(/rel="(prev|next)" href="\/stories\//);
    expect(body).toContain('All stories of 5 October 2026');
  });

  it('say in the head which hub pushes the feed of a list', async () => {
    const { body } = await site.get('/channels/world');
    expect(body).toContain(
      '<link rel="hub" href="https://news.test/websub"><link rel="self" href="https://news.test/feeds/world.atom">',
    );
    expect((await site.get(wallPath())).body).not.toContain('rel="hub"');
  });

  it.each([
    ['de', 'ltr', 'Original bei Harbour Daily lesen', '5. Oktober 2026, 18:59 Uhr UTC'],
    ['fr', 'ltr', 'Lire l’original sur Harbour Daily', '5 octobre 2026 à 18:59 UTC'],
    ['es', 'ltr', 'Harbour Daily', '5 de octubre de 2026'],
    ['ar', 'rtl', 'اقرأ الأصل على Harbour Daily', '5 أكتوبر 2026'],
  ])('speak %s under an address of its own', async (code, direction, words, date) => {
    const { body, statusCode } = await site.get(`/${code}${wallPath()}`);
    expect(statusCode).toBe(200);
    expect(body).toMatch(new RegExp(`<html lang="${code}[^"]*" dir="${direction}">`));
    expect(body).toContain(words);
    expect(body).toContain(date);
    expect(body).toContain(`href="/${code}/partners/meridian"`);
    // One story has one address for search engines and for those it is passed on to.
    expect(body).toContain(`<link rel="canonical" href="https://news.test${wallPath()}">`);
    expect(body).toContain(`value="https://news.test${wallPath()}"`);
    for (const path of ['', '/archive', '/archive/2026/10', '/about', '/search?q=wall', '/partners/harbour']) {
      const page = await site.get(`/${code}${path}`);
      expect([path, page.statusCode]).toEqual([path, 200]);
      expect(page.body).toMatch(new RegExp(`<html lang="${code}`));
      // Whatever leads to a page leads to one of the same language; the menu of languages is the way out.
      const ways = [...page.body.matchAll(/href="(\/[^"]*)"( lang=)?/g)].filter(([, , menu]) => menu === undefined);
      for (const [, way = ''] of ways) expect(way).toMatch(new RegExp(`^/(${code}([/?]|$)|feeds/|assets/|opml$)`));
    }
    expect((await site.get(`/${code}/nothing`)).body).toMatch(new RegExp(`<html lang="${code}`));
  });

  it('lead from an address that names their own language, or ends in a slash, to the one that need not', async () => {
    for (const [path = '', to = ''] of [
      ['/en', '/'],
      ['/en/archive/2026/10', '/archive/2026/10'],
      ['/en/search?q=wall', '/search?q=wall'],
    ]) {
      const { statusCode, headers } = await site.get(path);
      expect([path, statusCode, headers.location]).toEqual([path, 301, to]);
    }
    for (const [path = '', to = ''] of [
      ['/de/', '/de'],
      ['/de/archive/?x=1', '/de/archive?x=1'],
      ['/about//', '/about'],
    ])
      expect([path, (await site.get(path)).headers.location]).toEqual([path, to]);
    for (const path of ['//evil.example/', '/\\evil.example/', '/%5C/evil.example/..//'])
      expect((await site.get(path)).headers.location ?? '/').toMatch(/^\/(?![/\\])/);
    expect((await site.get('/en//evil.example')).headers.location ?? '/').toMatch(/^\/[^/\\]*/);
    expect((await site.get('/en/\\evil.example')).headers).not.toHaveProperty('location');
  });

  it('lead from any other address of a story to its permalink', async () => {
    for (const path of [`/stories/${ids.wall}`, `/stories/${ids.wall}/wrong`, `/stories/${ids.merged}/a-story`]) {
      const { statusCode, headers } = await site.get(path);
      expect([path, statusCode, headers.location]).toEqual([path, 301, wallPath()]);
    }
    const arabic = await site.get(`/stories/${ids.arabic}`);
    expect(arabic.headers.location).toBe(`/stories/${ids.arabic}/${encodeURIComponent('معرض')}`);
    expect((await site.get(String(arabic.headers.location))).statusCode).toBe(200);
  });

  it('say that a withdrawn story is gone', async () => {
    const { statusCode, body } = await site.get(`/stories/${ids.withdrawn}/a-story`);
    expect(statusCode).toBe(410);
    expect(body).toContain('This story was withdrawn.');
    expect(body).toContain('noindex');
  });

  it('let no text of a partner act', async () => {
    for (const path of ['/', `/stories/${ids.evil}/a-story`, `/search?q=${encodeURIComponent('alert')}`]) {
      const { body, headers } = await site.get(path);
      expect(body).not.toContain('<script>alert');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers).not.toHaveProperty('set-cookie');
    }
    const { body } = await site.get(`/search?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
    expect(body).not.toContain('<img src=x');
  });

  it('write right to left what is read so', async () => {
    const { body } = await site.get(`/stories/${ids.arabic}/${encodeURIComponent('معرض')}`);
    expect(body).toContain('lang="ar" dir="rtl"');
  });

  it('list channels, tags and partners, and know which are not there', async () => {
    for (const path of ['/channels/world', '/tags/topic/politics', '/partners/meridian']) {
      const { statusCode, body } = await site.get(path);
      expect([path, statusCode]).toEqual([path, 200]);
      expect(body).toContain('Council rebuilds the sea wall');
      expect(body).toContain('.atom');
    }
    for (const path of [
      '/channels/x',
      '/tags/topic/x',
      '/tags/x/politics',
      '/partners/x',
      '/nothing',
      '/stories/7/x',
      '/channels/%00',
      '/tags/topic/%00',
      '/tags/%00/politics',
      '/partners/a%00b',
    ]) {
      const { statusCode, body, headers } = await site.get(path);
      expect([path, statusCode]).toEqual([path, 404]);
      expect(headers['content-type']).toContain('text/html');
      expect(body).toContain('There is nothing at this address.');
    }
  });

  it.each(['/feeds/%00.rss', '/feeds/partner/%00.atom', '/feeds/tag/topic/%00.json', '/feeds/archive/2026-10/%00.rss'])(
    'answer 404 to readers of %s, which can be nobody',
    async (path) => {
      expect((await site.get(path)).statusCode).toBe(404);
    },
  );

  it('never answer one address with what another one got', async () => {
    const addresses = [
      '/archive/2026%2F10',
      '/archive/2026/10',
      '/channels%2Fworld',
      '/channels/world',
      '/tags/topic%2Fpolitics',
      '/tags/topic/politics',
    ];
    const statuses: number[] = [];
    for (const address of [...addresses, ...addresses]) statuses.push((await site.get(address)).statusCode);
    expect(statuses).toEqual([404, 200, 404, 200, 404, 200, 404, 200, 404, 200, 404, 200]);
    const fresh = await site.get('/partners/harbour?before=&before=7');
    expect(fresh.statusCode).toBe(400);
    expect((await site.get('/partners/harbour')).statusCode).toBe(200);
    const [home, list] = [await site.get('/'), await site.get('/?before=')];
    expect((await site.get('/')).body).toBe(home.body);
    expect(list.body).not.toBe(home.body);
  });

  it('answer from the cache as they answered first', async () => {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as Record<string, string>[]) {
      const first = await site.get('/channels/world', headers);
      const cached = await site.get('/channels/world', headers);
      for (const name of [
        'etag',
        'content-type',
        'content-length',
        'content-encoding',
        'content-security-policy',
        'vary',
      ]) {
        expect([name, cached.headers[name]]).toEqual([name, first.headers[name]]);
      }
      expect(cached.rawPayload.equals(first.rawPayload)).toBe(true);
      const unchanged = await site.get('/channels/world', { ...headers, 'if-none-match': String(first.headers.etag) });
      expect([unchanged.statusCode, unchanged.body]).toEqual([304, '']);
    }
  });

  it('answer a malformed address with a clear page', async () => {
    expect((await site.get('/?before=7')).statusCode).toBe(400);
    expect((await site.get('/search?q=wall&before=x')).statusCode).toBe(400);
    const broken = await site.get('/channels/%E0%A4%A');
    expect(broken.statusCode).toBe(400);
  });

  it('keep their stylesheet and icons in the browser for ever', async () => {
    const { body } = await site.get('/');
    const path = /href="(\/assets\/[0-9a-f]+\/site\.css)"/.exec(body)?.[1] ?? '';
    const css = await site.get(path);
    expect(css.statusCode).toBe(200);
    expect(css.headers['cache-control']).toContain('immutable');
    expect((await site.get('/favicon.ico')).headers['content-type']).toBe('image/x-icon');
    expect((await site.get('/assets/0/nothing.css')).statusCode).toBe(404);
  });

  it('say that it is a demonstration only while it is one', async () => {
    const demo = await addPartner(stores.database, { slug: 'demo', isDemo: true });
    await addStory(stores.database, { title: 'Made up', partners: [demo] });
    await site.refresh();
    expect((await site.get('/')).body).toContain('This is a demonstration');
    expect((await site.get('/nothing')).body).toContain('This is a demonstration');
    await sql`INSERT INTO settings VALUES ('demo', '{"state":"off"}')`.execute(stores.database.db);
    await site.refresh();
    expect((await site.get('/')).body).not.toContain('This is a demonstration');
  });

  it('notice an update of a story', async () => {
    await site.get(wallPath());
    await sql`UPDATE stories SET title = 'Council votes again', version = 2, updated_at = now()
      WHERE id = ${ids.wall}`.execute(stores.database.db);
    await sql`INSERT INTO story_versions (story_id, version, item_id, changed, title, content)
      SELECT id, 2, leading_item_id, '{title}', title, content FROM stories WHERE id = ${ids.wall}`.execute(
      stores.database.db,
    );
    await addEvent(stores.database, ids.wall, 2, 'story.updated');
    await site.refresh();
    const { body } = await site.get(wallPath());
    expect(body).toContain('<h1>Council votes again</h1>');
    expect(body).toContain('changed: headline');
    expect(body).toContain(`href="${wallPath()}/changes"`);
  });

  it('show what a correction took out and put in, to readers and not to search engines', async () => {
    await sql`INSERT INTO story_versions (story_id, version, item_id, changed, title, content)
      SELECT id, 1, leading_item_id, '{}', 'Council rebuilds the sea wall', content FROM stories
      WHERE id = ${ids.wall}`.execute(stores.database.db);
    await site.refresh();
    const { body, statusCode } = await site.get(`${wallPath()}/changes`);
    expect(statusCode).toBe(200);
    expect(body).toMatch(/<del>.*<\/span>rebuilds<\/del>/);
    expect(body).toMatch(/<ins>.*<\/span>votes<\/ins>/);
    expect(body).toContain('noindex');
    const elsewhere = await site.get(`/de/stories/${ids.wall}/wrong/changes`);
    expect([elsewhere.statusCode, elsewhere.headers.location]).toEqual([301, `/de${wallPath()}/changes`]);
    expect((await site.get(`/stories/${ids.evil}/a-story/changes`)).statusCode).toBe(404);
    expect((await site.get(`/stories/${ids.withdrawn}/a-story/changes`)).statusCode).toBe(410);
  });

  it('show what is related as soon as it is known, and only what is published', async () => {
    const [other] = (
      await sql<{ id: string; title: string }>`SELECT id, title FROM stories
        WHERE id <> ${ids.wall} AND status = 'published' ORDER BY id LIMIT 1`.execute(stores.database.db)
    ).rows;
    if (other === undefined) throw new Error('no other story');
    expect((await site.get(wallPath())).body).not.toContain('Related stories');
    await sql`INSERT INTO story_clusters (story_id, cluster_id, published_at)
      SELECT id, ${ids.wall}, sort_at FROM stories WHERE id IN (${ids.wall}, ${other.id})`.execute(stores.database.db);
    await sql`UPDATE story_cluster_lane SET version = version + 1`.execute(stores.database.db);
    await site.refresh();
    const { body } = await site.get(wallPath());
    expect(body).toContain('Related stories');
    expect(body).toContain(`/stories/${other.id}/`);
    await sql`UPDATE stories SET status = 'withdrawn' WHERE id = ${other.id}`.execute(stores.database.db);
    await sql`UPDATE story_cluster_lane SET version = version + 1`.execute(stores.database.db);
    await site.refresh();
    expect((await site.get(wallPath())).body).not.toContain('Related stories');
  });
});
