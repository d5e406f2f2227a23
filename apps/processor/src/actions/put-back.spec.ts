/** Items that are taken down and put back: each goes on where it was, on a real PostgreSQL. */
import { sql } from 'kysely';
import { HeldItemRepository } from '#storage/held-item.repository.js';
import { ItemBatchRepository } from '#storage/item-batch.repository.js';
import { ITEM_TAKEN_BACK, ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { RuleRepository } from '#storage/rule.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed } from '../../../../test/support/partners-items.js';
import { StoryDesk } from '../../../../test/support/story-desk.js';
import { until } from '../../../../test/support/until.js';

let t: TestDatabase;
let intake: TestIntake;
let desk: StoryDesk;
let feed: TestFeed;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  desk = new StoryDesk(t.database, intake);
  feed = await addPartner(t.database, 'Harbour Daily');
  await new RuleRepository(t.database).create({
    ...{ name: 'Look first', enabled: true, wideRegexes: 0, actions: [{ kind: 'hold' }] },
    condition: { kind: 'phrase', field: 'title', phrases: ['rumour'] },
  });
  await intake.refreshRules();
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const itemOf = (id: string | undefined) =>
  t.database.db
    .selectFrom('items')
    .select(['state', 'state_reason', 'withdrawn_at', 'fetch_id'])
    .where('id', '=', id ?? '')
    .executeTakeFirstOrThrow();
const HELD = { state: 'held', state_reason: 'held for review by rule "Look first"', withdrawn_at: null };
const takeDown = (itemId = '') => desk.ask({ kind: 'withdraw-item', itemId });
/** What the sweeper finds that nobody works on, processed. */
const sweep = async (): Promise<void> => {
  for (const { fetchId } of await new ItemBatchRepository(t.database).claimStale(30_000, 10))
    await intake.process(fetchId);
};

test.each(['put back', 'undo'] as const)('a held item waits for its word again: %s', async (how) => {
  const [id] = await desk.take(feed, { id: `urn:held:${how}`, title: 'A rumour of a bridge' });
  const down = await takeDown(id);
  expect(await itemOf(id)).toMatchObject({ state: 'dropped' });
  await (how === 'undo' ? desk.undo(down) : desk.ask({ kind: 'restore-item', itemId: id ?? '' }));
  expect(await itemOf(id)).toMatchObject(HELD);
  expect(await new HeldItemRepository(t.database).release(id ?? '')).toMatchObject({ done: true });
  await sweep();
  expect(await itemOf(id)).toMatchObject({ state: 'in-story' });
});

test('an item that was in no story yet is processed', async () => {
  const { fetchId, itemIds } = await receive(t.database, feed, [{ id: 'urn:new:1', title: 'A bridge opens' }]);
  const down = await takeDown(itemIds[0]);
  await intake.process(fetchId);
  await desk.undo(down);
  await sweep();
  expect(await itemOf(itemIds[0])).toMatchObject({ state: 'in-story', withdrawn_at: null });
});

test('a version that came while the item was down is looked at as any other', async () => {
  const [id] = await desk.take(feed, { id: 'urn:later:1', title: 'A tunnel opens' });
  const down = await takeDown(id);
  await desk.take(feed, { id: 'urn:later:1', title: 'A rumour of a tunnel' });
  await desk.undo(down);
  await sweep();
  expect(await itemOf(id)).toMatchObject(HELD);
});

test('an item in a story of which a version is held stays so', async () => {
  const [id] = await desk.take(feed, { id: 'urn:both:1', title: 'A canal opens' });
  await desk.take(feed, { id: 'urn:both:1', title: 'A rumour of a canal' });
  await desk.undo(await takeDown(id));
  expect(await itemOf(id)).toMatchObject(HELD);
});

test('what an operator dropped stays dropped', async () => {
  const [id] = await desk.take(feed, { id: 'urn:dropped:1', title: 'A rumour of a lock' });
  await new HeldItemRepository(t.database).drop(id ?? '', 'not true');
  await desk.undo(await takeDown(id));
  await sweep();
  expect(await itemOf(id)).toMatchObject({ state: 'dropped', state_reason: 'not true' });
});

test('an item that is put back while the intake drops it is processed all the same', async () => {
  const [id = ''] = await desk.take(feed, { id: 'urn:back:1', title: 'A tollgate opens' });
  const down = await takeDown(id);
  const { fetchId } = await receive(t.database, feed, [{ id: 'urn:back:1', title: 'A tollgate closes' }]);
  const items = new ProcessedItemRepository(t.database);
  // Another process has read it, and is about to drop what it read as withdrawn.
  const read = await items.loadUnprocessed([fetchId], 10);
  await desk.undo(down);
  await items.markProcessed(read.map(({ version }) => ({ id, version, state: 'dropped', reason: ITEM_TAKEN_BACK })));
  await intake.process(fetchId);
  expect(await itemOf(id)).toMatchObject({ state: 'in-story', withdrawn_at: null });
  expect(await desk.story((await desk.home(id)).story_id)).toMatchObject({ title: 'A tollgate closes' });
});

test('an item that is taken down is not released: it is put back as what it was', async () => {
  const [id = ''] = await desk.take(feed, { id: 'urn:down:1', title: 'A dam opens' });
  const down = await takeDown(id);
  const released = await new HeldItemRepository(t.database).release(id);
  expect(released).toEqual({ done: false, state: 'dropped', isWithdrawn: true });
  await sweep();
  await desk.undo(down);
  expect(await itemOf(id)).toMatchObject({ state: 'in-story', withdrawn_at: null });
  expect(await desk.story((await desk.home(id)).story_id)).toMatchObject({ status: 'published' });
});

test('a story that an operator withdrew since stays withdrawn when an item of it is put back', async () => {
  const other = await addPartner(t.database, 'Quay Post');
  const [id = ''] = await desk.take(feed, { id: 'urn:kept:1', title: 'A sluice opens' });
  await desk.take(other, { id: 'urn:kept:1', title: 'A sluice opens' });
  const { story_id: storyId } = await desk.home(id);
  const down = await takeDown(id);
  await desk.ask({ kind: 'withdraw', storyId, reason: 'a judge said so' });
  await desk.undo(down);
  expect(await desk.story(storyId)).toMatchObject({ status: 'withdrawn', gone_reason: 'a judge said so' });
});

test.each(['withdraw-item', 'withdraw'] as const)('a story under embargo waits again: %s', async (kind) => {
  const early = await addPartner(t.database, `Early Post ${kind}`, { rights: { embargoMinutes: 60 } });
  const [id = ''] = await desk.take(early, { id: `urn:early:${kind}`, title: 'A ferry opens' });
  const { story_id: storyId } = await desk.home(id);
  expect(await desk.story(storyId)).toMatchObject({ status: 'withheld' });
  await desk.undo(await desk.ask({ kind, storyId, itemId: id }));
  expect(await desk.story(storyId)).toMatchObject({ status: 'withheld', gone_at: null, gone_reason: null });
  // The hour is over.
  await t.database.db.updateTable('partners').set({ rights: '{}' }).where('id', '=', early.partnerId).execute();
  await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', storyId).execute();
  await intake.settleRights();
  expect(await desk.story(storyId)).toMatchObject({ status: 'published' });
  const events = await t.database.db
    .selectFrom('events')
    .select(['type', 'quiet_reason'])
    .where('story_id', '=', storyId)
    .execute();
  expect(events).toEqual([{ type: 'story.published', quiet_reason: null }]);
});

test('a story under embargo waits again when its feed takes it back and has it again', async () => {
  const early = await addPartner(t.database, 'Early Post by feed', { rights: { embargoMinutes: 60 } });
  const [id = ''] = await desk.take(early, { id: 'urn:early:feed', title: 'A ferry closes' });
  const { story_id: storyId } = await desk.home(id);
  await desk.ask({ kind: 'withdraw-item', actor: 'feed', itemId: id });
  expect(await desk.story(storyId)).toMatchObject({ status: 'withdrawn', gone_at: null });
  await desk.ask({ kind: 'restore-item', actor: 'feed', itemId: id });
  expect(await desk.story(storyId)).toMatchObject({ status: 'withheld', gone_at: null, gone_reason: null });
});

test('a story under embargo that was taken back waits again with a copy that is under embargo', async () => {
  const early = await addPartner(t.database, 'Early Post by copy', { rights: { embargoMinutes: 60 } });
  const late = await addPartner(t.database, 'Late Post by copy', { rights: { embargoMinutes: 60 } });
  const [id = ''] = await desk.take(early, { id: 'urn:early:copy', title: 'A ferry turns' });
  const { story_id: storyId } = await desk.home(id);
  await desk.ask({ kind: 'withdraw-item', actor: 'feed', itemId: id });
  const [copy = ''] = await desk.take(late, { id: 'urn:early:copy', title: 'A ferry turns' });
  expect(await desk.home(copy)).toMatchObject({ story_id: storyId });
  expect(await desk.story(storyId)).toMatchObject({ status: 'withheld', gone_at: null, gone_reason: null });
});

/** Until so many transactions wait for a lock. */
const waiting = (count: number): Promise<true> =>
  until(`${count} wait`, async () => {
    const { rows } = await sql<{ pid: number }>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
      t.database.db,
    );
    return rows.length === count;
  });

test('an item that the intake puts into a story this moment is taken down with it', async () => {
  const { fetchId, itemIds } = await receive(t.database, feed, [{ id: 'urn:race:1', title: 'A weir opens' }]);
  const [id = ''] = itemIds;
  const both: Promise<unknown>[] = [];
  await t.database.transaction(async (trx) => {
    await sql`SELECT id FROM items WHERE id = ${id} FOR NO KEY UPDATE`.execute(trx);
    both.push(intake.process(fetchId));
    await waiting(1);
    both.push(takeDown(id));
    await waiting(2);
  });
  await Promise.all(both);
  expect(await desk.story((await desk.home(id)).story_id)).toMatchObject({ status: 'withdrawn' });
});

test('endpoints hear that a story is back though its next copy changes nothing in it, for they heard that it went', async () => {
  const told = {
    title: 'Pier lights are on again',
    content: '<p>The lights of the pier are on again, said the pilot.</p>',
  };
  const [first] = await desk.take(feed, { ...told, id: 'urn:lights:1' });
  await takeDown(first);
  const { story_id: storyId } = await desk.home(first);
  await desk.take(feed, { ...told, id: 'urn:lights:2' });
  expect(await desk.story(storyId)).toMatchObject({ status: 'published' });
  const events = await t.database.db
    .selectFrom('events')
    .select(['type', 'quiet_reason'])
    .where('story_id', '=', storyId)
    .orderBy('story_version')
    .execute();
  expect(events).toEqual(
    ['story.published', 'story.withdrawn', 'story.published'].map((type) => ({ type, quiet_reason: null })),
  );
});

test('a new version of what an operator took down keeps the reason that they gave', async () => {
  const [id = ''] = await desk.take(feed, { id: 'urn:letter:1', title: 'A heron in the mayor’s bath' });
  await desk.ask({ kind: 'withdraw-item', itemId: id, reason: 'a letter came' });
  await desk.take(feed, { id: 'urn:letter:1', title: 'Two herons in the mayor’s bath' });
  expect(await itemOf(id)).toMatchObject({ state: 'dropped', state_reason: 'a letter came' });
  await desk.ask({ kind: 'restore-item', itemId: id });
  await sweep();
  expect(await itemOf(id)).toMatchObject({ state: 'in-story', state_reason: null });
  expect(await desk.story((await desk.home(id)).story_id)).toMatchObject({ title: 'Two herons in the mayor’s bath' });
});
