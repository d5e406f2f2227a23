/** Runs that process stored items again, on a real PostgreSQL: dry first, then for good, then once more. */
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import { Metrics } from '#observability/metrics.js';
import { HeldItemRepository } from '#storage/held-item.repository.js';
import { ItemOutcomeRepository } from '#storage/item-outcome.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { ReprocessingAdminRepository } from '#storage/reprocessing-admin.repository.js';
import { ReprocessingQueueRepository } from '#storage/reprocessing-queue.repository.js';
import { RuleRepository } from '#storage/rule.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';
import { ItemReprocessor } from './item-reprocessor.js';
import { ReprocessingRunner } from './reprocessing-runner.js';
import { RunLost } from './run-look.js';

let t: TestDatabase;
let intake: TestIntake;
let queue: ReprocessingQueueRepository;
let runs: ReprocessingAdminRepository;
let reprocessor: ItemReprocessor;

beforeEach(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  queue = new ReprocessingQueueRepository(t.database);
  runs = new ReprocessingAdminRepository(t.database);
  const outcomes = new ItemOutcomeRepository();
  reprocessor = new ItemReprocessor(
    t.database,
    intake.chunks,
    queue,
    outcomes,
    new ProcessedItemRepository(t.database),
  );
});
afterEach(async () => {
  await intake?.stop();
  await t?.drop();
});

/** English enough for a detector of languages, and no two names share a text. */
const words = (name: string): string =>
  'said that had walked to the end of the pier and had waited there for the ferry until the evening came which nobody could remember'.replace(
    /\p{L}{5,}/gu,
    `$& ${name}`,
  );
const story = (name: string, facts: TestItem = {}): TestItem => ({
  id: `guid-of-${name}-1234567890`,
  title: `What ${name} did on the pier`,
  content: `<p>The harbour master of Kelso ${words(name)}.</p>`,
  published: '2026-11-20T08:00:00.000Z',
  categories: [{ term: 'Sport' }],
  ...facts,
});
const take = async (feed: TestFeed, items: readonly TestItem[]) => {
  const { fetchId, itemIds } = await receive(t.database, feed, items);
  await intake.process(fetchId);
  return itemIds;
};
const run = async (dryRun: boolean, span: { from?: Date; to?: Date } = {}) => {
  const { id } = await runs.create({ to: new Date(Date.now() + 1_000), ...span, dryRun, requestedBy: 'a test' });
  const runner = new ReprocessingRunner(queue, reprocessor, intake.relay, new Metrics());
  for (;;) {
    const row = await runs.get(id);
    if (row?.status === 'done') return row;
    await runner.work();
  }
};
/** A rule for every story here, in force. */
const rule = async (name: string, ...actions: RuleAction[]) => {
  const rules = new RuleRepository(t.database);
  const condition: RuleCondition = { kind: 'phrase', field: 'title', phrases: ['pier'] };
  const saved = await rules.create({ name, condition, actions, enabled: true, wideRegexes: 0 });
  await intake.refreshRules();
  return {
    remove: async () => {
      await rules.remove('rule' in saved ? saved.rule.id : '');
      await intake.refreshRules();
    },
  };
};
const stateOf = (id: string) =>
  t.database.db.selectFrom('items').select(['state', 'state_reason']).where('id', '=', id).executeTakeFirstOrThrow();
/** What the sweeper does with an item that was released. */
const processAgain = async (id: string) => {
  const { fetch_id } = await t.database.db
    .selectFrom('items')
    .select('fetch_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await intake.process(fetch_id);
};
/** A run in hand that has read its items and written nothing yet. */
const begun = async () => {
  const { id } = await runs.create({ to: new Date(Date.now() + 1_000), dryRun: false, requestedBy: 'a test' });
  const mine = await queue.claim('00000000-0000-7000-8000-000000000001');
  const items = mine === null ? 'lost' : await queue.next(mine, 50);
  if (mine === null || items === 'lost') throw new Error('no run');
  return { runId: id, mine, items };
};
/** Everything that a dry run must leave as it is. */
const everything = async () => {
  const { db } = t.database;
  return JSON.stringify(
    await Promise.all([
      db.selectFrom('stories').select(['id', 'version', 'title', 'language', 'updated_at']).orderBy('id').execute(),
      db.selectFrom('story_tags').selectAll().orderBy('story_id').orderBy('tag_id').execute(),
      db.selectFrom('items').select(['id', 'state', 'state_reason', 'processed_at']).orderBy('id').execute(),
      db.selectFrom('events').select(['id', 'type', 'story_version']).orderBy('id').execute(),
      db.selectFrom('story_items').selectAll().orderBy('item_id').execute(),
    ]),
  );
};

test('a dry run tells what would change and changes nothing; a run does it; a second run finds nothing', async () => {
  const feed = await addPartner(t.database, 'Pier Post');
  const ids = await take(
    feed,
    Array.from({ length: 120 }, (_, index) => story(`Person${index}`)),
  );
  const [tagless = '', wordless = '', failed = ''] = ids;
  const storyOf = async (itemId: string) =>
    (await t.database.db.selectFrom('story_items').select('story_id').where('item_id', '=', itemId).execute())[0]
      ?.story_id ?? '';
  // As an installation was before a rule, a detector and a bug fix came.
  await t.database.db
    .deleteFrom('story_tags')
    .where('story_id', '=', await storyOf(tagless))
    .execute();
  await t.database.db
    .updateTable('stories')
    .set({ language: null })
    .where('id', '=', await storyOf(wordless))
    .execute();
  const lost = await storyOf(failed);
  for (const table of [
    'story_items',
    'identity_keys',
    'story_partners',
    'story_tags',
    'story_versions',
    'events',
  ] as const)
    await t.database.db.deleteFrom(table).where('story_id', '=', lost).execute();
  await t.database.db.deleteFrom('stories').where('id', '=', lost).execute();
  await t.database.db
    .updateTable('items')
    .set({ state: 'failed', state_reason: 'a bug' })
    .where('id', '=', failed)
    .execute();

  const before = await everything();
  const dry = await run(true);
  expect(dry).toMatchObject({ items: 120, items_total: 120, items_changed: 3, errors: 0 });
  expect(dry.changes).toEqual({ tags: 1, language: 1, state: 1, story: 1 });
  expect(dry.examples).toEqual([
    expect.objectContaining({ itemId: tagless, fields: [{ field: 'tags', before: null, after: 'topic/sport' }] }),
    expect.objectContaining({ itemId: wordless, fields: [{ field: 'language', before: null, after: 'en' }] }),
    expect.objectContaining({
      itemId: failed,
      fields: [
        { field: 'state', before: 'failed: a bug', after: 'in-story' },
        expect.objectContaining({ field: 'story', before: null }),
      ],
    }),
  ]);
  expect(await everything()).toBe(before);

  const real = await run(false);
  expect(real).toMatchObject({ items: 120, items_changed: 3, changes: dry.changes });
  const events = await t.database.db
    .selectFrom('events')
    .select(['type', 'quiet_reason'])
    .where('story_id', '=', await storyOf(failed))
    .execute();
  expect(events).toEqual([{ type: 'story.published', quiet_reason: 'processed again: its time as news is over' }]);

  expect(await run(false)).toMatchObject({ items: 120, items_changed: 0, changes: {}, examples: [] });
});

test('of two corrections the later one goes on leading', async () => {
  const feed = await addPartner(t.database, 'Sorry Post');
  const corrected = (n: number) =>
    story('Corrected', {
      id: `guid-of-correction-${n}-1234567890`,
      title: 'CORRECTED: What Corrected did on the pier',
    });
  await take(feed, [story('Corrected')]);
  await take(feed, [corrected(1)]);
  const [latest = ''] = await take(feed, [corrected(2)]);
  const leads = () => t.database.db.selectFrom('stories').select('leading_item_id').execute();
  expect(await leads()).toEqual([{ leading_item_id: latest }]);
  expect(await run(false)).toMatchObject({ items: 3, items_changed: 0 });
  expect(await leads()).toEqual([{ leading_item_id: latest }]);
});

test('only items that were received in the span are looked at, and what waits for the intake is left to it', async () => {
  const feed = await addPartner(t.database, 'Span Post');
  await take(feed, [story('Early')]);
  const from = new Date(Date.now() + 1);
  while (Date.now() <= from.getTime());
  await take(feed, [story('Late')]);
  await receive(t.database, feed, [story('Waiting')]);
  expect(await run(false, { from })).toMatchObject({ items: 2, items_changed: 0 });
  const waiting = await t.database.db.selectFrom('items').select('id').where('processed_version', '=', 0).execute();
  expect(waiting).toHaveLength(1);
});

test('an item that would be dropped stays in its story, and the run says so', async () => {
  const feed = await addPartner(t.database, 'Demo Post', { isDemo: true });
  const [id] = await take(feed, [story('Demo')]);
  await t.database.db.updateTable('feeds').set({ status: 'retired' }).where('id', '=', feed.feedId).execute();
  const done = await run(false);
  expect(done.examples[0]?.fields).toEqual([
    { field: 'state', before: 'in-story', after: 'dropped: the demo is over (stays in its story)' },
  ]);
  const { story_id: home } = await t.database.db
    .selectFrom('story_items')
    .select('story_id')
    .where('item_id', '=', id ?? '')
    .executeTakeFirstOrThrow();
  expect([done, await run(true)].map(({ examples }) => examples.find(({ itemId }) => itemId === id)?.storyId)).toEqual([
    home,
    home,
  ]);
  const rows = await t.database.db
    .selectFrom('items')
    .select('state')
    .where('id', '=', id ?? '')
    .execute();
  expect(rows).toEqual([{ state: 'in-story' }]);
});

test('what an operator released, a partner withdrew or rules decided before is known to a run as to the intake', async () => {
  const rules = new RuleRepository(t.database);
  const actions: RuleAction[] = [{ kind: 'hold' }, { kind: 'tag', scheme: 'keyword', name: 'Piers' }];
  const condition: RuleCondition = { kind: 'phrase', field: 'title', phrases: ['pier'] };
  const saved = await rules.create({ name: 'Look first', condition, actions, enabled: true, wideRegexes: 0 });
  await intake.refreshRules();
  const feed = await addPartner(t.database, 'Held Post');
  const [released = '', withdrawn = ''] = await take(feed, [story('Released'), story('Withdrawn')]);
  await new HeldItemRepository(t.database).release(released);
  const { fetch_id } = await t.database.db
    .selectFrom('items')
    .select('fetch_id')
    .where('id', '=', released)
    .executeTakeFirstOrThrow();
  await intake.process(fetch_id);
  await t.database.db
    .updateTable('items')
    .set({ state: 'dropped', state_reason: 'a mistake of ours', withdrawn_at: new Date() })
    .where('id', '=', withdrawn)
    .execute();
  expect(await run(true)).toMatchObject({ items_changed: 0, examples: [] });
  expect(await run(false)).toMatchObject({ items_changed: 0, examples: [] });
  const states = await t.database.db.selectFrom('items').select(['state', 'state_reason']).orderBy('state').execute();
  expect(states).toEqual([
    { state: 'dropped', state_reason: 'a mistake of ours' },
    { state: 'in-story', state_reason: null },
  ]);

  // Rules that are gone leave nothing behind.
  const ruled = () => t.database.db.selectFrom('rule_outcomes').select('item_id').execute();
  expect(await ruled()).toEqual([{ item_id: released }]);
  await rules.remove('rule' in saved ? saved.rule.id : '');
  await intake.refreshRules();
  await run(false);
  expect(await ruled()).toEqual([]);
});

test('a dry run tells which items a rule would send to other channels', async () => {
  const feed = await addPartner(t.database, 'Route Post');
  const [id] = await take(feed, [story('Routed')]);
  const { remove } = await rule('Picks', { kind: 'route', channel: 'picks' });
  const channels = (before: string | null, after: string | null): unknown[] => [
    expect.objectContaining({ itemId: id, fields: [{ field: 'channels', before, after }] }),
  ];
  const dry = await run(true);
  expect(dry).toMatchObject({ items_changed: 1, changes: { channels: 1 } });
  expect(dry.examples).toEqual(channels(null, 'picks'));
  expect((await run(false)).examples).toEqual(channels(null, 'picks'));
  expect(await run(false)).toMatchObject({ items_changed: 0 });
  await remove();
  expect((await run(false)).examples).toEqual(channels('picks', null));
});

test("what an operator or a feed's rules dropped stays dropped, and is no change", async () => {
  const look = await rule('Look first', { kind: 'hold' });
  const feed = await addPartner(t.database, 'Dropped Post');
  const [dropped = '', blocked = ''] = await take(feed, [story('Dropped'), story('Blocked')]);
  await new HeldItemRepository(t.database).drop(dropped, 'dropped by an operator: no news');
  // As the ingestor stores what it refuses: the rules of feeds are known to it alone.
  await t.database.db
    .updateTable('items')
    .set({ state: 'dropped', state_reason: 'blocked by rule 1: title contains "pier"', refused_by: 'feed-rules' })
    .where('id', '=', blocked)
    .execute();
  const before = await everything();
  expect(await run(false)).toMatchObject({ items: 2, items_changed: 0, examples: [] });
  await look.remove();
  expect(await run(true)).toMatchObject({ items: 2, items_changed: 0, examples: [] });
  expect(await run(false)).toMatchObject({ items: 2, items_changed: 0, examples: [] });
  expect(await everything()).toBe(before);

  // An operator may still let it in.
  await new HeldItemRepository(t.database).release(dropped);
  await processAgain(dropped);
  expect(await stateOf(dropped)).toEqual({ state: 'in-story', state_reason: null });
  expect(await run(false)).toMatchObject({ items: 2, items_changed: 0 });
});

test('what was dropped between the reading of a run and its writing is not published by it', async () => {
  const look = await rule('Look first', { kind: 'hold' });
  const feed = await addPartner(t.database, 'Quick Post');
  const [id = ''] = await take(feed, [story('Quick')]);
  await look.remove();
  const { mine, items } = await begun();
  await new HeldItemRepository(t.database).drop(id, 'dropped by an operator');
  await reprocessor.process(mine, items);
  expect(await stateOf(id)).toEqual({ state: 'dropped', state_reason: 'dropped by an operator' });
  expect(await t.database.db.selectFrom('stories').select('id').execute()).toEqual([]);
});

test('whoever lost the run writes nothing, and the next process goes on where it stood', async () => {
  const feed = await addPartner(t.database, 'Lost Post');
  await take(feed, [story('Lost')]);
  await t.database.db.deleteFrom('story_tags').execute();
  const { id } = await runs.create({ to: new Date(Date.now() + 1_000), dryRun: false, requestedBy: 'a test' });
  const dead = await queue.claim('00000000-0000-7000-8000-00000000dead');
  if (dead === null) throw new Error('no run');
  const items = await queue.next(dead, 50);
  // The process is killed here, its lease runs out, another one takes the run.
  await t.database.db
    .updateTable('reprocessing_runs')
    .set({ lease_until: new Date(0) })
    .execute();
  const heir = await queue.claim('00000000-0000-7000-8000-000000000002');
  expect(heir).toMatchObject({ id, tries: 1 });
  await expect(reprocessor.process(dead, items as Exclude<typeof items, 'lost'>)).rejects.toThrow(RunLost);
  expect(await t.database.db.selectFrom('story_tags').selectAll().execute()).toEqual([]);
  if (heir === null) throw new Error('no heir');
  await queue.release(heir, { failed: false });
  const runner = new ReprocessingRunner(queue, reprocessor, intake.relay, new Metrics());
  await runner.work();
  expect(await runs.get(id)).toMatchObject({ status: 'done', items_changed: 1 });
});

test('items whose step never ends are passed over, and a stopped run stays stopped', async () => {
  const feed = await addPartner(t.database, 'Hard Post');
  await take(feed, [story('Hard')]);
  const { id } = await runs.create({ to: new Date(Date.now() + 1_000), dryRun: true, requestedBy: 'a test' });
  expect(await runs.create({ to: new Date(), dryRun: true, requestedBy: 'a test' })).toEqual({ id, isNew: false });
  await t.database.db.updateTable('reprocessing_runs').set({ tries: 5 }).execute();
  const runner = new ReprocessingRunner(queue, reprocessor, intake.relay, new Metrics());
  await runner.work();
  expect(await runs.get(id)).toMatchObject({ status: 'done', errors: 1, items: 1 });
  const second = await runs.create({ to: new Date(Date.now() + 1_000), dryRun: true, requestedBy: 'a test' });
  expect(await runs.stop(second.id)).toBe(true);
  await runner.work();
  expect(await runs.get(second.id)).toMatchObject({ status: 'stopped', items: 0 });
});

test('whoever lost the run settles nothing either', async () => {
  const look = await rule('Look first', { kind: 'hold' });
  const feed = await addPartner(t.database, 'Late Post');
  const [id = ''] = await take(feed, [story('Late')]);
  await look.remove();
  await rule('Away with it', { kind: 'drop' });
  const { runId, mine, items } = await begun();
  expect(await runs.stop(runId)).toBe(true);
  await expect(reprocessor.process(mine, items)).rejects.toThrow(RunLost);
  expect(await stateOf(id)).toEqual({ state: 'held', state_reason: 'held for review by rule "Look first"' });
});

test('what an operator released since the run read it is left to the intake', async () => {
  const look = await rule('Look first', { kind: 'hold' });
  const feed = await addPartner(t.database, 'Freed Post');
  const [id = ''] = await take(feed, [story('Freed')]);
  const { mine, runId, items } = await begun();
  await new HeldItemRepository(t.database).release(id);
  const waits = { state: 'received', state_reason: 'released by an operator' };
  await reprocessor.process(mine, items);
  expect(await stateOf(id)).toEqual(waits);
  await look.remove();
  const away = await rule('Away with it', { kind: 'drop' });
  await reprocessor.process(mine, items);
  expect(await stateOf(id)).toEqual(waits);
  await away.remove();
  await reprocessor.process(mine, items);
  expect(await stateOf(id)).toEqual(waits);
  expect(await runs.get(runId)).toMatchObject({ items_changed: 0, examples: [] });
  await processAgain(id);
  expect(await stateOf(id)).toEqual({ state: 'in-story', state_reason: null });
});
