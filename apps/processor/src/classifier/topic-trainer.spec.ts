/** The classifier on a real database: learnt from stories with topics, proved, given to stories without, and fenced. */
import { sql } from 'kysely';
import type { Config } from '#config/config.js';
import type { StoryActionRequest } from '#contracts/story-actions.js';
import { Metrics } from '#observability/metrics.js';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { type TestIntake, testIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';
import { TopicCatalogue } from '../tagging/topic-catalogue.js';
import { newsWriter, seeded } from './invented-news.testing.js';
import { TopicTrainer } from './topic-trainer.js';

const NAMES = ['Soccer', 'Politics', 'Health'];
const write = newsWriter(NAMES.length, 11);

let t: TestDatabase;
let intake: TestIntake;
let repository: ClassifierRepository;
let feed: TestFeed;
beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  repository = new ClassifierRepository(t.database);
  feed = await addPartner(t.database, 'Harbour Gazette');
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

function trainer(config: Partial<Config> = {}): TopicTrainer {
  const full = { classifierSamples: 5_000, classifierPrecision: 0.93, ...config } as Config;
  return new TopicTrainer(full, repository, new TopicCatalogue(), new Metrics());
}

let minute = 0;
function item(topic: number, categories: string[]): TestItem {
  const { title, bodyText } = write(topic);
  const published = new Date(Date.UTC(2026, 5, 1) + minute++ * 60_000).toISOString();
  return {
    id: `item-${minute}`,
    title,
    content: bodyText,
    published,
    language: 'en',
    categories: categories.map((term) => ({ term })),
  };
}

async function process(items: TestItem[]): Promise<string[]> {
  const { fetchId, itemIds } = await receive(t.database, feed, items);
  while ((await intake.process(fetchId)) > 0);
  return itemIds;
}

async function topicsOf(itemId: string) {
  const { rows } = await sql<{ slug: string; source: string; confidence: number }>`
    SELECT t.slug, st.source, st.confidence FROM story_items si JOIN story_tags st USING (story_id) JOIN tags t ON t.id = st.tag_id
     WHERE si.item_id = ${itemId} AND t.scheme = 'topic'`.execute(t.database.db);
  return rows;
}

test('too little to learn from is said in words', async () => {
  await process(Array.from({ length: 20 }, (_, index) => item(index % 3, [NAMES[index % 3] ?? ''])));
  await expect(trainer().trainIfDue()).resolves.toBe(
    'not trained: 20 stories have a topic from their partners or an operator, 200 are needed',
  );
  expect(await trainer().trainIfDue()).toBeUndefined();
});

test('it learns from partners’ topics, proves itself, and gives topics where nobody does', async () => {
  const random = seeded(1);
  for (let batch = 0; batch < 6; batch += 1)
    await process(
      Array.from({ length: 100 }, () => {
        const topic = Math.floor(random() * 3);
        return item(topic, [NAMES[topic] ?? '']);
      }),
    );
  await repository.want();
  // Two processors, one training.
  const notes = await Promise.all([trainer().trainIfDue(), trainer().trainIfDue()]);
  expect(notes.filter((note) => note !== undefined)).toEqual([
    expect.stringMatching(/^version 1 trained: precision (1\.000|0\.9\d+) on 124 held-out items/),
  ]);
  expect(await repository.versionInUse()).toBe(1);

  const ids = await process(Array.from({ length: 30 }, (_, index) => item(index % 3, [])));
  const given = await Promise.all(ids.map(topicsOf));
  const sure = given.flatMap((topics, index) =>
    topics.map((topic) => ({ ...topic, truth: ['soccer', 'politics', 'health'][index % 3] })),
  );
  expect(sure.length).toBeGreaterThan(15);
  expect(sure.filter(({ slug, truth }) => slug === truth).length).toBeGreaterThanOrEqual(sure.length - 1);
  for (const { source, confidence } of sure) {
    expect(source).toBe('classifier v1');
    expect(confidence).toBeGreaterThanOrEqual(0.5);
    expect(confidence).toBeLessThanOrEqual(1);
  }
  const [own] = await process([item(0, ['Weather'])]);
  expect(await topicsOf(own ?? '')).toMatchObject([
    { slug: 'weather', source: expect.stringMatching(/^partner category/) },
  ]);
});

test('it does not learn from what it gave, and not again while little is new', async () => {
  expect(await repository.labelledStories(5_000, 5_000)).toHaveLength(621);
  await t.database.db
    .updateTable('classifier_state')
    .set({ next_look_at: new Date(0) })
    .execute();
  expect(await trainer().trainIfDue()).toBe(
    'not trained again: 1 new stories with a topic since version 1, 62 are needed',
  );
});

test('a training that a killed process left behind is done by the next', async () => {
  await repository.want();
  const dead = await repository.claim(900);
  expect(await trainer().trainIfDue()).toBeUndefined();
  await t.database.db
    .updateTable('classifier_state')
    .set({ lease_until: new Date(0) })
    .execute();
  expect(await trainer().trainIfDue()).toMatch(/^version 2 trained/);
  expect((await repository.versions(5)).map(({ status }) => status)).toEqual(['active', 'retired']);
  // The dead one was only slow: its turn is over.
  const result = { packed: null, samples: 1, trainedSamples: 1, testedSamples: 1, newestSampleAt: null, bar: 0.93 };
  const none = { precision: null, coverage: 0, topics: [], languages: [], isPresentGood: null, seconds: 1 };
  expect(await repository.store(dead?.token ?? '', { ...result, ...none })).toBeUndefined();
});

test('what it gave comes back when nobody names a topic any more', async () => {
  const texts = Array.from({ length: 10 }, () => ({ ...item(2, []), url: `https://bay.example/${minute}` }));
  const ids = await process(texts);
  const given = await Promise.all(ids.map(topicsOf));
  const which = given.findIndex((topics) => topics.length > 0);
  const [id = '', text, guessed] = [ids[which], texts[which], given[which]];
  expect(guessed).toMatchObject([{ source: 'classifier v2' }]);
  const other = await addPartner(t.database, 'Follower', { priority: -5 });
  const follow = async (...terms: string[]): Promise<void> => {
    const categories = terms.map((term) => ({ term }));
    await intake.process((await receive(t.database, other, [{ ...text, id: 'follower', categories }])).fetchId);
  };
  const { story_id: storyId } = await t.database.db
    .selectFrom('story_items')
    .select('story_id')
    .where('item_id', '=', id)
    .executeTakeFirstOrThrow();
  const actions = new StoryActionRepository(t.database);
  const ask = async (request: StoryActionRequest): Promise<string> => {
    const kind = request.actionId === undefined ? 'tags' : 'undo';
    const facts = { storyId, itemId: null, actor: 'operator (test)', reason: null };
    const asked = await actions.ask({ kind, ...facts, request });
    await intake.act();
    await intake.settleRights();
    return asked.id;
  };
  await follow('Weather');
  expect(await topicsOf(id)).toMatchObject([{ slug: 'weather' }]);
  const removal = await ask({ remove: [{ scheme: 'topic', slug: 'weather' }] });
  expect(await topicsOf(id)).toEqual(guessed);
  await ask({ actionId: removal });
  expect(await topicsOf(id)).toMatchObject([{ slug: 'weather' }]);
  await follow('Words');
  await intake.settleRights();
  expect(await topicsOf(id)).toEqual(guessed);
  await ask({ add: [{ scheme: 'topic', name: 'Weather', slug: 'weather' }] });
  expect(await topicsOf(id)).toMatchObject([{ slug: 'weather', source: 'operator' }]);
  await ask({ remove: [{ scheme: 'topic', slug: 'weather' }] });
  expect(await topicsOf(id)).toEqual(guessed);
  await ask({ remove: [{ scheme: 'topic', slug: guessed?.[0]?.slug ?? '' }] });
  expect(await topicsOf(id)).toEqual([]);
});

test('switched off it gives nothing; the stories go on', async () => {
  await repository.setEnabled(false);
  const ids = await process([item(0, []), item(1, [])]);
  expect(await Promise.all(ids.map(topicsOf))).toEqual([[], []]);
  await repository.setEnabled(true);
});

test('a version that fails its examination is refused, and the one in use goes when the newest items prove it wrong', async () => {
  // Partners who mean something else than their texts say, and nothing steady.
  const random = seeded(2);
  for (let batch = 0; batch < 4; batch += 1)
    await process(
      Array.from({ length: 100 }, () => item(Math.floor(random() * 3), [NAMES[Math.floor(random() * 3)] ?? ''])),
    );
  await repository.want();
  expect(await trainer().trainIfDue()).toMatch(/^version 3 trained: not used/);
  const [third, second] = await repository.versions(2);
  expect(third).toMatchObject({ status: 'refused', version: 3 });
  expect(second).toMatchObject({ status: 'retired', reason: 'it was right too seldom on the newest items' });
  expect(await repository.versionInUse()).toBeUndefined();
});

test('with no samples allowed it never learns', async () => {
  await repository.want();
  expect(await trainer({ classifierSamples: 0 }).trainIfDue()).toBe('not trained: CLASSIFIER_SAMPLES is 0');
});
