/** What an operator says that a category means, in the stories that come after. */
import { sql } from 'kysely';
import { categoryKey } from '#domain/topic-mapping.js';
import { TopicMappingRepository } from '#storage/topic-mapping.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { type TestIntake, testIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';

let t: TestDatabase;
let intake: TestIntake;
let mappings: TopicMappingRepository;
beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  mappings = new TopicMappingRepository(t.database);
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const say = (category: string, code: string | null, partnerId: string | null = null) =>
  mappings.put({ category, categoryKey: categoryKey(category), code, partnerId });

/** Tags of the story that an item makes or is in. */
async function tagsOf(feed: TestFeed, item: TestItem): Promise<string[]> {
  const { fetchId, itemIds } = await receive(t.database, feed, [item]);
  await intake.process(fetchId);
  const rows = await t.database.db
    .selectFrom('story_items')
    .innerJoin('story_tags', 'story_tags.story_id', 'story_items.story_id')
    .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
    .where('story_items.item_id', '=', itemIds[0] ?? '')
    .where('story_tags.source', 'like', 'partner category%')
    .select(['scheme', 'slug'])
    .execute();
  return rows.map(({ scheme, slug }) => `${scheme}/${slug}`).sort();
}
const item = (id: string, term: string, more: object = {}) => ({
  id,
  title: `A story called ${id}`,
  content: `Words about ${id}`,
  categories: [{ term }],
  ...more,
});

test('a mapping holds for the items after it, for one partner or all', async () => {
  const [one, two] = [await addPartner(t.database, 'One'), await addPartner(t.database, 'Two')];
  expect(await tagsOf(one, item('a', 'Footy & more'))).toEqual(['keyword/footy-more']);
  await say('footy and more', 'medtop:20001065');
  expect(await tagsOf(one, item('b', 'Footy & more'))).toEqual(['topic/soccer']);
  await say('Footy and more', 'medtop:15000000', two.partnerId);
  expect(await tagsOf(two, item('c', 'Footy & more'))).toEqual(['topic/sport']);
  await say('Sport', null);
  expect(await tagsOf(two, item('d', 'Sport'))).toEqual(['keyword/sport']);
});

test('a new version of an item loses the topics that its categories no longer mean', async () => {
  const [one, two] = [await addPartner(t.database, 'Three'), await addPartner(t.database, 'Four')];
  expect(await tagsOf(one, item('v', 'Weather'))).toEqual(['topic/weather']);
  await say('Weather', 'medtop:06000000', one.partnerId);
  expect(await tagsOf(one, item('v', 'Weather', { content: 'Other words altogether' }))).toEqual(['topic/environment']);
  expect(await tagsOf(two, item('w', 'Weather'))).toEqual(['topic/weather']);
});

test('what the classifier guessed goes as soon as anybody names a topic', async () => {
  const [one, two] = [await addPartner(t.database, 'Five'), await addPartner(t.database, 'Six')];
  const copy = { title: 'A story of two', content: 'Words of a story', url: 'https://five.example/two' };
  const { fetchId, itemIds } = await receive(t.database, one, [{ id: 'g', ...copy }]);
  await intake.process(fetchId);
  await t.database.db
    .insertInto('story_tags')
    .columns(['story_id', 'tag_id', 'source', 'confidence', 'sort_at'])
    .expression((eb) =>
      eb
        .selectFrom('story_items')
        .innerJoin('tags', (join) => join.on('tags.slug', '=', 'environment').on('tags.scheme', '=', 'topic'))
        .where('story_items.item_id', '=', itemIds[0] ?? '')
        .select([
          'story_items.story_id',
          'tags.id',
          sql<string>`'classifier v1'`.as('source'),
          sql<number>`0.7`.as('confidence'),
          sql<Date>`now()`.as('sort_at'),
        ]),
    )
    .execute();
  expect(await tagsOf(two, { id: 'h', ...copy, categories: [{ term: 'Health' }] })).toEqual(['topic/health']);
  const { rows } = await sql<{ source: string }>`
    SELECT st.source FROM story_items si JOIN story_tags st USING (story_id) WHERE si.item_id = ${itemIds[0]}`.execute(
    t.database.db,
  );
  expect(rows).toEqual([{ source: 'partner category "Health" (Six)' }]);
});

test('a change is counted, however many make it at once', async () => {
  const before = await mappings.revision();
  await Promise.all(Array.from({ length: 12 }, (_, index) => say(index % 2 === 0 ? 'Same' : `Other ${index}`, null)));
  expect(await mappings.revision()).toBe(before + 12);
  expect((await mappings.list({ limit: 50, q: 'same' })).length).toBe(1);
});
