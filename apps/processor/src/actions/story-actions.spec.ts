/** What operators and partners ask of stories, carried out on a real PostgreSQL, and undone. */
import type { StoryEventData } from '#contracts/events.js';
import type { StoryActionRequest } from '#contracts/story-actions.js';
import { type NewStoryAction, StoryActionRepository } from '#storage/story-action.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';

let t: TestDatabase;
let intake: TestIntake;
let feeds: TestFeed[];
let actions: StoryActionRepository;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  actions = new StoryActionRepository(t.database);
  feeds = [];
  for (const name of ['Harbour Daily', 'Tide Weekly', 'Quay Post']) feeds.push(await addPartner(t.database, name));
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const words = (topic: string, count = 40): string => Array.from({ length: count }, (_, i) => `${topic}${i}`).join(' ');
const take = async (feed: number, ...items: TestItem[]): Promise<string[]> => {
  const { fetchId, itemIds } = await receive(t.database, feeds[feed] as TestFeed, items);
  await intake.process(fetchId);
  return itemIds;
};
/** Copies of one text by the first `copies` partners; the second's is the fullest. */
const story = async (topic: string, copies = 3): Promise<{ id: string; items: string[] }> => {
  const items: string[] = [];
  for (let n = 0; n < copies; n += 1) {
    const content = `<p>${words(topic, n === 1 ? 200 : 40)}</p>`;
    const id = `tag:${topic}.example,2026:1`;
    items.push(
      ...(await take(n, { id, title: `${topic} by ${n}`, content, categories: [{ term: `${topic}-cat-${n}` }] })),
    );
  }
  return { id: (await homeOf(items[0])).story_id, items };
};
const homeOf = (itemId: string | undefined) =>
  t.database.db
    .selectFrom('story_items')
    .selectAll()
    .where('item_id', '=', itemId ?? '')
    .executeTakeFirstOrThrow();
const storyById = (id: string) =>
  t.database.db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const eventsOf = (storyId: string) =>
  t.database.db.selectFrom('events').selectAll().where('story_id', '=', storyId).orderBy('story_version').execute();
const lastEvent = async (storyId: string) => {
  const event = (await eventsOf(storyId)).at(-1);
  return { type: event?.type, ...(event?.body as unknown as StoryEventData) };
};
const tagsOf = async (storyId: string) =>
  (
    await t.database.db
      .selectFrom('story_tags')
      .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
      .select('slug')
      .where('story_id', '=', storyId)
      .orderBy('slug')
      .execute()
  ).map(({ slug }) => slug);
const partnersOf = (storyId: string) =>
  t.database.db.selectFrom('story_partners').selectAll().where('story_id', '=', storyId).execute();

type Asked = Partial<Omit<NewStoryAction, 'request'>> & { kind: NewStoryAction['kind'] } & StoryActionRequest;
const ask = async ({
  kind,
  storyId = null,
  itemId = null,
  actor = 'operator (test)',
  reason = null,
  undoes,
  ...request
}: Asked) => {
  const asked = kind === 'lead' ? { ...request, itemId } : request;
  const action = {
    kind,
    storyId,
    itemId: kind === 'lead' ? null : itemId,
    actor,
    reason,
    request: asked,
  };
  const { id } = await actions.ask(undoes === undefined ? action : { ...action, undoes });
  await intake.act();
  return (await actions.get(id)) ?? fail(id);
};
const fail = (id: string): never => {
  throw new Error(`action ${id} is gone`);
};
const undo = (id: string) => ask({ kind: 'undo', undoes: id, actionId: id });

test('a split makes a story of its own, and no later copy glues the two together again', async () => {
  const { id, items } = await story('salt');
  expect((await storyById(id)).leading_item_id).toBe(items[1]);
  const split = await ask({ kind: 'split', storyId: id, itemIds: [items[1] ?? ''] });
  expect(split).toMatchObject({ status: 'done' });
  const made = (await homeOf(items[1])).story_id;
  expect(made).not.toBe(id);
  expect(await storyById(id)).toMatchObject({ status: 'published', leading_item_id: items[0], title: 'salt by 0' });
  expect(await tagsOf(made)).toEqual(['salt-cat-1']);
  expect(await tagsOf(id)).toEqual(['salt-cat-0', 'salt-cat-2']);
  expect(await partnersOf(id)).toHaveLength(2);
  expect(await lastEvent(made)).toMatchObject({ type: 'story.published' });
  expect(await lastEvent(id)).toMatchObject({
    type: 'story.updated',
    changed: expect.arrayContaining(['title', 'tags', 'partners']) as string[],
  });
  expect((await homeOf(items[1])).rule).toBe('operator');

  // A copy with keys of both would have merged them.
  await take(2, { id: 'tag:salt.example,2026:9', title: 'salt again', content: `<p>${words('salt', 200)}</p>` });
  const [both] = await take(0, {
    id: 'tag:salt.example,2026:1',
    title: 'salt by 0',
    content: `<p>${words('salt', 200)}</p>`,
  });
  expect((await homeOf(both)).story_id).toBe(id);
  expect((await storyById(made)).status).toBe('published');

  const undone = await undo(split.id);
  expect(undone).toMatchObject({ status: 'done' });
  expect(await storyById(made)).toMatchObject({ status: 'merged', merged_into: id });
  expect((await homeOf(items[1])).story_id).toBe(id);
  expect((await actions.get(split.id))?.undone_by).toBe(undone.id);
  expect(await undo(split.id)).toMatchObject({
    status: 'refused',
    outcome: expect.stringContaining('was undone') as string,
  });
});

test('an operator’s merge and its undoing: both stories are as they were, and stay apart', async () => {
  const [one, other] = [await story('pier', 1), await story('dock', 2)];
  const before = await storyById(other.id);
  const merge = await ask({ kind: 'merge', storyId: one.id, storyIds: [other.id] });
  expect(merge).toMatchObject({ status: 'done' });
  expect(await storyById(other.id)).toMatchObject({ status: 'merged', merged_into: one.id });
  expect(await lastEvent(other.id)).toMatchObject({ type: 'story.merged', mergedInto: { id: one.id } });
  expect(await storyById(one.id)).toMatchObject({ title: 'dock by 1' });

  expect(await undo(merge.id)).toMatchObject({ status: 'done' });
  expect(await storyById(one.id)).toMatchObject({ title: 'pier by 0', status: 'published' });
  expect(await storyById(other.id)).toMatchObject({
    ...{ title: before.title, leading_item_id: before.leading_item_id, status: 'published' },
    ...{ merged_into: null, gone_at: null },
  });
  expect(await lastEvent(other.id)).toMatchObject({ type: 'story.published' });
  expect(await tagsOf(one.id)).toEqual(['pier-cat-0']);
  const [connecting] = await take(2, {
    id: 'tag:pier.example,2026:1',
    title: 'x',
    content: `<p>${words('dock', 200)}</p>`,
  });
  expect((await homeOf(connecting)).story_id).toBe(one.id);
  expect((await storyById(other.id)).status).toBe('published');
});

test('a merge that the machine made can be undone too', async () => {
  const [one, other] = [await story('reef', 1), await story('wave', 1)];
  await take(2, { id: 'tag:reef.example,2026:1', title: 'reef', content: `<p>${words('wave')}</p>` });
  const merged = [await storyById(one.id), await storyById(other.id)].find(({ status }) => status === 'merged');
  const [action] = await actions.list({ limit: 1, kind: 'merge', storyId: merged?.merged_into ?? '' });
  expect(action).toMatchObject({ actor: 'machine' });
  expect(await undo(action?.id ?? '')).toMatchObject({ status: 'done' });
  for (const { id } of [one, other]) expect(await storyById(id)).toMatchObject({ status: 'published' });
});

test('withdraw, restore and their undoing', async () => {
  const { id } = await story('kelp', 2);
  const { content, version } = await storyById(id);
  const withdrawn = await ask({ kind: 'withdraw', storyId: id, reason: 'a court order' });
  expect(await storyById(id)).toMatchObject({
    status: 'withdrawn',
    gone_reason: 'a court order',
    version: version + 1,
  });
  expect(await lastEvent(id)).toMatchObject({ type: 'story.withdrawn', story: { id, content: '', summary: '' } });
  expect(await ask({ kind: 'withdraw', storyId: id })).toMatchObject({ status: 'refused' });
  // A further copy changes nothing of that.
  await take(2, { id: 'tag:kelp.example,2026:1', title: 'kelp', content: `<p>${words('kelp')}</p>` });
  expect((await storyById(id)).status).toBe('withdrawn');

  await undo(withdrawn.id);
  expect(await storyById(id)).toMatchObject({ status: 'published', content, gone_at: null });
  expect(await lastEvent(id)).toMatchObject({ type: 'story.published', story: { id, content } });
});

test('an operator’s lead stays whatever comes, until it is undone', async () => {
  const { id, items } = await story('oar', 2);
  const led = await ask({ kind: 'lead', storyId: id, itemId: items[0] ?? '' });
  expect(await storyById(id)).toMatchObject({ leading_item_id: items[0], pinned_item_id: items[0], title: 'oar by 0' });
  expect(await lastEvent(id)).toMatchObject({ type: 'story.updated' });
  await take(2, { id: 'tag:oar.example,2026:1', title: 'oar by 2', content: `<p>${words('oar', 900)}</p>` });
  expect((await storyById(id)).leading_item_id).toBe(items[0]);
  await undo(led.id);
  expect(await storyById(id)).toMatchObject({ leading_item_id: items[1], pinned_item_id: null });
  expect(await ask({ kind: 'lead', storyId: id, itemId: id })).toMatchObject({ status: 'refused' });
});

test('a tag that an operator took away does not come back with the next copy', async () => {
  const { id } = await story('rope', 1);
  const tagged = await ask({
    ...{ kind: 'tags', storyId: id },
    add: [{ scheme: 'topic', name: 'Shipping', slug: 'shipping' }],
    remove: [{ scheme: 'keyword', slug: 'rope-cat-0' }],
  });
  expect(tagged).toMatchObject({ status: 'done' });
  expect(await tagsOf(id)).toEqual(['shipping']);
  expect(await lastEvent(id)).toMatchObject({ type: 'story.updated', changed: ['tags'] });
  await take(1, {
    ...{ id: 'tag:rope.example,2026:1', title: 'rope', content: `<p>${words('rope')}</p>` },
    categories: [{ term: 'rope-cat-0' }],
  });
  expect(await tagsOf(id)).toEqual(['shipping']);
  await undo(tagged.id);
  expect(await tagsOf(id)).toEqual(['rope-cat-0']);
});

test('a partner takes its copy back: another one leads; with the last one the story goes, and a new copy brings it back', async () => {
  const { id, items } = await story('gull', 2);
  const first = await ask({ kind: 'withdraw-item', itemId: items[1] ?? '', reason: 'taken down by its partner' });
  expect(first).toMatchObject({ status: 'done', story_id: id });
  expect(await storyById(id)).toMatchObject({ status: 'published', leading_item_id: items[0] });
  expect(await partnersOf(id)).toHaveLength(1);
  const item = await t.database.db
    .selectFrom('items')
    .selectAll()
    .where('id', '=', items[1] ?? '')
    .executeTakeFirst();
  expect(item).toMatchObject({ state: 'dropped', withdrawn_reason: 'taken down by its partner' });
  // Its next version changes nothing.
  await take(1, { id: 'tag:gull.example,2026:1', title: 'gull anew', content: `<p>${words('gull', 300)}</p>` });
  expect((await storyById(id)).leading_item_id).toBe(items[0]);

  const last = await ask({ kind: 'withdraw-item', itemId: items[0] ?? '' });
  expect(await storyById(id)).toMatchObject({ status: 'withdrawn' });
  expect(await lastEvent(id)).toMatchObject({ type: 'story.withdrawn' });
  await undo(last.id);
  expect(await storyById(id)).toMatchObject({ status: 'published', leading_item_id: items[0] });

  await ask({ kind: 'withdraw-item', itemId: items[0] ?? '' });
  const [again] = await take(2, {
    id: 'tag:gull.example,2026:1',
    title: 'gull by 2',
    content: `<p>${words('gull')}</p>`,
  });
  expect(await storyById(id)).toMatchObject({ status: 'published', leading_item_id: again, title: 'gull by 2' });
  expect(await lastEvent(id)).toMatchObject({ type: 'story.published' });
  expect(await partnersOf(id)).toHaveLength(1);
});

test('a feed that has an item again brings its story back, but not one that an operator withdrew', async () => {
  const { id, items } = await story('tern', 1);
  const byFeed = { actor: 'feed', itemId: items[0] ?? '' };
  await ask({ kind: 'withdraw-item', ...byFeed });
  expect(await storyById(id)).toMatchObject({ status: 'withdrawn' });
  await ask({ kind: 'restore-item', ...byFeed });
  expect(await storyById(id)).toMatchObject({ status: 'published', leading_item_id: items[0] });
  expect(await lastEvent(id)).toMatchObject({ type: 'story.published' });

  await ask({ kind: 'withdraw', storyId: id, reason: 'not true' });
  await ask({ kind: 'withdraw-item', ...byFeed });
  await ask({ kind: 'restore-item', ...byFeed });
  expect(await storyById(id)).toMatchObject({ status: 'withdrawn', gone_reason: 'not true' });
});

test('what is asked of an item is done in the order in which it was asked, also where the first has to be tried again', async () => {
  const { items } = await story('skua', 1);
  const asked = { storyId: null, itemId: items[0] ?? '', actor: 'feed', reason: null, request: {} };
  const down = await actions.ask({ kind: 'withdraw-item', ...asked });
  const back = await actions.ask({ kind: 'restore-item', ...asked });
  const states = async () => [(await actions.get(down.id))?.status, (await actions.get(back.id))?.status];
  const tryAt = (at: Date) =>
    t.database.db.updateTable('story_actions').set({ next_try_at: at }).where('id', '=', down.id).execute();
  await tryAt(new Date(Date.now() + 60_000));
  await intake.act();
  expect(await states()).toEqual(['waiting', 'waiting']);
  await tryAt(new Date());
  await intake.act();
  await intake.act();
  expect(await states()).toEqual(['done', 'done']);
});

test.each([
  ['a story that is not there', { kind: 'withdraw', storyId: null }],
  ['a story into itself', { kind: 'merge', storyIds: [] }],
] as const)('%s is refused with a reason', async (_, asked) => {
  expect(await ask({ ...asked, storyIds: [] })).toMatchObject({
    status: 'refused',
    outcome: expect.any(String) as string,
  });
});

test('copies that arrive while their stories are merged, split and put back end in a story that is there', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [one, other] = [await story(`eel${round}x`, 2), await story(`cod${round}x`, 2)];
    const asked = await actions.ask({
      ...{ kind: 'merge', storyId: one.id, actor: 'x', reason: null },
      request: { storyIds: [other.id] },
    });
    const copy = (topic: string, n: number) =>
      take(n, { id: `tag:${topic}.example,2026:1`, title: topic, content: `<p>${words(topic, 60 + n)}</p>` });
    const [, ...copies] = await Promise.all([
      intake.act(),
      copy(`eel${round}x`, 2),
      copy(`cod${round}x`, 2),
      copy(`cod${round}x`, 1),
    ]);
    for (let tries = 0; tries < 5 && (await actions.get(asked.id))?.status === 'waiting'; tries += 1)
      await intake.act();
    expect((await actions.get(asked.id))?.status).toBe('done');
    for (const item of [...one.items, ...other.items, ...copies.flat()])
      expect((await homeOf(item)).story_id).toBe(one.id);
    const undone = await actions.ask({
      ...{ kind: 'undo', storyId: one.id, actor: 'x', reason: null, undoes: asked.id },
      request: { actionId: asked.id },
    });
    await Promise.all([intake.act(), copy(`eel${round}x`, 0), copy(`cod${round}x`, 0)]);
    for (let tries = 0; tries < 5 && (await actions.get(undone.id))?.status === 'waiting'; tries += 1)
      await intake.act();
    expect(await actions.get(undone.id)).toMatchObject({ status: 'done' });
  }
  const lost = await t.database.db
    .selectFrom('story_items as si')
    .innerJoin('stories as s', 's.id', 'si.story_id')
    .select('si.item_id')
    .where('s.status', '=', 'merged')
    .execute();
  expect(lost).toEqual([]);
  const astray = await t.database.db
    .selectFrom('identity_keys as k')
    .innerJoin('story_items as si', 'si.item_id', 'k.item_id')
    .select('k.key')
    .whereRef('k.story_id', '<>', 'si.story_id')
    .execute();
  expect(astray).toEqual([]);
});

test('two processors carry an action out once', async () => {
  const { id } = await story('buoy', 1);
  const { version } = await storyById(id);
  await actions.ask({ kind: 'withdraw', storyId: id, actor: 'x', reason: null, request: {} });
  const other = testIntake(t.database);
  await Promise.all([intake.act(), other.act()]);
  await other.stop();
  expect(await storyById(id)).toMatchObject({ status: 'withdrawn', version: version + 1 });
});
