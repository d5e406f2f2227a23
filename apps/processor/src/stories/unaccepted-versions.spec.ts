/** What a story shows while a new version of one of its items is held, dropped or not judged yet, on a real PostgreSQL. */
import { sql } from 'kysely';
import type { StoryActionRequest } from '#contracts/story-actions.js';
import { HeldItemRepository } from '#storage/held-item.repository.js';
import { RuleRepository } from '#storage/rule.repository.js';
import { type NewStoryAction, StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryHistoryRepository } from '#storage/story-history.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';

let t: TestDatabase;
let intake: TestIntake;
let actions: StoryActionRepository;
let held: HeldItemRepository;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  actions = new StoryActionRepository(t.database);
  held = new HeldItemRepository(t.database);
  await new RuleRepository(t.database).create({
    name: 'Look first',
    condition: { kind: 'phrase', field: 'title', phrases: ['unconfirmed'] },
    actions: [{ kind: 'hold' }],
    enabled: true,
    wideRegexes: 0,
  });
  await intake.refreshRules();
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const words = (topic: string, count = 40): string => Array.from({ length: count }, (_, i) => `${topic}${i}`).join(' ');
const copy = (topic: string, title: string, facts: TestItem = {}): TestItem => ({
  id: `tag:${topic}.example,2026:1`,
  title,
  content: `<p>${words(topic)}</p>`,
  published: new Date(Date.now() - 3_600_000).toISOString(),
  categories: [{ term: `${topic}-${title.split(' ')[0] ?? ''}` }],
  ...facts,
});
const take = async (feed: TestFeed, item: TestItem): Promise<string> => {
  const { fetchId, itemIds } = await receive(t.database, feed, [item]);
  await intake.process(fetchId);
  return itemIds[0] ?? '';
};
interface Told {
  feed: TestFeed;
  itemId: string;
}
/** One text by several partners; the first one leads. */
const story = async (
  topic: string,
  copies = 2,
): Promise<{ id: string; told: Told[]; again: (n: number) => Promise<void> }> => {
  const told: Told[] = [];
  for (let n = 0; n < copies; n += 1) {
    const feed = await addPartner(t.database, `${topic} Partner ${n}`, { priority: n === 0 ? 9 : 0 });
    told.push({ feed, itemId: await take(feed, copy(topic, `Copy${n} of ${topic}`)) });
  }
  const { story_id: id } = await t.database.db
    .selectFrom('story_items')
    .select('story_id')
    .where('item_id', '=', told[0]?.itemId ?? '')
    .executeTakeFirstOrThrow();
  /** A version that the rule holds, longer than every other copy. */
  const again = async (n: number): Promise<void> => {
    const content = `<p>${words(topic, 200)} unconfirmed secret</p>`;
    await take(told[n]?.feed as TestFeed, copy(topic, `Secret unconfirmed ${topic}`, { content }));
  };
  return { id, told, again };
};
const ask = async (kind: NewStoryAction['kind'], facts: Partial<NewStoryAction> & { request?: StoryActionRequest }) => {
  const { id } = await actions.ask({
    ...{ kind, storyId: null, itemId: null, actor: 'operator (test)', reason: null, request: {} },
    ...facts,
  });
  await intake.act();
  const done = await actions.get(id);
  return { status: done?.status, outcome: done?.outcome };
};
const takeDown = ({ itemId }: Told) => ask('withdraw-item', { itemId });
const shown = async (id: string) => {
  const { status, title, content, leading_item_id } = await t.database.db
    .selectFrom('stories')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { status, title, content, lead: leading_item_id };
};
const tagsOf = async (id: string) => {
  const rows = await t.database.db
    .selectFrom('story_tags')
    .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
    .select('slug')
    .where('story_id', '=', id)
    .orderBy('slug')
    .execute();
  return rows.map(({ slug }) => slug);
};
/** Everything that anybody was ever told of these stories. */
const told = async (...ids: string[]): Promise<string> =>
  JSON.stringify(
    await Promise.all([
      t.database.db.selectFrom('events').select(['type', 'body']).where('story_id', 'in', ids).execute(),
      t.database.db.selectFrom('story_versions').selectAll().where('story_id', 'in', ids).execute(),
      t.database.db.selectFrom('stories').selectAll().where('id', 'in', ids).execute(),
    ]),
  );
const release = async ({ itemId }: Told): Promise<void> => {
  expect(await held.release(itemId)).toMatchObject({ done: true });
  const { fetch_id } = await t.database.db
    .selectFrom('items')
    .select('fetch_id')
    .where('id', '=', itemId)
    .executeTakeFirstOrThrow();
  await intake.process(fetch_id);
};

test('with its last accepted copy taken down a story is gone, and comes back with the version that is released', async () => {
  const {
    id,
    told: [first, second],
    again,
  } = await story('brine');
  await again(1);
  await takeDown(first as Told);
  expect(await shown(id)).toMatchObject({ status: 'withdrawn' });
  expect(await told(id)).not.toContain('ecret');
  await release(second as Told);
  expect(await shown(id)).toMatchObject({
    status: 'published',
    title: 'Secret unconfirmed brine',
    lead: second?.itemId,
  });
  expect(await tagsOf(id)).toEqual(['brine-secret']);
});

test('the same when the rights of the leading copy end', async () => {
  const {
    id,
    told: [first, second],
    again,
  } = await story('algae');
  await again(1);
  await t.database.db
    .updateTable('partners')
    .set({ rights: JSON.stringify({ mayRepublish: false }) })
    .where('id', '=', first?.feed.partnerId ?? '')
    .execute();
  const look = async () => {
    await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', id).execute();
    await intake.settleRights();
  };
  await look();
  expect(await shown(id)).toMatchObject({ status: 'withdrawn' });
  expect(await told(id)).not.toContain('ecret');
  await release(second as Told);
  await intake.settleRights();
  expect(await shown(id)).toMatchObject({
    status: 'published',
    title: 'Secret unconfirmed algae',
    lead: second?.itemId,
  });
});

test('another copy leads before one whose newest version is held, which tags nothing and is carried all the same', async () => {
  const {
    id,
    told: [first, second, third],
    again,
  } = await story('kelp', 3);
  await again(1);
  await takeDown(first as Told);
  expect(await shown(id)).toMatchObject({ status: 'published', title: 'Copy2 of kelp', lead: third?.itemId });
  expect(await tagsOf(id)).toEqual(['kelp-copy2']);
  const carriers = await t.database.db
    .selectFrom('story_partners')
    .select('partner_id')
    .where('story_id', '=', id)
    .execute();
  const copies = await new StoryHistoryRepository(t.database).items(id);
  expect(copies.map(({ title }) => title)).toEqual(['Copy2 of kelp', null]);
  expect(carriers.map(({ partner_id }) => partner_id).sort()).toEqual(
    [second?.feed.partnerId, third?.feed.partnerId].sort(),
  );
  expect(await told(id)).not.toContain('ecret');
  expect(await ask('lead', { storyId: id, request: { itemId: second?.itemId ?? '' } })).toEqual({
    status: 'refused',
    outcome: expect.stringContaining('release it') as string,
  });
  // Dropped for good, it is as it was: the story does without.
  await held.drop(second?.itemId ?? '', 'dropped by an operator');
  await ask('lead', { storyId: id, request: { itemId: null } });
  expect(await shown(id)).toMatchObject({ title: 'Copy2 of kelp', lead: third?.itemId });
});

test('the leading copy keeps the text that it shows while its newest version is held', async () => {
  const {
    id,
    told: [first, second],
    again,
  } = await story('foam');
  const before = await shown(id);
  await again(0);
  await takeDown(second as Told);
  expect(await shown(id)).toEqual(before);
  await t.database.db
    .updateTable('partners')
    .set({ rights: JSON.stringify({ excerptOnly: true }) })
    .where('id', '=', first?.feed.partnerId ?? '')
    .execute();
  await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', id).execute();
  await intake.settleRights();
  expect(await shown(id)).toMatchObject({ status: 'published', title: 'Copy0 of foam', lead: first?.itemId });
  expect(await tagsOf(id)).toContain('foam-copy0');
  expect(await told(id)).not.toContain('ecret');
  await release(first as Told);
  expect(await shown(id)).toMatchObject({ status: 'published', title: 'Secret unconfirmed foam' });
});

test('a held version takes no tag from its story, whatever other copies change meanwhile', async () => {
  const {
    id,
    told: [first, second],
    again,
  } = await story('silt');
  await again(0);
  await take(second?.feed as TestFeed, copy('silt', 'Later of silt'));
  expect(await tagsOf(id)).toEqual(['silt-copy0', 'silt-later']);
  await release(first as Told);
  expect(await tagsOf(id)).toEqual(['silt-later', 'silt-secret']);
});

test('… also when its partner has another name by now', async () => {
  const {
    id,
    told: [first, second],
    again,
  } = await story('marl');
  await again(0);
  const renamed = t.database.db.updateTable('partners').set({ name: 'Marl Renamed' });
  await renamed.where('id', '=', first?.feed.partnerId ?? '').execute();
  await take(second?.feed as TestFeed, copy('marl', 'Later of marl'));
  expect(await tagsOf(id)).toEqual(['marl-copy0', 'marl-later']);
  await release(first as Told);
  expect(await tagsOf(id)).toEqual(['marl-later', 'marl-secret']);
});

test('a copy whose newest version is held is not split off', async () => {
  const {
    id,
    told: [, second],
    again,
  } = await story('shell');
  await again(1);
  expect(await ask('split', { storyId: id, request: { itemIds: [second?.itemId ?? ''] } })).toEqual({
    status: 'refused',
    outcome: expect.stringContaining('release') as string,
  });
  expect(await told(id)).not.toContain('ecret');
});

test('a version that nobody has judged yet is not shown either', async () => {
  const {
    id,
    told: [first, second],
  } = await story('drift');
  const { fetchId } = await receive(t.database, second?.feed as TestFeed, [copy('drift', 'Newest of drift')]);
  await takeDown(first as Told);
  expect(await shown(id)).toMatchObject({ status: 'withdrawn' });
  expect(await told(id)).not.toContain('Newest');
  await intake.process(fetchId);
  expect(await shown(id)).toMatchObject({ status: 'published', title: 'Newest of drift' });
});

test('an item that was taken down and is restored is judged, if its newest version never was', async () => {
  const {
    id,
    told: [first, second],
    again,
  } = await story('spray');
  await takeDown(second as Told);
  await again(1);
  await ask('restore-item', { itemId: second?.itemId ?? '' });
  const { rows } = await sql<{ fetchId: string }>`SELECT fetch_id AS "fetchId" FROM item_batches`.execute(
    t.database.db,
  );
  for (const { fetchId } of rows) await intake.process(fetchId);
  const { state } = await t.database.db
    .selectFrom('items')
    .select('state')
    .where('id', '=', second?.itemId ?? '')
    .executeTakeFirstOrThrow();
  expect(state).toBe('held');
  await takeDown(first as Told);
  expect(await shown(id)).toMatchObject({ status: 'withdrawn' });
  expect(await told(id)).not.toContain('ecret');
});
