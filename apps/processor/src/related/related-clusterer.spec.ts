/** Related stories from written stories to rows, on a real PostgreSQL, with processes that come and go. */
import { readFileSync } from 'node:fs';
import type { Config } from '#config/config.js';
import { projectFile } from '#config/project-file.js';
import { RelatedStoryRepository } from '#storage/related-story.repository.js';
import { StoryClusterRepository } from '#storage/story-cluster.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed } from '../../../../test/support/partners-items.js';
import { RelatedClusterer } from './related-clusterer.js';

interface Line {
  id: string;
  title: string;
  text: string;
  published: string;
  cluster: string;
}

const LINES = readFileSync(projectFile('bench/corpus/related-events.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line)
  .toSorted((a, b) => a.published.localeCompare(b.published));
const CONFIG = { relatedLikeness: 0.14, relatedStories: 1_000 } as Config;

let t: TestDatabase;
let intake: TestIntake;
let feed: TestFeed;
let related: RelatedStoryRepository;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  related = new RelatedStoryRepository(t.database);
  feed = await addPartner(t.database, 'Event Wire');
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const clusterer = () => new RelatedClusterer(CONFIG, new StoryClusterRepository(t.database));
const publish = async (lines: readonly Line[]) => {
  const { fetchId, itemIds } = await receive(
    t.database,
    feed,
    lines.map(({ id, title, text, published }) => ({ id: `guid-${id}`, title, content: `<p>${text}</p>`, published })),
  );
  await intake.process(fetchId);
  const rows = await t.database.db
    .selectFrom('story_items')
    .select(['item_id', 'story_id'])
    .where('item_id', 'in', itemIds)
    .execute();
  const storyOf = new Map(rows.map((row) => [row.item_id, row.story_id]));
  return itemIds.map((id) => storyOf.get(id) ?? '');
};
const ofEvent = (name: string) => LINES.filter(({ cluster }) => cluster === name);

test('stories of one event are related, and each says why', async () => {
  const one = clusterer();
  await publish(LINES.filter(({ cluster }) => !/^(quake|ferry)/.test(cluster)));
  await one.drain();
  const [first = '', second = '', third = ''] = await publish(ofEvent('quake-valdoria'));
  await one.drain();
  const found = await related.related(first, 10);
  expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining([second, third]));
  expect(found).toHaveLength(ofEvent('quake-valdoria').length - 1);
  const place = await related.place(third);
  expect(place?.likeness).toBeGreaterThan(0.1);
  expect(place?.words).toEqual(expect.arrayContaining(['mirelle']));
  expect(await one.step()).toBe(0);
  await one.leave();
});

test('a process that dies between two steps is followed by another that knows what it knew', async () => {
  const [one, two] = [clusterer(), clusterer()];
  const early = await publish(ofEvent('ferry-lindar').slice(0, 2));
  await one.drain();
  const late = await publish(ofEvent('ferry-lindar').slice(2));
  // The lane is still held: the other keeps away and nothing is lost.
  expect(await two.step()).toBe(0);
  await one.leave();
  await two.drain();
  const found = await related.related(late[0] ?? '', 10);
  expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(early));
  await two.leave();
});

test('whoever lost the lane unnoticed writes nothing', async () => {
  const [one, two] = [clusterer(), clusterer()];
  await publish(ofEvent('ferry-ostra').slice(0, 1));
  await one.drain();
  await t.database.db
    .updateTable('story_cluster_lane')
    .set({ lease_until: new Date(0) })
    .execute();
  const [story = ''] = await publish(ofEvent('ferry-ostra').slice(1, 2));
  await two.drain();
  const place = await related.place(story);
  await publish(ofEvent('ferry-ostra').slice(2));
  expect(await one.step()).toBe(0);
  await two.drain();
  expect((await related.place(story))?.clusterId).toBe(place?.clusterId);
  expect(await related.related(story, 10)).toHaveLength(2);
  await two.leave();
});

test('a withdrawn story is related to nobody, a restored one to its own again', async () => {
  const one = clusterer();
  const [first = '', second = '', third = ''] = await publish(ofEvent('quake-tamarand'));
  await one.drain();
  const set = async (status: 'withdrawn' | 'published') =>
    t.database.db.updateTable('stories').set({ status }).where('id', '=', first).execute();
  await set('withdrawn');
  await one.drain();
  expect((await related.related(second, 10)).map(({ id }) => id)).not.toContain(first);
  expect(await related.place(first)).toBeUndefined();
  await set('published');
  await one.drain();
  expect((await related.related(first, 10)).map(({ id }) => id)).toEqual(expect.arrayContaining([second, third]));
  await one.leave();
});

test('no story is related because of one that is related to it no more', async () => {
  const one = clusterer();
  await one.drain();
  const { story_id: story, nearest_story_id: nearest } = await t.database.db
    .selectFrom('story_clusters')
    .select(['story_id', 'nearest_story_id'])
    .where('nearest_story_id', 'is not', null)
    .orderBy('story_id')
    .executeTakeFirstOrThrow();
  expect((await related.place(story))?.nearestStoryId).toBe(nearest);
  const others = (await related.related(story, 10)).filter(({ id }) => id !== nearest);
  await t.database.db.updateTable('stories').set({ status: 'withdrawn' }).where('id', '=', nearest).execute();
  await one.drain();
  const place = await related.place(story);
  expect(place?.nearestStoryId).not.toBe(nearest);
  if (place?.nearestStoryId === null) expect(place).toMatchObject({ likeness: null, words: [] });
  for (const { id } of others)
    for (const other of await related.related(id, 10)) expect(other.nearestStoryId).not.toBe(nearest);
  await one.leave();
});
