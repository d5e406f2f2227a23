/** Stories that turn out to be one become one, against a real PostgreSQL: items, events, the signpost, the record. */
import type { StoryEventData } from '#contracts/events.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { StoryHistoryRepository } from '#storage/story-history.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake, testWriter } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';
import { cleanItem } from '../intake/clean-item.js';

let t: TestDatabase;
let intake: TestIntake;
let feeds: TestFeed[];

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  feeds = [];
  for (const name of ['Harbour Daily', 'Tide Weekly', 'Quay Post']) feeds.push(await addPartner(t.database, name));
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const text = (topic: string, words = 40): string =>
  Array.from({ length: words }, (_, i) => `${topic}${i} word`).join(' ');
const take = async (feed: number, ...items: TestItem[]): Promise<string[]> => {
  const { fetchId, itemIds } = await receive(t.database, feeds[feed] as TestFeed, items);
  await intake.process(fetchId);
  return itemIds;
};
const storyOf = async (itemId: string | undefined) =>
  t.database.db
    .selectFrom('story_items as si')
    .innerJoin('stories as s', 's.id', 'si.story_id')
    .select([
      's.id',
      's.status',
      's.version',
      's.merged_into',
      's.title',
      's.leading_item_id',
      'si.rule',
      'si.evidence',
    ])
    .where('si.item_id', '=', itemId ?? '')
    .executeTakeFirstOrThrow();
const storyById = (id: string) =>
  t.database.db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const eventsOf = (storyId: string) =>
  t.database.db.selectFrom('events').selectAll().where('story_id', '=', storyId).orderBy('story_version').execute();

/** Each fetch by a processor of its own, all at the same moment. */
const writeAt = async (fetchIds: string[]): Promise<void> => {
  const items = new ProcessedItemRepository(t.database);
  const chunks = await Promise.all(fetchIds.map((id) => items.loadUnprocessed([id], 100)));
  await Promise.all(
    chunks.map((chunk) =>
      testWriter(t.database).write(
        chunk.map((item) => ({
          item,
          clean: cleanItem({ parsed: item.parsed, at: (item.publishedAt ?? item.receivedAt).toISOString() }),
          language: null,
          tags: [],
        })),
      ),
    ),
  );
};

/** Two stories, and the item that has the guid of one and the text of the other. */
const two = (topic: string): [TestItem, TestItem, TestItem] => [
  {
    id: `tag:${topic}.example,2026:1`,
    title: `${topic} early`,
    content: `<p>${text(`${topic}a`)}</p>`,
    published: '2026-11-20T08:00:00.000Z',
    categories: [{ term: 'Sport' }],
  },
  {
    id: `tag:${topic}.example,2026:2`,
    title: `${topic} late`,
    content: `<p>${text(`${topic}b`, 200)}</p>`,
    published: '2026-11-20T09:00:00.000Z',
    categories: [{ term: 'Politics' }],
  },
  {
    id: `tag:${topic}.example,2026:1`,
    title: `${topic} third`,
    content: `<p>${text(`${topic}b`, 200)}</p>`,
    published: '2026-11-20T10:00:00.000Z',
  },
];

test('an item that carries keys of two stories makes them one: the earliest published stays', async () => {
  const [early, late, both] = two('ferry');
  const [second] = await take(1, late);
  const [first] = await take(0, early);
  const [winner, loser] = [await storyOf(first), await storyOf(second)];
  expect(winner.id).not.toBe(loser.id);
  const [third] = await take(2, both);

  for (const itemId of [first, second, third]) expect((await storyOf(itemId)).id).toBe(winner.id);
  const keys = await t.database.db.selectFrom('identity_keys').selectAll().where('story_id', '=', loser.id).execute();
  expect(keys).toEqual([]);
  expect(await storyById(loser.id)).toMatchObject({ status: 'merged', merged_into: winner.id, version: 2 });
  expect((await storyById(loser.id)).gone_at).not.toBeNull();
  // The loser's text was the fuller one.
  expect(await storyById(winner.id)).toMatchObject({
    status: 'published',
    leading_item_id: second,
    title: 'ferry late',
  });

  const [, merged] = await eventsOf(loser.id);
  const body = merged?.body as unknown as StoryEventData;
  expect(merged).toMatchObject({ type: 'story.merged', story_version: 2, quiet_reason: null });
  expect(body.story).toMatchObject({ id: loser.id, title: 'ferry late' });
  expect(body.mergedInto).toMatchObject({ id: winner.id, url: expect.stringContaining(winner.id) as string });
  const [, updated] = await eventsOf(winner.id);
  const after = updated?.body as unknown as StoryEventData;
  expect(updated).toMatchObject({ type: 'story.updated', quiet_reason: null });
  expect(after.changed).toEqual(expect.arrayContaining(['title', 'content', 'tags', 'partners']));
  expect(after.story.tags.map(({ slug }) => slug).sort()).toEqual(['politics', 'sport']);
  expect(after.story.partners).toHaveLength(3);

  const action = await t.database.db
    .selectFrom('story_actions')
    .selectAll()
    .where('story_id', '=', winner.id)
    .executeTakeFirstOrThrow();
  expect(action).toMatchObject({ kind: 'merge', actor: 'machine', status: 'done' });
  expect(action.request).toMatchObject({ storyIds: [loser.id], itemId: third, evidence: { rule: 'text' } });
  expect(action.before?.stories[0]).toMatchObject({ id: loser.id, itemIds: [second] });

  const history = new StoryHistoryRepository(t.database);
  expect(await history.whereabouts(loser.id)).toMatchObject({ kind: 'published', id: winner.id });
});

test('a later copy of the loser joins the story that stayed', async () => {
  const [early, late, both] = two('lock');
  const [first] = await take(0, early);
  await take(1, late);
  await take(2, both);
  const [copy] = await take(2, { ...late, id: 'tag:lock.example,2026:copy' });
  expect((await storyOf(copy)).id).toBe((await storyOf(first)).id);
});

test('copies of one chunk that a third one connects are one story, and nobody hears of another', async () => {
  const [early, late, both] = two('crane');
  const fetches = [];
  for (const [feed, one] of [early, late].entries())
    fetches.push(await receive(t.database, feeds[feed] as TestFeed, [one]));
  fetches.push(await receive(t.database, feeds[2] as TestFeed, [both]));
  await Promise.all(fetches.map(({ fetchId }) => intake.process(fetchId)));
  const stories = await Promise.all(fetches.map(({ itemIds: [id] }) => storyOf(id)));
  expect(new Set(stories.map(({ id }) => id)).size).toBe(1);
  expect((await eventsOf(stories[0]?.id ?? '')).map(({ type }) => type)).not.toContain('story.merged');
});

test('a headline that becomes another partner’s whole text brings its story home', async () => {
  const [early, late] = two('buoy');
  const [a] = await take(0, early);
  const [b] = await take(1, late);
  const [again] = await take(1, { ...late, content: early.content ?? '', title: early.title ?? '' });
  expect(again).toBe(b);
  expect((await storyOf(b)).id).toBe((await storyOf(a)).id);
  expect((await storyOf(a)).status).toBe('published');
});

test('a story into which another one goes by its new version keeps what its partners say it is about', async () => {
  const [early, late] = two('wharf');
  const [a] = await take(0, { ...early, categories: [{ term: 'Weather' }] });
  const [b] = await take(1, { ...late, categories: [{ term: 'Sport' }] });
  const { content = '', title = '' } = early;
  await take(1, { ...late, content, title, categories: [{ term: 'Sport' }] });
  const { id } = await storyOf(a);
  expect((await storyOf(b)).id).toBe(id);
  const tags = await t.database.db
    .selectFrom('story_tags')
    .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
    .select('slug')
    .where('story_id', '=', id)
    .where('scheme', '=', 'topic')
    .orderBy('slug')
    .execute();
  expect(tags.map(({ slug }) => slug)).toEqual(['sport', 'weather']);
});

test('a story that goes into another one by its new version brings nothing that its partner names no more', async () => {
  const [early, late] = two('jetty');
  const [b] = await take(1, early);
  const { content = '', title = '', id = '' } = early;
  const [a] = await take(0, { ...late, id: `${id}-own`, categories: [{ term: 'Weather' }, { term: 'Sport' }] });
  await take(0, { ...late, id: `${id}-own`, content, title, categories: [{ term: 'Sport' }] });
  const story = await storyOf(b);
  expect((await storyOf(a)).id).toBe(story.id);
  const tags = await t.database.db
    .selectFrom('story_tags')
    .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
    .select('slug')
    .where('story_id', '=', story.id)
    .where('scheme', '=', 'topic')
    .orderBy('slug')
    .execute();
  expect(tags.map(({ slug }) => slug)).toEqual(['sport']);
});

test('a withdrawn story takes nobody with it', async () => {
  const [early, late, both] = two('mole');
  const [a] = await take(0, early);
  const [b] = await take(1, late);
  const withdrawn = await storyOf(a);
  await t.database.db.updateTable('stories').set({ status: 'withdrawn' }).where('id', '=', withdrawn.id).execute();
  await take(2, both);
  expect(await storyOf(b)).toMatchObject({ status: 'published', merged_into: null });
});

test('entries of a live blog connect no stories', async () => {
  const link = 'https://quay.example/live/storm-77';
  const [one, other] = await take(
    0,
    { id: 'live-entry-one-123456789', url: link, title: 'Pier closed', content: `<p>${text('pier')}</p>` },
    { id: 'live-entry-two-123456789', url: link, title: 'Lights out', content: `<p>${text('light')}</p>` },
  );
  await take(1, { id: 'tag:q.example,2026:9', url: link, title: 'Storm', content: `<p>${text('pier')}</p>` });
  expect((await storyOf(one)).id).not.toBe((await storyOf(other)).id);
});

test('an item that is another article in each version connects none of those that it came to', async () => {
  const article = (topic: string): TestItem => ({
    id: `tag:top.example,2026:${topic}`,
    url: `https://harbour.example/news/${topic}`,
    title: `${topic}${topic.length} ${topic}s in ${topic}land`,
    content: `<p>${text(topic, 60)}</p>`,
  });
  const [a, b] = await take(0, article('pontoon'), article('lighthouse'));
  const top = (topic: string): TestItem => ({ ...article(topic), id: 'tag:top.example,2026:top' });
  const [first] = await take(1, top('pontoon'));
  const [again] = await take(1, top('lighthouse'));
  expect(again).toBe(first);
  expect((await storyOf(first)).id).toBe((await storyOf(a)).id);
  for (const itemId of [a, b]) expect(await storyOf(itemId)).toMatchObject({ status: 'published', merged_into: null });
  expect((await storyOf(a)).id).not.toBe((await storyOf(b)).id);
});

test('an item that stays what it was connects its story with the one whose link it gets', async () => {
  const one = { id: 'tag:quay.example,2026:31', title: 'Crane falls into the dock', content: `<p>${text('fall')}</p>` };
  const [a] = await take(0, one);
  const [b] = await take(1, { ...one, id: 'tag:tide.example,2026:31' });
  const link = 'https://tide.example/news/crane-falls-4711';
  const [c] = await take(2, { url: link, title: 'Crane falls into dock', content: `<p>${text('dock')}</p>` });
  expect((await storyOf(c)).id).not.toBe((await storyOf(a)).id);
  await take(1, { ...one, id: 'tag:tide.example,2026:31', url: link });
  for (const itemId of [b, c]) expect((await storyOf(itemId)).id).toBe((await storyOf(a)).id);
});

test('a correction by the leading item’s own partner is shown, and its copies come to it', async () => {
  const wrong = { id: 'tag:reef.example,2026:1', title: 'Reef to be fenced', content: `<p>${text('reef', 60)}</p>` };
  const right = { title: 'CORRECTED: Reef to be fenced', content: wrong.content.replace('reef30 ', 'sandbank ') };
  const [a] = await take(0, wrong);
  const [correction] = await take(0, { ...right, id: 'tag:reef.example,2026:2' });
  const [copy] = await take(1, { ...right, id: 'tag:reef.example,2026:3' });
  const story = await storyOf(a);
  expect(await storyOf(correction)).toMatchObject({ id: story.id, rule: 'update-marker', leading_item_id: correction });
  expect(await storyOf(copy)).toMatchObject({ id: story.id, rule: 'text', evidence: { matchedItemId: correction } });
  const [, updated] = await eventsOf(story.id);
  expect(updated).toMatchObject({ type: 'story.updated', story_version: 2, quiet_reason: null });
});

test('chunks that race towards the same merge make one story of all', async () => {
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) {
    const [early, late, both] = two(`race${round}x`);
    const [a] = await take(0, early);
    const [b] = await take(1, late);
    const other = { ...both, id: `tag:race${round}x.example,2026:2`, content: early.content ?? '' };
    const fetches = [
      await receive(t.database, feeds[2] as TestFeed, [both]),
      await receive(t.database, feeds[2] as TestFeed, [other]),
      await receive(t.database, feeds[0] as TestFeed, [{ ...late, id: `tag:race${round}x.example,2026:77` }]),
    ];
    await writeAt(fetches.map(({ fetchId }) => fetchId));
    const ids = [a, b, ...fetches.flatMap(({ itemIds }) => itemIds)];
    const stories = await Promise.all(ids.map(storyOf));
    expect(new Set(stories.map(({ id }) => id)).size).toBe(1);
    expect(stories[0]).toMatchObject({ status: 'published' });
  }
});
