/** The search for people: words, filters, slips, scripts without spaces, and what is said when there is nothing. */
import { sql } from 'kysely';
import { SearchWordRepository } from '#storage/search-word.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner, addStory, type TestPartner } from '../../../../test/support/published-stories.js';
import { parseXml } from '../../../../test/support/xml-tree.js';
import { siteApp, type SiteApp } from './site-app.testing.js';

let stores: TestDatabase;
let site: SiteApp;
let harbour: TestPartner;
let meridian: TestPartner;

const ENERGY = { scheme: 'topic', slug: 'energy', name: 'Energy' } as const;
/** The headlines that a search found, in their order; not those shown in their stead. */
const found = async (query: string): Promise<string[]> => headlines((await site.get(`/search?${query}`)).body);
const headlines = (body: string): string[] =>
  [...(body.split('Latest stories</h2>', 1)[0] ?? '').matchAll(/<h3[^>]*><a[^>]*>(.*?)<\/a>/gs)].map(([, title = '']) =>
    title.replace(/<[^>]*>/g, '').trim(),
  );

beforeAll(async () => {
  stores = await testDatabase();
  const { database } = stores;
  harbour = await addPartner(database, { slug: 'harbour', name: 'Harbour Daily' });
  meridian = await addPartner(database, { slug: 'meridian', name: 'Meridian Agency' });
  const secret = await addPartner(database, { slug: 'secret', name: 'Secret Desk', rights: { mayRepublish: false } });
  const at = (day: string): Date => new Date(`${day}T10:00:00Z`);
  const stories = [
    {
      title: 'Council rebuilds the sea wall',
      content: '<p>São Paulo engineers said.</p>',
      partners: [harbour],
      at: at('2026-10-05'),
    },
    { title: 'Turbine turns again', tags: [ENERGY], partners: [meridian], at: at('2026-10-06') },
    { title: 'Turbine stops', tags: [ENERGY], partners: [harbour, secret], language: 'de-AT', at: at('2026-10-07') },
    { title: 'Turbine for sale', partners: [meridian], at: at('2026-10-08') },
    { title: '東京都知事選挙が始まる', language: 'ja', partners: [meridian], at: at('2026-10-09') },
    { title: 'ข่าวกีฬาวันนี้', language: 'th', partners: [meridian], at: at('2026-10-10') },
  ];
  for (const story of stories) await addStory(database, story);
  await new SearchWordRepository(database).count(100, 10_000, new Date(Date.now() + 3_600_000));
  site = await siteApp(database);
});
afterAll(async () => {
  await site?.app.close();
  await stores?.drop();
});

it('finds stories by words, whatever the accents, and marks them', async () => {
  const { body } = await site.get('/search?q=sao+WALL');
  expect(body).toContain('<mark>wall</mark>');
  expect(body).toContain('<mark>São</mark>');
  expect(body).toContain('1 story');
});

it('narrows down by tag, partner, language and days, and its feeds keep to it', async () => {
  const cases: [string, string[]][] = [
    ['q=turbine', ['Turbine for sale', 'Turbine stops', 'Turbine turns again']],
    ['q=turbine&tag=topic%2Fenergy', ['Turbine stops', 'Turbine turns again']],
    ['q=turbine&partner=meridian', ['Turbine for sale', 'Turbine turns again']],
    ['q=turbine&language=de', ['Turbine stops']],
    ['q=turbine&language=deu', ['Turbine stops']],
    ['q=turbine&from=2026-10-07&until=2026-10-07', ['Turbine stops']],
    ['tag=topic%2Fenergy&partner=harbour', ['Turbine stops']],
  ];
  for (const [query, expected] of cases) {
    expect([query, await found(query)]).toEqual([query, expected]);
    const { body } = await site.get(`/search?${query}`);
    const feed = `/feeds/search.rss?${query}`;
    expect(body.replaceAll('&amp;', '&')).toContain(`href="${feed}"`);
    const rss = await site.get(feed);
    parseXml(rss.body);
    expect(
      [...rss.body.matchAll(/<item>\s*<title>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?<\/title>/gs)].map(([, title]) => title),
    ).toEqual(expected);
  }
  const filtered = (await site.get('/search?q=turbine&partner=meridian&language=en')).body;
  expect(filtered).toContain('<option value="meridian" selected>');
  expect(filtered).toContain('aria-label="Remove the filter Meridian Agency"');
  expect((await site.get('/search?q=turbine')).body).toContain('href="/search?q=turbine&amp;tag=topic%2Fenergy"');
});

it('does not find by a partner that may not be named, nor offer it', async () => {
  const { statusCode, body } = await site.get('/search?q=turbine&partner=secret');
  expect(statusCode).toBe(400);
  expect(body).toContain('There is no partner “secret”.');
  expect(body).not.toContain('Secret Desk');
  expect((await site.get('/feeds/search.rss?q=turbine&partner=secret')).statusCode).toBe(404);
});

it('says in a sentence what cannot be asked, and does the rest', async () => {
  const cases: [string, string][] = [
    ['from=2026-02-30', '“2026-02-30” is not a date like 2026-11-23.'],
    ['from=2026-10-08&until=2026-10-01', 'The first date is later than the last one.'],
    ['tag=colour%2Fred', 'There is no tag “colour/red”.'],
    ['tag=topic%2Fnowhere', 'There is no tag “topic/nowhere”.'],
    ['language=klingon', '“klingon” is not the code of a language.'],
  ];
  for (const [query, sentence] of cases) {
    const { statusCode, body } = await site.get(`/search?q=wall&${query}`);
    expect([query, statusCode]).toEqual([query, 400]);
    expect(body).toContain(sentence);
    expect(headlines(body)).toEqual(['Council rebuilds the sea wall']);
    const feed = await site.get(`/feeds/search.rss?q=wall&${query}`);
    expect([400, 404]).toContain(feed.statusCode);
  }
  expect((await site.get(`/search?q=${'x'.repeat(201)}`)).statusCode).toBe(400);
});

it('puts a mistyped word right, and does as it was told when asked to', async () => {
  const slip = await site.get('/search?q=counicl+walls');
  expect(slip.body).toContain('Showing results for “council wall”.');
  expect(headlines(slip.body)).toEqual(['Council rebuilds the sea wall']);
  expect(slip.body.replaceAll('&amp;', '&')).toContain('href="/search?q=counicl%20walls&exact=1"');
  const exact = await site.get('/search?q=counicl+walls&exact=1');
  expect(exact.body).toContain('No story has “counicl walls”.');
  expect(headlines(exact.body)).toEqual([]);
});

it('offers words, filters and the newest stories where there is nothing', async () => {
  const nothing = await site.get('/search?q=zzzzqqqq');
  expect(nothing.statusCode).toBe(200);
  expect(nothing.body).toContain('No story has “zzzzqqqq”.');
  expect(nothing.body).toContain('Latest stories</h2>');
  const filtered = await site.get('/search?q=wall&partner=meridian');
  expect(filtered.body).toContain('Try it with fewer filters.');
  expect(filtered.body).toContain('href="/search?q=wall"');
  expect((await site.get('/search')).body).toContain('Latest stories</h2>');
  expect((await site.get('/search?q=a&q=b')).statusCode).toBe(200);
  for (const strange of [
    "'",
    '"',
    '!!!',
    ':*',
    '((',
    '\\',
    '%00',
    '%F0%9F%98%80',
    '-x',
    '-',
    'or',
    '-東',
    "東'",
    '%E6%9D%B1%5C',
  ])
    expect([strange, (await site.get(`/search?q=${strange}`)).statusCode]).toEqual([strange, 200]);
});

it('finds words in texts that are written without spaces', async () => {
  expect(await found(`q=${encodeURIComponent('知事')}`)).toEqual(['東京都知事選挙が始まる']);
  expect(await found(`q=${encodeURIComponent('東')}`)).toEqual(['東京都知事選挙が始まる']);
  expect(await found(`q=${encodeURIComponent('京東')}`)).toEqual([]);
  expect(await found(`q=${encodeURIComponent('กีฬา')}`)).toEqual(['ข่าวกีฬาวันนี้']);
  expect((await site.get(`/search?q=${encodeURIComponent('知事')}`)).body).toContain('<mark>知事</mark>');
});

describe('among many stories', () => {
  const COUNT = 90;

  beforeAll(async () => {
    const at = new Date('2026-09-01T12:00:00Z');
    for (let n = 0; n < COUNT; n += 1)
      await addStory(stores.database, {
        title: `Ferry ${n % 3 === 0 ? 'late' : 'on time'} ${n}`,
        partners: [n % 2 === 0 ? harbour : meridian],
        at,
      });
    await site.refresh();
  });

  async function pages(query: string): Promise<string[]> {
    const seen: string[] = [];
    let path: string | undefined = `/search?${query}`;
    while (path !== undefined) {
      const { body } = await site.get(path);
      seen.push(...headlines(body));
      path = /href="([^"]*)" rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    return seen;
  }

  it.each([
    ['by the index of words', 1, 'ferry'],
    ['by walking from the newest one, where its words are common', 1_000_000, 'Ferry'],
  ])('pages through all of them once, %s', async (_, documents, word) => {
    await sql`INSERT INTO search_words (word, documents) VALUES ('ferry', ${documents}), ('late', ${documents})
      ON CONFLICT (word) DO UPDATE SET documents = excluded.documents`.execute(stores.database.db);
    const expected = (every: (n: number) => boolean): string[] =>
      Array.from({ length: COUNT }, (__, n) => n)
        .filter(every)
        .map((n) => `Ferry ${n % 3 === 0 ? 'late' : 'on time'} ${n}`)
        .reverse();
    expect(await pages(`q=${word}`)).toEqual(expected(() => true));
    expect(await pages(`q=${word}+-late&partner=harbour`)).toEqual(expected((n) => n % 3 !== 0 && n % 2 === 0));
    expect(await pages(`q=%22${word}+late%22&language=en`)).toEqual(expected((n) => n % 3 === 0));
  });
});
