/** Closed months of feeds: the chain leads to every story, stays as it was, and shows nothing that was withdrawn. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  addChannel,
  addEvent,
  addPartner,
  addStory,
  type TestPartner,
} from '../../../../test/support/published-stories.js';
import { all, only, parseXml, type XmlElement } from '../../../../test/support/xml-tree.js';
import { siteApp, type SiteApp } from '../site/site-app.testing.js';

describe('archived feeds', () => {
  let stores: TestDatabase;
  let site: SiteApp;
  let partner: TestPartner;
  let may: string;
  let late: string;

  beforeAll(async () => {
    stores = await testDatabase();
    partner = await addPartner(stores.database, { slug: 'harbour', name: 'Harbour Daily' });
    const add = (title: string, at: Date): Promise<string> =>
      addStory(stores.database, { title, partners: [partner], at });
    may = await add('May', new Date('2024-05-10T10:00:00Z'));
    late = await add('Late May', new Date('2024-05-31T23:59:59Z'));
    for (let n = 0; n < 255; n++) await add(`July ${n}`, new Date(Date.UTC(2024, 6, 1, 0, n)));
    await add('Now', new Date());
    await addChannel(stores.database, 'world', 'World', [may, late]);
    site = await siteApp(stores.database);
  });
  afterAll(async () => {
    await site.app.close();
    await stores.drop();
  });

  const linked = (feed: XmlElement, rel: string): string | undefined =>
    all(feed, 'link').find(({ attributes }) => attributes['rel'] === rel)?.attributes['href'];
  const atom = async (url: string): Promise<XmlElement> => {
    const { body, statusCode } = await site.get(url.replace('https://news.test', ''));
    expect([url, statusCode]).toEqual([url, 200]);
    return parseXml(body);
  };
  const titles = (feed: XmlElement): string[] => all(feed, 'entry').map((entry) => only(entry, 'title').text);

  it('are chained from the feed to the first story, each story in one of them', async () => {
    const chain: string[] = [];
    const found: string[] = [];
    let url = linked(await atom('/feeds/all.atom'), 'prev-archive');
    while (url !== undefined) {
      const document = await atom(url);
      only(document, 'fh:archive');
      expect(linked(document, 'self')).toBe(url);
      expect(linked(document, 'current')).toBe('https://news.test/feeds/all.atom');
      chain.push(url.replace('https://news.test/feeds/archive/', ''));
      found.push(...titles(document));
      url = linked(document, 'prev-archive');
    }
    expect(chain).toEqual(['2024-07/all.atom', '2024-07-p2/all.atom', '2024-05/all.atom']);
    expect(found).toHaveLength(257);
    expect(new Set(found).size).toBe(257);
  });

  it('stay as they were closed, whatever comes or is corrected later, and the feed says the correction again', async () => {
    const before = await site.get('/feeds/archive/2024-05/all.atom');
    expect(before.headers['last-modified']).toBe('Sat, 01 Jun 2024 00:00:00 GMT');
    await addStory(stores.database, { title: 'Came late', partners: [partner], at: new Date('2024-05-11T00:00:00Z') });
    await sql`UPDATE stories SET title = 'May, corrected', version = 2, updated_at = now() WHERE id = ${may}`.execute(
      stores.database.db,
    );
    await addEvent(stores.database, may, 2, 'story.updated');
    await site.refresh();
    expect((await site.get('/feeds/archive/2024-05/all.atom')).body).toBe(before.body);
    expect(titles(await atom('/feeds/all.atom'))).toContain('May, corrected');
  });

  it('lose only what was withdrawn, for which the feed has a tombstone', async () => {
    await site.get('/feeds/archive/2024-05/world.atom');
    await sql`UPDATE stories SET status = 'withdrawn', gone_at = now() WHERE id = ${late}`.execute(stores.database.db);
    // As the fan-out leaves it.
    await sql`INSERT INTO channel_departures (channel_id, story_id)
      SELECT channel_id, story_id FROM channel_stories WHERE story_id = ${late}`.execute(stores.database.db);
    await sql`DELETE FROM channel_stories WHERE story_id = ${late}`.execute(stores.database.db);
    await addEvent(stores.database, late, 1, 'story.withdrawn');
    await site.refresh();
    const closed = { all: 'May', world: 'May, corrected' };
    for (const channel of ['all', 'world'] as const) {
      // 'world' was first asked for, and so closed, after the correction.
      expect(titles(await atom(`/feeds/archive/2024-05/${channel}.atom`))).toEqual([closed[channel]]);
      const tombstone = only(await atom(`/feeds/${channel}.atom`), 'at:deleted-entry');
      expect(tombstone.attributes['ref']).toBe(`https://news.test/stories/${late}/a-story`);
      expect(only(only(tombstone, 'source'), 'title').text).toBe('Harbour Daily');
    }
  });

  it('keep to the rights of those whose words they have, whoever leads the story now', async () => {
    const [first, second] = [
      await addPartner(stores.database, { slug: 'first', name: 'First' }),
      await addPartner(stores.database, { slug: 'second', name: 'Second' }),
    ];
    const at = new Date('2024-03-10T10:00:00Z');
    const id = await addStory(stores.database, {
      title: 'March',
      partners: [first, second],
      content: '<p>Tides</p>',
      at,
    });
    const march = async (): Promise<[string[], boolean, boolean]> => {
      await site.refresh();
      const { body } = await site.get('/feeds/archive/2024-03/all.atom');
      return [titles(parseXml(body)), body.includes('Tides'), body.includes('© First')];
    };
    const may = (rights: object) =>
      sql`UPDATE partners SET rights = ${JSON.stringify(rights)}::jsonb, updated_at = clock_timestamp()
        WHERE id = ${first.id}`.execute(stores.database.db);
    expect(await march()).toEqual([['March'], true, false]);
    await sql`UPDATE stories SET leading_item_id = (SELECT item_id FROM story_items
      WHERE story_id = ${id} AND partner_id = ${second.id}) WHERE id = ${id}`.execute(stores.database.db);
    await may({ excerptOnly: true, attribution: '© First' });
    expect(await march()).toEqual([['March'], false, true]);
    await may({ expiryDays: 30 });
    // Without an entry the archive is there still: what links to it is not broken.
    expect(await march()).toEqual([[], false, false]);
    await may({});
    expect(await march()).toEqual([['March'], true, false]);
  });

  it('do not exist for months that are not over, parts that nothing leads to, and what is no month', async () => {
    const open = new Date().toISOString().slice(0, 7);
    for (const period of [open, '2024-13', '2024-05-p2', '2024-05-p1', '2023-01', '2024']) {
      expect([period, (await site.get(`/feeds/archive/${period}/all.rss`)).statusCode]).toEqual([period, 404]);
    }
  });
});
