/** What a channel's settings do to its feeds and pages, where its old addresses lead, and how readers find every feed. */
import { ChannelRepository } from '#storage/channel.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner, addStory } from '../../../../test/support/published-stories.js';
import { makeChannel } from '../../../../test/support/story-events.js';
import { all, only, parseXml } from '../../../../test/support/xml-tree.js';
import { siteApp, type SiteApp } from '../site/site-app.testing.js';

let stores: TestDatabase;
let site: SiteApp;
let channels: ChannelRepository;
let id: string;

beforeAll(async () => {
  stores = await testDatabase();
  channels = new ChannelRepository(stores.database);
  const partner = await addPartner(stores.database, { slug: 'harbour', name: 'Harbour Daily' });
  const politics = { scheme: 'topic', slug: 'politics', name: 'Politics' } as const;
  for (const title of ['One', 'Two', 'Three'])
    await addStory(stores.database, {
      title,
      summary: `${title} in short.`,
      content: `<p>${title} in full.</p>`,
      partners: [partner],
      tags: [politics],
      at: new Date(Date.UTC(2026, 10, 20, 10, title.length)),
    });
  id = await makeChannel(stores.database, { slug: 'first', title: 'First name', filter: { tags: ['topic/politics'] } });
  site = await siteApp(stores.database);
});
afterAll(async () => {
  await site.app.close();
  await stores.drop();
});

async function change(patch: Parameters<ChannelRepository['update']>[1]): Promise<void> {
  await channels.update(id, patch);
  await site.refresh();
}

const titles = (xml: string): string[] => all(parseXml(xml), 'entry').map((entry) => only(entry, 'title').text);

it('size, excerpt, picture, language and order are those of its feeds in every format', async () => {
  const whole = await site.get('/feeds/first.atom');
  expect(titles(whole.body)).toHaveLength(3);
  expect(whole.body).toContain('in full.');
  await change({ size: 1, fullText: false, imageUrl: 'https://news.test/a.png?x=1&y=2', language: 'fr' });
  const atom = await site.get('/feeds/first.atom');
  expect(titles(atom.body)).toEqual(['Three']);
  expect(only(parseXml(atom.body), 'logo').text).toBe('https://news.test/a.png?x=1&y=2');
  expect(parseXml(atom.body).attributes['xml:lang']).toBe('fr');
  const rss = only(parseXml((await site.get('/feeds/first.rss')).body), 'channel');
  expect(only(only(rss, 'image'), 'url').text).toBe('https://news.test/a.png?x=1&y=2');
  const json = (await site.get('/feeds/first.json')).json<Record<string, unknown>>();
  expect(json).toMatchObject({ icon: 'https://news.test/a.png?x=1&y=2', language: 'fr' });
  expect(atom.body + JSON.stringify(json)).not.toContain('in full.');
  expect(atom.body).toContain('Three in short.');
  await stores.database.db
    .updateTable('stories')
    .set({ updated_at: new Date(Date.UTC(2026, 10, 21)) })
    .where('title', '=', 'One')
    .execute();
  await change({ order: 'updated', size: 2 });
  expect(titles((await site.get('/feeds/first.atom')).body)).toEqual(['One', 'Three']);
});

it('the pages and feeds of every slug that it had redirect to the present one', async () => {
  await change({ slug: 'second' });
  await change({ slug: 'third' });
  for (const old of ['first', 'second']) {
    for (const format of ['rss', 'atom', 'json']) {
      const moved = await site.get(`/feeds/${old}.${format}`);
      expect([moved.statusCode, moved.headers.location]).toEqual([301, `https://news.test/feeds/third.${format}`]);
    }
    const page = await site.get(`/channels/${old}`);
    expect([page.statusCode, page.headers.location]).toEqual([301, '/channels/third']);
    const place = '01a209d8-2222-768a-bfc9-fe4cca89297c';
    expect((await site.get(`/channels/${old}?before=${place}`)).headers.location).toBe(
      `/channels/third?before=${place}`,
    );
  }
  expect((await site.get('/feeds/third.rss')).statusCode).toBe(200);
  await change({ slug: 'first' });
  expect((await site.get('/feeds/first.rss')).statusCode).toBe(200);
  expect((await site.get('/feeds/third.rss')).headers.location).toBe('https://news.test/feeds/first.rss');
});

it('every channel, tag, partner and search has its three feeds in its page and one in /opml', async () => {
  const pages = {
    '/channels/first': '/feeds/first',
    '/tags/topic/politics': '/feeds/tag/topic/politics',
    '/partners/harbour': '/feeds/partner/harbour',
    '/search?q=two': '/feeds/search',
  };
  const { body: opml } = await site.get('/opml?q=two&utm_source=x');
  parseXml(opml);
  for (const [page, feed] of Object.entries(pages)) {
    const { body } = await site.get(page);
    const query = page.includes('?') ? '?q=two' : '';
    for (const [format, type] of [
      ['rss', 'application/rss+xml'],
      ['atom', 'application/atom+xml'],
      ['json', 'application/feed+json'],
    ]) {
      const links = body.matchAll(/<link rel="alternate" type="([^"]+)" title="([^"]+)" href="([^"]+)">/g);
      const [, , title, path] = [...links].find((found) => found[1] === type) ?? [];
      expect(path).toBe(`${feed}.${format}${query}`);
      expect(title).not.toContain('Test Wire');
      expect((await site.get(path ?? '')).statusCode).toBe(200);
    }
    expect(opml).toContain(`xmlUrl="https://news.test${feed}.rss${query}"`);
  }
  expect((await site.get('/opml')).body).not.toContain('/feeds/search');
});
