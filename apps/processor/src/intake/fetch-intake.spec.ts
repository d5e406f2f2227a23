/** From stored items to stories, tags, versions and events, against a real PostgreSQL. */
import type { StoryEventData } from '#contracts/events.js';
import { storyBodySchema } from '#contracts/story-body.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addFeed, addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';

const PUBLISHED = '2026-11-20T08:00:00.000Z';
const BODY =
  'The old harbour bridge in Kelso Bay will close for repairs on Monday, the council said, and ferries will run every ten minutes until the work is done in March. ' +
  'Shopkeepers on both sides of the water asked for a later start, but engineers warned that the winter storms would not wait for them.';
/** A body of the same length with words of its own: similar texts would be one story. */
const bodyOf = (name: string): string => BODY.replace(/\p{L}{4,}/gu, `$&${name}`);

let t: TestDatabase;
let intake: TestIntake;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const item = (facts: TestItem): TestItem => ({
  title: 'Harbour bridge to close for repairs',
  content: `<p>${BODY}</p>`,
  published: PUBLISHED,
  ...facts,
});
const storiesOf = async (itemIds: string[]) =>
  t.database.db
    .selectFrom('story_items as si')
    .innerJoin('stories as s', 's.id', 'si.story_id')
    .innerJoin('items as i', 'i.id', 'si.item_id')
    .select(['si.item_id', 'si.rule', 'si.evidence', 'i.state'])
    .select(['s.id', 's.slug', 's.title', 's.version', 's.sort_at', 's.leading_item_id', 's.status'])
    .where('si.item_id', 'in', itemIds)
    .orderBy('si.item_id')
    .execute();
const eventsOf = async (storyId: string) =>
  t.database.db
    .selectFrom('events')
    .select(['type', 'story_version', 'quiet_reason', 'body', 'correlation_id'])
    .where('story_id', '=', storyId)
    .orderBy('story_version')
    .execute();
const take = async (feed: TestFeed, ...items: TestItem[]) => {
  const { fetchId, itemIds } = await receive(t.database, feed, items);
  await intake.process(fetchId);
  return itemIds;
};
const only = <T>(rows: T[]): T => {
  expect(rows).toHaveLength(1);
  return rows[0] as T;
};

test('an item becomes a story with tags, a version, a search entry and an event', async () => {
  const feed = await addPartner(t.database, 'Kelso Wire');
  const ids = await take(
    feed,
    item({
      id: 'urn:kelso:1',
      url: 'https://kelso.example/bridge-1',
      categories: [{ term: 'Politics' }, { term: 'Kelso Bay' }],
    }),
  );
  const story = only(await storiesOf(ids));
  expect(story).toMatchObject({
    rule: 'first',
    state: 'in-story',
    slug: 'harbour-bridge-to-close-for-repairs',
    version: 1,
  });
  expect(story.sort_at.toISOString()).toBe(PUBLISHED);
  const event = only(await eventsOf(story.id));
  expect(event).toMatchObject({
    type: 'story.published',
    story_version: 1,
    quiet_reason: null,
    correlation_id: 'c_test',
  });
  const { story: body } = event.body as unknown as StoryEventData;
  expect(storyBodySchema.parse(body)).toMatchObject({
    id: story.id,
    url: `http://localhost:8080/stories/${story.id}/harbour-bridge-to-close-for-repairs`,
    source: { name: 'Kelso Wire', itemUrl: 'https://kelso.example/bridge-1' },
    tags: [
      { scheme: 'topic', slug: 'politics', name: 'politics' },
      { scheme: 'keyword', slug: 'kelso-bay', name: 'Kelso Bay' },
    ],
    language: 'en',
  });
  const tags = await t.database.db.selectFrom('story_tags').select('source').where('story_id', '=', story.id).execute();
  expect(tags.map(({ source }) => source)).toContain('partner category "Kelso Bay" (Kelso Wire)');
  const left = await t.database.db.selectFrom('item_batches').selectAll().execute();
  expect(left).toEqual([]);
});

test.each([
  [
    'guid',
    { id: 'tag:one.example,2026:7' },
    { id: 'tag:one.example,2026:7', content: '<p>Quite another, shorter text.</p>' },
  ],
  [
    'url',
    { url: 'https://one.example/a/7?utm_source=x' },
    { url: 'http://www.one.example/a/7/', content: '<p>Short.</p>' },
  ],
  [
    'text',
    { content: `<p>Text rule. ${bodyOf('text')}</p>` },
    { content: `<div>text rule — ${bodyOf('text').toUpperCase()}</div>`, title: 'Bridge' },
  ],
])('two partners, one story by %s, and it says why', async (rule, first, second) => {
  const [a, b] = [await addPartner(t.database, 'Daily'), await addPartner(t.database, 'Weekly')];
  const unlike = { content: `<p>A ${rule} story. ${bodyOf(rule)} ${rule}</p>`, title: `The ${rule} story` };
  const [one] = await take(a, item({ id: `${rule}-a-1234567890-abcdef`, ...unlike, ...first }));
  const [two] = await take(b, item({ id: `${rule}-b-1234567890-abcdef`, ...unlike, ...second }));
  const rows = await storiesOf([one ?? '', two ?? '']);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect(rows[1]).toMatchObject({ rule, evidence: { matchedItemId: one, matchedPartner: 'Daily' } });
  const partners = await t.database.db
    .selectFrom('story_partners')
    .select('partner_id')
    .where('story_id', '=', rows[0]?.id ?? '')
    .execute();
  expect(partners).toHaveLength(2);
  const [, joined] = await eventsOf(rows[0]?.id ?? '');
  expect(joined).toMatchObject({ type: 'story.updated', quiet_reason: 'only one more partner carries the story' });
});

test('copies in one chunk are one story; equal text within one feed too', async () => {
  const feed = await addPartner(t.database, 'Echo');
  const text = `<p>In one chunk. ${bodyOf('chunk')}</p>`;
  const ids = await take(feed, item({ id: 'e1', content: text }), item({ id: 'e2', content: text }));
  const rows = await storiesOf(ids);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect(only(await eventsOf(rows[0]?.id ?? '')).type).toBe('story.published');
});

test('entries of a live blog share a link and stay apart', async () => {
  const feed = await addPartner(t.database, 'Ticker');
  const ids = await take(
    feed,
    item({
      id: 'l1',
      title: 'Polls open',
      url: 'https://ticker.example/live-77',
      content: `<p>08:00. First words. ${bodyOf('open')}</p>`,
    }),
    item({
      id: 'l2',
      title: 'Polls close',
      url: 'https://ticker.example/live-77',
      content: `<p>20:00. Last words. ${bodyOf('close')}</p>`,
    }),
  );
  expect(new Set((await storiesOf(ids)).map(({ id }) => id)).size).toBe(2);
  // Another partner that links to the blog belongs to none of them.
  const other = await take(
    await addPartner(t.database, 'Linker'),
    item({
      id: 'x1',
      title: 'They have a live blog',
      url: 'https://ticker.example/live-77',
      content: '<p>See there.</p>',
    }),
  );
  expect(only(await storiesOf(other)).rule).toBe('first');
});

test('a material change is a version and an event, a comma is neither', async () => {
  const feed = await addPartner(t.database, 'Changer');
  const first = item({
    id: 'change-1',
    content: `<p>Material. ${bodyOf('material')}</p>`,
    categories: [{ term: 'Sport' }],
  });
  const ids = await take(feed, first);
  const before = only(await storiesOf(ids));
  await take(feed, { ...first, content: `<p>Material: ${bodyOf('material')}!</p>` });
  expect(only(await storiesOf(ids)).version).toBe(1);
  await take(feed, { ...first, title: 'Harbour bridge stays open', categories: [{ term: 'Weather' }] });
  const after = only(await storiesOf(ids));
  expect(after).toMatchObject({ id: before.id, slug: before.slug, version: 2, title: 'Harbour bridge stays open' });
  const [, updated] = await eventsOf(after.id);
  expect(updated).toMatchObject({
    type: 'story.updated',
    story_version: 2,
    quiet_reason: null,
    body: { changed: ['title', 'tags'] },
  });
  const { story } = updated?.body as unknown as StoryEventData;
  expect(story.tags.map(({ slug }) => slug)).toEqual(['weather']);
  const versions = await t.database.db
    .selectFrom('story_versions')
    .select(['version', 'changed'])
    .where('story_id', '=', after.id)
    .orderBy('version')
    .execute();
  expect(versions).toEqual([
    { version: 1, changed: [] },
    { version: 2, changed: ['title', 'tags'] },
  ]);
});

test('a partner of higher priority takes the lead, the permalink stays', async () => {
  const low = await addPartner(t.database, 'Low');
  const high = await addPartner(t.database, 'High', { priority: 10 });
  const content = `<p>The lead. ${bodyOf('lead')}</p>`;
  const [one] = await take(low, item({ id: 'lead-a', content }));
  const before = only(await storiesOf([one ?? '']));
  const [two] = await take(high, item({ id: 'lead-b', content, title: 'Bridge shut, says the better partner' }));
  const after = only(await storiesOf([one ?? '']));
  expect(after).toMatchObject({ id: before.id, slug: before.slug, leading_item_id: two, version: 2 });
  const [, updated] = await eventsOf(after.id);
  expect(updated).toMatchObject({ quiet_reason: null, body: { changed: ['title', 'source', 'partners'] } });
});

test('what a text names are tags of the item that leads, and go when another leads', async () => {
  const tagsOf = async (storyId: string) =>
    t.database.db
      .selectFrom('story_tags as st')
      .innerJoin('tags as t', 't.id', 'st.tag_id')
      .select(['t.scheme', 't.slug', 'st.source', 'st.confidence'])
      .where('st.story_id', '=', storyId)
      .orderBy('t.slug')
      .execute();
  const url = 'https://names.example/lamps';
  // Nothing like the other texts here: it must become a story of its own.
  const rest =
    'Lamps along the quay went out after supper, and nobody found the keeper who had the only key to the old switch house. ' +
    'Boats waited outside until a pilot rowed from one buoy to the next with a lantern and called every skipper in by name.';
  const first = item({
    title: 'Quay in the dark',
    url,
    content: `<p>In Belgium engineer Zog Quillfeather, 43, spoke. ${rest}</p>`,
  });
  const ids = await take(await addPartner(t.database, 'Names'), first);
  const story = only(await storiesOf(ids));
  expect(await tagsOf(story.id)).toEqual([
    { scheme: 'place', slug: 'belgium', source: 'named in the text (Belgium)', confidence: expect.closeTo(0.85) },
    {
      scheme: 'person',
      slug: 'zog-quillfeather',
      source: 'named in the text (Zog Quillfeather, by its title)',
      confidence: expect.closeTo(0.85),
    },
  ]);

  await take(
    await addPartner(t.database, 'Follower', { priority: -5 }),
    item({ title: 'Quay in the dark', url, content: `<p>In Norway. ${rest}</p>` }),
  );
  expect((await tagsOf(story.id)).map(({ slug }) => slug)).toEqual(['belgium', 'zog-quillfeather']);

  const best = await addPartner(t.database, 'Best', { priority: 9 });
  const leading = {
    id: 'names-best',
    title: 'Quay in the dark',
    url,
    content: `<p>In Belgium and Peru. ${rest}</p>`,
    published: PUBLISHED,
  };
  await take(best, item({ ...leading, categories: [{ term: 'Sport' }] }));
  expect((await tagsOf(story.id)).map(({ slug }) => slug)).toEqual(['belgium', 'peru', 'sport']);
  await take(best, item({ ...leading, content: `<p>In Chile it rained for days and days. ${rest}</p>` }));
  expect((await tagsOf(story.id)).map(({ slug }) => slug)).toEqual(['chile']);
  const events = await eventsOf(story.id);
  const { story: body } = events.at(-1)?.body as unknown as StoryEventData;
  expect(body.tags).toEqual([{ scheme: 'place', slug: 'chile', name: 'Chile' }]);
});

test('backlog stays quiet, also when a fresh copy joins', async () => {
  const content = `<p>Long ago. ${bodyOf('ago')}</p>`;
  const old = await addPartner(t.database, 'Old');
  const ids = await take(old, item({ id: 'old-1', content, quietReason: 'backlog: published long ago' }));
  await take(await addPartner(t.database, 'Fresh', { priority: 5 }), item({ id: 'fresh-1', content, title: 'Fresh' }));
  const events = await eventsOf(only(await storiesOf(ids)).id);
  expect(events.map(({ quiet_reason }) => quiet_reason)).toEqual([
    'backlog: published long ago',
    'backlog: published long ago',
  ]);
});

test('what cannot be shown fails alone, with its reason', async () => {
  const feed = await addPartner(t.database, 'Broken');
  const hostile = '<div>'.repeat(20_000) + '&lt;'.repeat(100_000);
  const ids = await take(
    feed,
    item({ id: 'ok-1', content: `<p>Fine. ${bodyOf('fine')}</p>` }),
    { id: 'empty-1' },
    item({ id: 'deep-1', content: hostile, title: 'Deep \u0007trouble' }),
  );
  const rows = await t.database.db
    .selectFrom('items')
    .select(['id', 'state', 'state_reason'])
    .where('id', 'in', ids)
    .execute();
  const state = new Map(rows.map((row) => [row.id, row]));
  expect(ids.map((id) => state.get(id)?.state)).toEqual(['in-story', 'failed', 'in-story']);
  expect(state.get(ids[1] ?? '')?.state_reason).toMatch(/nothing to show/);
});

test('the same fetch twice and twice at once changes nothing', async () => {
  const feed = await addPartner(t.database, 'Twice');
  const { fetchId, itemIds } = await receive(
    t.database,
    feed,
    Array.from({ length: 30 }, (_, i) =>
      item({ id: `twice-${i}`, title: `Story number ${i}`, content: `<p>${i} twice. ${bodyOf(`twice${i}`)}</p>` }),
    ),
  );
  await Promise.all([intake.process(fetchId), testIntakeProcess(fetchId), intake.process(fetchId)]);
  await intake.process(fetchId);
  const rows = await storiesOf(itemIds);
  expect(rows).toHaveLength(30);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(30);
  expect(rows.every(({ version }) => version === 1)).toBe(true);
});

async function testIntakeProcess(fetchId: string): Promise<void> {
  const second = testIntake(t.database);
  await second.process(fetchId);
  await second.stop();
}

test('two feeds of one partner with the same article are one story and one partner', async () => {
  const feed = await addPartner(t.database, 'Twofeeds');
  const second = { ...feed, feedId: await addFeed(t.database, feed.partnerId) };
  const article = item({
    id: 'https://two.example/a-story-1',
    url: 'https://two.example/a-story-1',
    content: `<p>Two feeds. ${bodyOf('feeds')}</p>`,
  });
  const [one] = await take(feed, article);
  const [two] = await take(second, article);
  const rows = await storiesOf([one ?? '', two ?? '']);
  expect(rows[0]?.id).toBe(rows[1]?.id);
  expect(rows[0]?.version).toBe(1);
  expect(await eventsOf(rows[0]?.id ?? '')).toHaveLength(1);
});

test('the end of the demo withdraws its stories and drops what still comes', async () => {
  const feed = await addPartner(t.database, 'Demo', { isDemo: true });
  const ids = await take(feed, item({ id: 'demo-1', content: `<p>Demo. ${bodyOf('demo')}</p>` }));
  expect(await intake.stories.withdrawDemoStories()).toBe(1);
  expect(only(await storiesOf(ids)).status).toBe('withdrawn');
  await t.database.db.updateTable('feeds').set({ status: 'retired' }).where('id', '=', feed.feedId).execute();
  const [late] = await take(feed, item({ id: 'demo-2', content: `<p>Late demo. ${bodyOf('late')}</p>` }));
  const row = await t.database.db
    .selectFrom('items')
    .select(['state', 'state_reason'])
    .where('id', '=', late ?? '')
    .execute();
  expect(row).toEqual([{ state: 'dropped', state_reason: 'the demo is over' }]);
});
