/** Rights x outputs: every way in which a story leaves, for every right, on a real PostgreSQL; and what time and changed rights do. */
import { sql } from 'kysely';
import type { StoryFilter } from '#contracts/channel-filter.js';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import type { PartnerRights } from '#domain/story-rights.js';
import { ChannelPreviewRepository } from '#storage/channel-preview.repository.js';
import { ChannelRepository } from '#storage/channel.repository.js';
import { PartnerAdminRepository } from '#storage/partner-admin.repository.js';
import { SearchWordRepository } from '#storage/search-word.repository.js';
import { StoryRightsRepository } from '#storage/story-rights.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed } from '../../../../test/support/partners-items.js';
import { until } from '../../../../test/support/until.js';
import { siteApp, type SiteApp } from './site-app.testing.js';

const HOUR = 3_600_000;
const LINE = '© Lighthouse Press, all rights kept';

/** `age` of its one story, in hours. */
interface Case {
  rights: PartnerRights;
  age: number;
  isListed: boolean;
  hasBody: boolean;
}
const CASES: Record<string, Case> = {
  nothing: { rights: {}, age: 1, isListed: true, hasBody: true },
  excerpt: { rights: { excerptOnly: true }, age: 1, isListed: true, hasBody: false },
  embargo: { rights: { embargoMinutes: 120 }, age: 1, isListed: false, hasBody: false },
  released: { rights: { embargoMinutes: 30 }, age: 1, isListed: true, hasBody: true },
  expired: { rights: { expiryDays: 1 }, age: 30, isListed: false, hasBody: false },
  lasting: { rights: { expiryDays: 2 }, age: 30, isListed: true, hasBody: true },
  forbidden: { rights: { mayRepublish: false }, age: 1, isListed: false, hasBody: false },
  attribution: { rights: { attribution: LINE }, age: 1, isListed: true, hasBody: true },
};
const names = Object.keys(CASES);

let t: TestDatabase;
let intake: TestIntake;
let site: SiteApp;
let partners: PartnerAdminRepository;
const feeds: Record<string, TestFeed> = {};
const ids: Record<string, string> = {};
const slugs: Record<string, string> = {};

const headline = (name: string): string => `Keepers of ${name}light report to the ${name}council`;
const bodyWord = (name: string): string => `undisclosed${name}detail`;
const text = (name: string): string =>
  `<p>${Array.from({ length: 60 }, (_, i) => `${name}word${i}`).join(' ')} ${bodyWord(name)}</p>`;

async function take(feed: TestFeed, name: string, age: number, facts: Partial<ParsedItem> = {}): Promise<string> {
  const published = new Date(Date.now() - age * HOUR).toISOString();
  const item = { id: `tag:${name},2026:1`, url: `https://${name}.example/1`, title: headline(name), published };
  const summary = `Summary of ${name}.`;
  const { fetchId, itemIds } = await receive(t.database, feed, [{ ...item, summary, content: text(name), ...facts }]);
  await intake.process(fetchId);
  const row = await t.database.db
    .selectFrom('story_items')
    .select('story_id')
    .where('item_id', '=', itemIds[0] ?? '')
    .executeTakeFirstOrThrow();
  return row.story_id;
}

const storyOf = (id: string) =>
  t.database.db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const eventsOf = (id: string) =>
  t.database.db.selectFrom('events').selectAll().where('story_id', '=', id).orderBy('story_version').execute();
const get = async (path: string): Promise<{ status: number; body: string }> => {
  await site.refresh();
  const { statusCode, body } = await site.get(path);
  return { status: statusCode, body };
};
/** What a search finds, without the newest stories that are shown where it is nothing. */
const found = async (words: string): Promise<string> =>
  (await get(`/search?q=${words}`)).body.split('Latest stories</h2>', 1)[0] ?? '';
const page = async (id: string) => get(`/stories/${id}/${(await storyOf(id)).slug}`);
/** As if so many hours had gone by for this story's copies. */
async function pass(id: string, hours: number): Promise<void> {
  const back = sql`make_interval(secs => ${hours * 3_600})`;
  await sql`UPDATE items SET published_at = published_at - ${back}, received_at = received_at - ${back}
    WHERE id IN (SELECT item_id FROM story_items WHERE story_id = ${id})`.execute(t.database.db);
  await sql`UPDATE stories SET rights_due_at = rights_due_at - ${back} WHERE id = ${id}`.execute(t.database.db);
}
const change = (name: string, rights: PartnerRights) => partners.update(feeds[name]?.partnerId ?? '', { rights });

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  partners = new PartnerAdminRepository(t.database);
  for (const [name, { rights, age }] of Object.entries(CASES)) {
    feeds[name] = await addPartner(t.database, name, { rights });
    ids[name] = await take(feeds[name], name, age);
  }
  await new ChannelRepository(t.database).create({ slug: 'world', title: 'World', filter: {} });
  for (const { id, name, slug } of await t.database.db.selectFrom('partners').select(['id', 'name', 'slug']).execute())
    if (feeds[name]?.partnerId === id) slugs[name] = slug;
  intake.relay.poke();
  await new SearchWordRepository(t.database).count(100, 10_000, new Date(Date.now() + 3_600_000));
  site = await siteApp(t.database);
});
afterAll(async () => {
  await site?.app.close();
  await intake?.stop();
  await t?.drop();
});

/** Whether an output may hold the text, or the line of attribution. Lists hold neither. */
const OUTPUTS: [string, { path: (name: string) => string; body: boolean; line: boolean }][] = [
  ['RSS', { path: () => '/feeds/all.rss', body: true, line: true }],
  ['Atom', { path: () => '/feeds/all.atom', body: true, line: true }],
  ['JSON Feed', { path: () => '/feeds/all.json', body: true, line: true }],
  ['a search as a feed', { path: (name) => `/feeds/search.rss?q=${name}light`, body: true, line: true }],
  ['a channel as a feed', { path: () => '/feeds/world.atom', body: true, line: true }],
  ['a partner as a feed', { path: (name) => `/feeds/partner/${slugs[name]}.json`, body: true, line: true }],
  ['the page of a channel', { path: () => '/channels/world', body: false, line: false }],
  ['the page of a partner', { path: (name) => `/partners/${slugs[name]}`, body: false, line: false }],
  ['a mistyped search', { path: (name) => `/search?q=${name}counciil`, body: false, line: false }],
  ['the home page', { path: () => '/', body: false, line: false }],
  ['the archive', { path: (name) => archiveOf(name), body: false, line: false }],
  ['a search by the headline', { path: (name) => `/search?q=${name}light`, body: false, line: false }],
  ['the news sitemap', { path: () => '/sitemap-news.xml', body: false, line: false }],
];
const archiveOf = (name: string): string =>
  `/archive/${new Date(Date.now() - (CASES[name]?.age ?? 0) * HOUR).toISOString().slice(0, 10).replaceAll('-', '/')}`;

describe.each(OUTPUTS)('%s', (_, output) => {
  test.each(names)('%s', async (name) => {
    const { isListed, hasBody, rights } = CASES[name] as Case;
    const { status, body } = await get(output.path(name));
    expect(status).toBe(200);
    expect(body.includes(`${name}council`)).toBe(isListed);
    expect(body.includes(bodyWord(name))).toBe(output.body && hasBody);
    if (output.line && rights.attribution !== undefined) expect(body).toContain('Lighthouse Press');
  });
});

describe('the story page with JSON-LD and Open Graph', () => {
  test.each(names)('%s', async (name) => {
    const { isListed, hasBody, rights } = CASES[name] as Case;
    const { status, body } = await page(ids[name] ?? '');
    // Whether it is under embargo, or was never shown: nothing says that it exists.
    expect(status).toBe(isListed ? 200 : 404);
    expect(body.includes(`${name}council`)).toBe(isListed);
    expect(body.includes(bodyWord(name))).toBe(hasBody);
    if (isListed) expect(body).toContain('application/ld+json');
    if (rights.attribution !== undefined) expect(body).toContain(`"creditText":"${LINE}"`);
  });
});

describe('a search for a word of the text', () => {
  test.each(names)('%s', async (name) => {
    const body = await found(bodyWord(name));
    expect(body.includes(`${name}council`)).toBe(CASES[name]?.hasBody);
  });
});

describe('the preview of a channel, by filter and by a word of the text', () => {
  test.each(names)('%s', async (name) => {
    const { isListed, hasBody } = CASES[name] as Case;
    const previews = new ChannelPreviewRepository(t.database);
    const asked = { most: 100, limit: 100, channel: undefined };
    const titles = (await previews.preview({}, asked))?.stories.map(({ title }) => title);
    expect(titles?.includes(headline(name))).toBe(isListed);
    expect((await previews.preview({ words: [bodyWord(name)] }, asked))?.fits).toBe(hasBody ? 1 : 0);
  });
});

describe('the body of a webhook', () => {
  test.each(names)('%s', async (name) => {
    const { isListed, hasBody, rights } = CASES[name] as Case;
    const [event, ...others] = await eventsOf(ids[name] ?? '');
    expect(others).toEqual([]);
    expect(event?.type).toBe(isListed ? 'story.published' : undefined);
    if (event === undefined) return;
    const { story } = event.body as { story: { content: string; attribution: string | null } };
    expect(story.content.includes(bodyWord(name))).toBe(hasBody);
    expect(story.attribution).toBe(rights.attribution ?? null);
  });
});

it('shows of a short text that allows an excerpt only a part, as it comes and when rights are narrowed, and the whole when they are widened', async () => {
  const feed = feeds['excerpt'] as TestFeed;
  const [first, last] = ['The ferry to Osmussaar sails again.', 'Its winter timetable begins on the ninth of January.'];
  const item = { id: 'tag:excerpt,2026:short', url: 'https://excerpt.example/short', title: 'Osmussaar ferry' };
  const published = new Date(Date.now() - HOUR).toISOString();
  const { fetchId, itemIds } = await receive(t.database, feed, [
    { ...item, published, content: `<p>${first} ${last}</p>` },
  ]);
  await intake.process(fetchId);
  const { story_id: id } = await t.database.db
    .selectFrom('story_items')
    .select('story_id')
    .where('item_id', '=', itemIds[0] ?? '')
    .executeTakeFirstOrThrow();
  const shown = async (): Promise<[boolean, boolean][]> => {
    const outputs = [(await page(id)).body, (await get('/feeds/all.rss')).body, (await get('/feeds/all.json')).body];
    outputs.push(JSON.stringify((await eventsOf(id)).at(-1)?.body));
    return outputs.map((output) => [output.includes(first), output.includes(last)]);
  };
  const changed = async (rights: PartnerRights): Promise<void> => {
    await change('excerpt', rights);
    await intake.settleRights();
  };
  expect(new Set((await shown()).map(String))).toEqual(new Set(['true,false']));
  expect((await found('timetable')).includes('Osmussaar')).toBe(false);
  await changed({});
  expect(new Set((await shown()).map(String))).toEqual(new Set(['true,true']));
  await changed({ excerptOnly: true });
  expect(new Set((await shown()).map(String))).toEqual(new Set(['true,false']));
  const told = (await eventsOf(id)).map(({ quiet_reason: quiet }) => quiet?.startsWith('rights: ') ?? false);
  expect(told).toEqual([true, true, false]);
});

it('releases a story at the end of its embargo: announced once, in its order, as news, whoever does it', async () => {
  const id = ids['embargo'] ?? '';
  const lastBefore = Math.max(...(await allSeqs()));
  await intake.settleRights();
  expect((await storyOf(id)).status).toBe('withheld');
  await pass(id, 1.5);
  // The process that withheld it is gone; two others look at the same time.
  const others = [testIntake(t.database), testIntake(t.database)];
  await Promise.all(others.map((other) => other.settleRights()));
  await Promise.all(others.map((other) => other.stop()));
  const { status, version, sort_at: sortAt, published_at: publishedAt } = await storyOf(id);
  expect([status, version]).toEqual(['published', 1]);
  expect(sortAt.getTime()).toBeGreaterThan(publishedAt.getTime() + HOUR / 4);
  await relayed();
  const events = await eventsOf(id);
  expect(events.map(({ type, quiet_reason: quiet }) => [type, quiet])).toEqual([['story.published', null]]);
  expect(events[0]?.seq).toBeGreaterThan(lastBefore);
  expect((await get('/feeds/all.rss')).body).toContain(bodyWord('embargo'));
  expect((await page(id)).status).toBe(200);
});

it('withdraws a story when its time is over, with the reason, a tombstone and a page that says so', async () => {
  const id = ids['lasting'] ?? '';
  await pass(id, 24);
  await intake.settleRights();
  await relayed();
  expect(await storyOf(id)).toMatchObject({ status: 'withdrawn', gone_reason: expect.stringContaining('rights: ') });
  const last = (await eventsOf(id)).at(-1);
  expect(last).toMatchObject({
    type: 'story.withdrawn',
    body: { reason: 'expired', story: { content: '', summary: '' } },
  });
  const { status, body } = await page(id);
  expect(status).toBe(410);
  expect(body).toContain('no longer available here');
  for (const path of ['/feeds/all.rss', '/', '/search?q=lastinglight', '/sitemap-news.xml'])
    expect((await get(path)).body).not.toContain('lastingcouncil');
  expect((await get('/feeds/all.atom')).body).toContain('deleted-entry');
});

it('passes the lead to a copy that may still be shown, and back to none that may not', async () => {
  feeds['short'] = await addPartner(t.database, 'short', { rights: { expiryDays: 1 }, priority: 5 });
  feeds['long'] = await addPartner(t.database, 'long');
  const id = await take(feeds['short'], 'shared', 1);
  const longer = { content: `${text('shared')}<p>laterpartner</p>` };
  expect(await take(feeds['long'], 'shared', 1, longer)).toBe(id);
  expect(await storyOf(id)).toMatchObject({ status: 'published', source_name: 'short' });
  await pass(id, 30);
  await intake.settleRights();
  expect(await storyOf(id)).toMatchObject({ status: 'published', source_name: 'long' });
  expect((await eventsOf(id)).at(-1)).toMatchObject({
    type: 'story.updated',
    body: { changed: expect.arrayContaining(['source']) },
  });
  // A new version of the expired copy changes nothing that is shown.
  await take(feeds['short'], 'shared', 31, { content: `${text('shared')}<p>afterexpiry</p>` });
  await intake.settleRights();
  expect((await storyOf(id)).content).not.toContain('afterexpiry');
  expect((await page(id)).body).not.toContain('https://short.example');
});

it('takes changed rights into force on what is published: less text, nothing, and all of it again', async () => {
  const id = ids['nothing'] ?? '';
  await change('nothing', { excerptOnly: true, attribution: LINE });
  // Pages and feeds at once; what searches find, and partners' copies, by the review.
  expect((await page(id)).body).not.toContain(bodyWord('nothing'));
  expect((await get('/feeds/all.json')).body).not.toContain(bodyWord('nothing'));
  await intake.settleRights();
  expect(await found(bodyWord('nothing'))).not.toContain('nothingcouncil');
  expect((await eventsOf(id)).at(-1)).toMatchObject({
    type: 'story.updated',
    body: { changed: ['rights'], story: { content: '', attribution: LINE } },
  });
  await change('nothing', { mayRepublish: false });
  await intake.settleRights();
  await relayed();
  expect((await page(id)).status).toBe(410);
  expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'story.withdrawn', body: { reason: 'not-republished' } });
  await change('nothing', { canonical: 'original' });
  await intake.settleRights();
  await relayed();
  const { status, body } = await page(id);
  expect(status).toBe(200);
  expect(body).toContain(bodyWord('nothing'));
  expect(body).toContain('<link rel="canonical" href="https://nothing.example/1">');
  expect((await eventsOf(id)).at(-1)?.type).toBe('story.published');
  // The second pass is for later: it sees what was being written meanwhile.
  const { rows } = await sql<{ pass: number }>`
    SELECT pass FROM rights_reviews WHERE partner_id = ${feeds['nothing']?.partnerId}`.execute(t.database.db);
  expect(rows.map(({ pass: number }) => number)).toEqual([2]);
});

it('sends nothing that was announced and may not be passed on any more', async () => {
  const id = ids['released'] ?? '';
  const [event] = await eventsOf(id);
  await sql`UPDATE events SET fanned_out_at = NULL WHERE id = ${event?.id}`.execute(t.database.db);
  const delivery = {
    event_id: event?.id ?? '',
    endpoint_id: uuidV7(),
    id: uuidV7(),
    webhook_id: 'msg_test',
    event_seq: 1,
  };
  const waiting = {
    status: 'pending' as const,
    next_attempt_at: new Date(),
    correlation_id: 'c_test',
    created_at: new Date(),
  };
  await t.database.db
    .insertInto('deliveries')
    .values({ ...delivery, ...waiting })
    .execute();
  await change('released', { mayRepublish: false });
  await intake.settleRights();
  const [told] = await eventsOf(id);
  expect(told?.quiet_reason).toContain('rights: ');
  const sent = await t.database.db.selectFrom('deliveries').selectAll().execute();
  expect(sent).toMatchObject([{ status: 'cancelled', status_reason: expect.stringContaining('rights: ') }]);
});

it('does not name who lets nothing be passed on, where others tell the same story', async () => {
  const [silent, open, wide] = [
    await addPartner(t.database, 'silent'),
    await addPartner(t.database, 'open'),
    await addPartner(t.database, 'wide'),
  ];
  feeds['silent'] = silent;
  const id = await take(silent, 'common', 1);
  for (const feed of [open, wide]) expect(await take(feed, 'common', 1)).toBe(id);
  const { slug } = await t.database.db
    .selectFrom('partners')
    .select('slug')
    .where('id', '=', silent.partnerId)
    .executeTakeFirstOrThrow();
  const named = async (): Promise<boolean[]> => [
    (await get(`/partners/${slug}`)).body.includes('commoncouncil'),
    (await get('/opml')).body.includes('silent'),
    (await page(id)).body.includes('as the copy from silent'),
    (await page(id)).body.includes('silent'),
  ];
  await relayed();
  expect(await named()).toEqual([true, true, true, true]);
  await change('silent', { mayRepublish: false });
  await intake.settleRights();
  await relayed();
  expect((await page(id)).status).toBe(200);
  expect(await named()).toEqual([false, false, false, false]);
});

it('names whose copy is hidden nowhere, and at the end of its embargo everywhere, without a word to endpoints', async () => {
  const open = await addPartner(t.database, 'openly');
  const held = await addPartner(t.database, 'heldback', { rights: { embargoMinutes: 120, expiryDays: 1 } });
  const id = await take(open, 'carried', 1);
  expect(await take(held, 'carried', 1)).toBe(id);
  const { slug } = await t.database.db
    .selectFrom('partners')
    .select('slug')
    .where('id', '=', held.partnerId)
    .executeTakeFirstOrThrow();
  const previews = new ChannelPreviewRepository(t.database);
  const fits = async (filter: StoryFilter) =>
    (await previews.preview(filter, { most: 100, limit: 100, channel: undefined }))?.fits;
  const named = async () => ({
    page: (await page(id)).body.includes('heldback'),
    partner: (await get(`/partners/${slug}`)).body.includes('carriedcouncil'),
    feed: (await get(`/feeds/partner/${slug}.json`)).body.includes('carriedcouncil'),
    search: (await found(`carriedlight&partner=${slug}`)).includes('carriedcouncil'),
    list: (await get('/opml')).body.includes('heldback'),
    filter: (await fits({ partners: [slug] })) === 1,
    event: JSON.stringify((await eventsOf(id)).at(-1)?.body).includes('heldback'),
    word: (await found('heldback')).includes('carriedcouncil'),
  });
  const outputs = ['page', 'partner', 'feed', 'search', 'list', 'filter', 'event', 'word'];
  const everywhere = (is: boolean) => Object.fromEntries(outputs.map((output) => [output, is]));
  const told = async () => (await eventsOf(id)).map(({ type, quiet_reason: quiet }) => [type, quiet]);
  await relayed();
  expect(await named()).toEqual(everywhere(false));
  expect(await told()).toEqual([['story.published', null]]);
  await pass(id, 1.5);
  await intake.settleRights();
  await relayed();
  expect(await named()).toEqual(everywhere(true));
  expect((await told()).slice(1)).toEqual([['story.updated', 'only its partners changed']]);
  await pass(id, 24);
  await intake.settleRights();
  await relayed();
  expect(await named()).toEqual(everywhere(false));
  expect((await storyOf(id)).status).toBe('published');
});

it('shows the tags that a copy brings only while that copy may be shown, though its partner is named for another one', async () => {
  const open = await addPartner(t.database, 'plainly');
  const held = await addPartner(t.database, 'laterward', { rights: { embargoMinutes: 120, expiryDays: 1 } });
  const id = await take(open, 'tagged', 3, { categories: [{ term: 'Harbour walks' }] });
  expect(await take(held, 'tagged', 3)).toBe(id);
  const second = {
    id: 'tag:tagged,2026:2',
    url: 'https://tagged.example/2',
    categories: [{ term: 'Secret lanterns' }],
  };
  expect(await take(held, 'tagged', 1, second)).toBe(id);
  const shown = async () => ({
    page: (await page(id)).body.includes('Secret lanterns'),
    tag: (await get('/tags/keyword/secret-lanterns')).body.includes('taggedcouncil'),
    feed: (await get('/feeds/all.json')).body.includes('Secret lanterns'),
    list: (await get('/opml')).body.includes('Secret lanterns'),
    event: JSON.stringify((await eventsOf(id)).at(-1)?.body).includes('Secret lanterns'),
    word: (await found('lanterns')).includes('taggedcouncil'),
  });
  const outputs = ['page', 'tag', 'feed', 'list', 'event', 'word'];
  const everywhere = (is: boolean) => Object.fromEntries(outputs.map((output) => [output, is]));
  await relayed();
  expect((await page(id)).body).toContain('Harbour walks');
  expect((await page(id)).body).toContain('laterward');
  expect(await shown()).toEqual(everywhere(false));
  await pass(id, 1.5);
  await intake.settleRights();
  await relayed();
  expect(await shown()).toEqual(everywhere(true));
  expect((await eventsOf(id)).at(-1)).toMatchObject({ quiet_reason: null, body: { changed: ['tags'] } });
  await pass(id, 24);
  await intake.settleRights();
  await relayed();
  expect(await shown()).toEqual(everywhere(false));
  expect((await page(id)).body).toContain('Harbour walks');
});

it('explains what is not shown, copy by copy', async () => {
  const copies = await new StoryRightsRepository(t.database).copies(ids['forbidden'] ?? '');
  expect(copies).toMatchObject([{ isLeading: true, rights: { mayRepublish: false } }]);
});

const allSeqs = async (): Promise<number[]> =>
  (await t.database.db.selectFrom('events').select('seq').execute()).map(({ seq }) => seq ?? 0);
/** The relay's own look, waited for. */
async function relayed(): Promise<void> {
  intake.relay.poke();
  await until('every event has its number', async () => !(await allSeqs()).includes(0));
}
