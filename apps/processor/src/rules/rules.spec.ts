/** Rules and dictionaries on their way through the intake, against a real PostgreSQL. */
import { type Kysely, sql } from 'kysely';
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import { ChannelPreviewRepository } from '#storage/channel-preview.repository.js';
import { ChannelRepository } from '#storage/channel.repository.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { HeldItemRepository } from '#storage/held-item.repository.js';
import * as tagsByDictionaries from '#storage/migrations/0054-tags-by-dictionaries.js';
import { RuleRepository } from '#storage/rule.repository.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';

let t: TestDatabase;
let intake: TestIntake;
let rules: RuleRepository;
let held: HeldItemRepository;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  rules = new RuleRepository(t.database);
  held = new HeldItemRepository(t.database);
});
afterEach(async () => {
  await t.database.db.deleteFrom('rules').execute();
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const title = (phrase: string): RuleCondition => ({ kind: 'phrase', field: 'title', phrases: [phrase] });
const rule = async (name: string, condition: RuleCondition, ...actions: RuleAction[]): Promise<string> => {
  const saved = await rules.create({ name, condition, actions, enabled: true, wideRegexes: 0 });
  await intake.refreshRules();
  if (!('rule' in saved)) throw new Error(JSON.stringify(saved));
  return saved.rule.id;
};
const take = async (feed: TestFeed, ...items: TestItem[]): Promise<string[]> => {
  const { fetchId, itemIds } = await receive(t.database, feed, items);
  await intake.process(fetchId);
  return itemIds;
};
const itemOf = async (id: string | undefined) =>
  t.database.db
    .selectFrom('items')
    .leftJoin('story_items', 'story_items.item_id', 'items.id')
    .leftJoin('stories', 'stories.id', 'story_items.story_id')
    .select(['items.state', 'items.state_reason', 'items.fetch_id', 'stories.id as storyId', 'stories.title'])
    .select(['stories.version', 'stories.leading_item_id'])
    .where('items.id', '=', id ?? '')
    .executeTakeFirstOrThrow();
const tagsOf = async (storyId: string | null) =>
  t.database.db
    .selectFrom('story_tags')
    .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
    .select(['scheme', 'slug', 'source'])
    .where('story_id', '=', storyId ?? '')
    .orderBy('slug')
    .execute();
/** The slugs of channels that rules send a story to, as they are when its last event is told. */
const routesOf = async (storyId: string | null) => {
  const { id } = await lastEvent(storyId);
  await t.database.db.updateTable('events').set({ seq: Date.now() }).where('id', '=', id).execute();
  const nothing = { joins: [], leaves: [], changed: [], deliveries: [] };
  const { stories } = await new FanOutRepository(t.database).fanOut([id], () => nothing);
  return stories[0]?.routes;
};
const lastEvent = async (storyId: string | null) =>
  t.database.db
    .selectFrom('events')
    .select(['id', 'type', 'body', 'quiet_reason'])
    .where('story_id', '=', storyId ?? '')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();

test('rules and dictionaries tag, each tag saying who gave it; a later rule takes a tag away', async () => {
  const dictionaryId = '01a209d8-0000-768a-bfc9-fe4cca89297c';
  await t.database.db.insertInto('dictionaries').values({ id: dictionaryId, name: 'Ships' }).execute();
  const ship = { dictionary_id: dictionaryId, scheme: 'organisation' as const };
  await t.database.db
    .insertInto('dictionary_entries')
    .values([
      { ...ship, key: 'grey gull', phrase: 'Grey Gull', slug: 'grey-gull-line', name: 'Grey Gull Line' },
      { ...ship, key: 'gull', phrase: 'Gull', slug: 'gull', name: 'Gull' },
    ])
    .execute();
  await rule('Ferries', title('ferry'), { kind: 'tag', scheme: 'keyword', name: 'Ferries' });
  await rule('No weather', title('ferry'), { kind: 'untag', scheme: 'topic', name: 'Weather' });
  const feed = await addPartner(t.database, 'Harbour Post');
  const [id] = await take(feed, {
    id: 'urn:post:1',
    title: 'Ferry of the Grey Gull stays in port',
    categories: [{ term: 'Weather' }, { term: 'Travel' }],
  });
  expect(await tagsOf((await itemOf(id)).storyId)).toEqual([
    { scheme: 'keyword', slug: 'ferries', source: 'rule "Ferries"' },
    { scheme: 'organisation', slug: 'grey-gull-line', source: 'dictionary "Ships"' },
    { scheme: 'topic', slug: 'travel-and-tourism', source: 'partner category "Travel" (Harbour Post)' },
  ]);

  // A new version that the rule does not hold for: its tag goes, and the other rule's work is undone.
  await take(feed, { id: 'urn:post:1', title: 'Boat stays in port', categories: [{ term: 'Weather' }] });
  expect((await tagsOf((await itemOf(id)).storyId)).map(({ slug }) => slug)).toEqual(['weather']);
  await t.database.db.deleteFrom('dictionaries').execute();
});

test('a rule drops, another holds; the reason is kept, and a released item becomes a story', async () => {
  await rule('Horoscopes', title('horoscope'), { kind: 'drop' });
  await rule('Look first', title('rumour'), { kind: 'hold' }, { kind: 'tag', scheme: 'keyword', name: 'Rumour' });
  const feed = await addPartner(t.database, 'Rumour Mill');
  const [dropped, waiting, plain, both] = await take(
    feed,
    { id: 'urn:mill:1', title: 'Your horoscope for the week' },
    { id: 'urn:mill:2', title: 'Rumour of a new bridge' },
    { id: 'urn:mill:3', title: 'A new bridge opens at noon' },
    { id: 'urn:mill:4', title: 'Rumour and horoscope' },
  );
  expect(await itemOf(dropped)).toMatchObject({ state: 'dropped', state_reason: 'dropped by rule "Horoscopes"' });
  expect(await itemOf(both)).toMatchObject({ state: 'dropped', storyId: null });
  expect(await itemOf(plain)).toMatchObject({ state: 'in-story' });
  const before = await itemOf(waiting);
  expect(before).toMatchObject({ state: 'held', state_reason: 'held for review by rule "Look first"', storyId: null });

  expect(await held.release(waiting ?? '')).toEqual({ done: true, state: 'held' });
  await intake.process(before.fetch_id);
  const after = await itemOf(waiting);
  expect(after).toMatchObject({ state: 'in-story', title: 'Rumour of a new bridge' });
  expect((await tagsOf(after.storyId)).map(({ slug }) => slug)).toEqual(['rumour']);
  expect(await held.release(waiting ?? '')).toEqual({ done: false, state: 'in-story' });

  // What a rule dropped can be released as well; what is in a story cannot be dropped.
  expect((await held.release(dropped ?? '')).done).toBe(true);
  expect((await held.drop(plain ?? '', 'no')).done).toBe(false);
});

test('a held version of an item leaves the story as it is; dropped by an operator, it never comes in', async () => {
  const feed = await addPartner(t.database, 'Second Thoughts');
  const [id] = await take(feed, { id: 'urn:thoughts:1', title: 'Mayor opens the new library' });
  await rule('Look first', title('resigns'), { kind: 'hold' });
  await take(feed, { id: 'urn:thoughts:1', title: 'Mayor resigns at the library' });
  expect(await itemOf(id)).toMatchObject({ state: 'held', title: 'Mayor opens the new library', version: 1 });
  expect(await held.drop(id ?? '', 'dropped by an operator: not so')).toEqual({ done: true, state: 'held' });
  expect(await itemOf(id)).toMatchObject({ state: 'dropped', state_reason: 'dropped by an operator: not so' });

  await take(feed, { id: 'urn:thoughts:1', title: 'Mayor speaks at the library opening' });
  expect(await itemOf(id)).toMatchObject({ state: 'in-story', title: 'Mayor speaks at the library opening' });
});

test('a rule gives an item another priority than its partner has, and so the lead', async () => {
  const body = `The bakers of Old Quay ${'agreed on a longer opening of their shops in the winter months '.repeat(4)}`;
  const copy = (id: string, name: string): TestItem => ({
    id,
    title: name,
    url: 'https://quay.example/bakers',
    content: body,
  });
  const first = await addPartner(t.database, 'Quay Daily', { priority: 5 });
  const second = await addPartner(t.database, 'Quay Extra', { priority: 0 });
  const [one] = await take(first, copy('urn:daily:1', 'Bakers agree on longer opening'));
  await rule('Extra first', title('special'), { kind: 'priority', priority: 9 });
  const [two] = await take(second, copy('urn:extra:1', 'Special report: bakers agree'));
  expect(await itemOf(one)).toMatchObject({ leading_item_id: two, title: 'Special report: bakers agree' });

  // It stays the lead when the other one changes.
  await take(first, copy('urn:daily:1', 'Bakers agree on much longer opening'));
  expect(await itemOf(one)).toMatchObject({ leading_item_id: two });
});

test('a rule routes a story into channels, and a rule that no longer holds takes it out of them, quietly', async () => {
  const channels = new ChannelRepository(t.database);
  const made = await channels.create({ slug: 'picks', title: 'Picks', filter: { onlyRouted: true } });
  const channel = 'channel' in made ? made.channel : undefined;
  await rule('Picks', title('lighthouse'), { kind: 'route', channel: 'picks' });
  const feed = await addPartner(t.database, 'Coast Watch');
  const [id] = await take(feed, { id: 'urn:coast:1', title: 'Lighthouse lit again' });
  const { storyId } = await itemOf(id);
  expect(await routesOf(storyId)).toEqual(['picks']);
  // A channel that is filled anew holds what was routed to it before.
  await channels.update(channel?.id ?? '', { filter: { onlyRouted: true } });
  const listed = async () =>
    t.database.db
      .selectFrom('channel_stories')
      .select('story_id')
      .where('channel_id', '=', channel?.id ?? '')
      .execute();
  expect(await listed()).toEqual([{ story_id: storyId }]);

  await t.database.db.deleteFrom('rules').execute();
  await rule('Picks', title('harbour'), { kind: 'route', channel: 'picks' });
  await take(feed, { id: 'urn:coast:1', title: 'Lighthouse lit again', categories: [], summary: ' ' });
  expect(await lastEvent(storyId)).toMatchObject({
    type: 'story.updated',
    body: { changed: ['channels'] },
    quiet_reason: 'only its partners or channels changed',
  });
  expect(await routesOf(storyId)).toEqual([]);
});

test('a rule takes no tag that an operator gave, and finds room for its own in a story of many tags', async () => {
  await rule('Weather', title('gale'), { kind: 'untag', scheme: 'topic', name: 'Weather' });
  const feed = await addPartner(t.database, 'Many Words');
  const crowd = await addPartner(t.database, 'More Words');
  const words = (of: string): { term: string }[] =>
    Array.from({ length: 20 }, (_, place) => ({ term: `${of} ${String.fromCharCode(97 + place)}` }));
  const item = { url: 'https://words.example/gale', title: 'Gale over the bay', content: 'Words of a gale' };
  const [id] = await take(feed, { id: 'urn:words:1', ...item, categories: words('one') });
  await take(crowd, { id: 'urn:more:1', ...item, categories: words('two') });
  const { storyId } = await itemOf(id);
  const { id: tagId } = await t.database.db
    .selectFrom('tags')
    .select('id')
    .where('slug', '=', 'weather')
    .where('scheme', '=', 'topic')
    .executeTakeFirstOrThrow();
  await t.database.db
    .insertInto('story_tags')
    .values({ story_id: storyId ?? '', tag_id: tagId, source: 'operator', confidence: 1, sort_at: new Date() })
    .execute();
  await rule('Gales', title('gale'), { kind: 'tag', scheme: 'keyword', name: 'Gales' });
  await take(feed, { id: 'urn:words:1', ...item, content: 'Other words of a gale', categories: words('one') });
  const tags = await tagsOf(storyId);
  expect(tags.filter(({ source }) => !source.startsWith('partner'))).toEqual([
    { scheme: 'keyword', slug: 'gales', source: 'rule "Gales"' },
    { scheme: 'topic', slug: 'weather', source: 'operator' },
  ]);
});

test('a copy that rules would hold by now keeps what they say of its tags when its story is made anew', async () => {
  await rule('No weather', title('ferry'), { kind: 'untag', scheme: 'topic', name: 'Weather' });
  const [one, two] = [await addPartner(t.database, 'Fore Post'), await addPartner(t.database, 'Aft Post')];
  const copy = { url: 'https://post.example/ferry', categories: [{ term: 'Weather' }] };
  const [first] = await take(one, { id: 'urn:fore:1', ...copy, title: 'Ferry late in the morning' });
  const [second] = await take(two, { ...copy, id: 'urn:aft:1', title: 'Ferry late in the morning', categories: [] });
  const { storyId } = await itemOf(first);
  expect((await itemOf(second)).storyId).toBe(storyId);
  await rule('Look first', title('ferry'), { kind: 'hold' });
  const actions = new StoryActionRepository(t.database);
  const facts = { kind: 'withdraw-item', storyId: null, actor: 'operator (test)', reason: null, request: {} } as const;
  await actions.ask({ ...facts, itemId: second ?? '' });
  await intake.act();
  expect((await tagsOf(storyId)).map(({ slug }) => slug)).toEqual([]);
});

test.each([
  ['first', [0, 1]],
  ['last', [1, 0]],
] as const)('what a rule takes from one copy another brings all the same: the untagged one %s', async (when, order) => {
  await rule('No weather', title('ferry'), { kind: 'untag', scheme: 'topic', name: 'Weather' });
  const feeds = [await addPartner(t.database, `Bow ${when}`), await addPartner(t.database, `Stern ${when}`)] as const;
  const of = (id: string, headline: string): TestItem => ({
    ...{ id: `urn:${id}-${when}:1`, url: `https://bow.example/boat-${when}`, title: headline },
    categories: [{ term: 'Weather' }],
  });
  const copies = [of('bow', 'Ferry late in the storm'), of('stern', 'Boat late in the storm')] as const;
  const ids: string[] = [];
  for (const n of order) ids.push(...(await take(feeds[n], copies[n])));
  const { storyId } = await itemOf(ids[0]);
  expect((await itemOf(ids[1])).storyId).toBe(storyId);
  const slugs = async () => (await tagsOf(storyId)).map(({ slug }) => slug);
  expect(await slugs()).toEqual(['weather']);
  await take(feeds[0], { ...copies[0], title: 'Ferry very late in the storm' });
  expect(await slugs()).toEqual(['weather']);

  // Now nobody names it but the copy from which it is taken.
  await take(feeds[1], { ...copies[1], categories: [] });
  expect(await slugs()).toEqual([]);
});

test('what rules and dictionaries gave a story stays while one of its copies has it', async () => {
  const dictionaryId = '01a209d8-0000-768a-bfc9-fe4cca89297d';
  await t.database.db.insertInto('dictionaries').values({ id: dictionaryId, name: 'Boats' }).execute();
  const entry = { scheme: 'keyword' as const, key: 'ferry', phrase: 'Ferry', slug: 'boats', name: 'Boats' };
  await t.database.db
    .insertInto('dictionary_entries')
    .values({ dictionary_id: dictionaryId, ...entry })
    .execute();
  await rule('Ferries', title('ferry'), { kind: 'tag', scheme: 'keyword', name: 'Ferries' });
  const [one, two] = [await addPartner(t.database, 'Port Post'), await addPartner(t.database, 'Lee Post')];
  const copy = (id: string, headline: string): TestItem => ({ id, url: 'https://port.example/late', title: headline });
  const [first] = await take(one, copy('urn:port:1', 'Ferry late at noon'));
  const [second] = await take(two, copy('urn:lee:1', 'Ferry late at noon'));
  const { storyId } = await itemOf(first);
  expect((await itemOf(second)).storyId).toBe(storyId);
  const slugs = async () => (await tagsOf(storyId)).map(({ slug }) => slug);
  await take(one, copy('urn:port:1', 'Boat late at noon'));
  expect(await slugs()).toEqual(['boats', 'ferries']);
  await take(two, copy('urn:lee:1', 'Boat late at noon'));
  expect(await slugs()).toEqual([]);
  await t.database.db.deleteFrom('dictionaries').execute();
});

test('what a dictionary gave a copy before that was kept stays with the story when another copy changes', async () => {
  const dictionaryId = '01a209d8-0000-768a-bfc9-fe4cca89297e';
  await t.database.db.insertInto('dictionaries').values({ id: dictionaryId, name: 'Quays' }).execute();
  const entry = { scheme: 'keyword' as const, key: 'quay', phrase: 'Quay', slug: 'quays', name: 'Quays' };
  await t.database.db
    .insertInto('dictionary_entries')
    .values({ dictionary_id: dictionaryId, ...entry })
    .execute();
  await rule('Nothing of these', title('anvil'), { kind: 'tag', scheme: 'keyword', name: 'Anvils' });
  const [one, two] = [await addPartner(t.database, 'Old Post'), await addPartner(t.database, 'Older Post')];
  const copy = (id: string, headline: string): TestItem => ({ id, url: 'https://port.example/quay', title: headline });
  const [first] = await take(one, copy('urn:old:1', 'Quay shut at noon'));
  const { storyId } = await itemOf(first);
  await take(two, copy('urn:older:1', 'Quay shut at noon'));
  const slugs = async () => (await tagsOf(storyId)).map(({ slug }) => slug);
  expect(await slugs()).toEqual(['quays']);
  // As a hub had it where no rule held for them.
  await t.database.db.deleteFrom('rule_outcomes').execute();
  await tagsByDictionaries.up(t.database.db as unknown as Kysely<unknown>);

  await take(two, copy('urn:older:1', 'Pier shut at noon'));
  expect(await slugs()).toEqual(['quays']);
  await take(one, copy('urn:old:1', 'Pier shut at noon'));
  expect(await slugs()).toEqual([]);
  await t.database.db.deleteFrom('dictionaries').execute();
});

test('a copy routes a story only while it may be shown', async () => {
  const filter = { onlyRouted: true } as const;
  const made = await new ChannelRepository(t.database).create({ slug: 'later', title: 'Later', filter });
  const channel = { id: 'channel' in made ? made.channel.id : '', slug: 'later', former_slugs: [] };
  await rule('Later', title('exclusive'), { kind: 'route', channel: 'later' });
  const [open, held] = [
    await addPartner(t.database, 'Open Post'),
    await addPartner(t.database, 'Later Post', { rights: { embargoMinutes: 120 } }),
  ];
  const copy = (id: string, headline: string): TestItem => ({
    ...{
      id,
      url: 'https://open.example/pier',
      title: headline,
      published: new Date(Date.now() - 3_600_000).toISOString(),
    },
  });
  const [id] = await take(open, copy('urn:open:1', 'Pier opens to walkers'));
  const [hidden] = await take(held, copy('urn:later:1', 'Exclusive: pier opens to walkers'));
  const { storyId } = await itemOf(id);
  expect((await itemOf(hidden)).storyId).toBe(storyId);
  const isPreviewed = async () =>
    (await new ChannelPreviewRepository(t.database).preview(filter, { most: 100, limit: 100, channel }))?.fits;
  expect([await routesOf(storyId), await isPreviewed()]).toEqual([[], 0]);
  await t.database.db
    .updateTable('items')
    .set({ published_at: sql`published_at - interval '2 hours'`, received_at: sql`received_at - interval '2 hours'` })
    .where('id', '=', hidden ?? '')
    .execute();
  await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', storyId).execute();
  await intake.settleRights();
  expect([await routesOf(storyId), await isPreviewed()]).toEqual([['later'], 1]);
});

test('rules in force are those of the last look; one that cannot be used does not put out the others', async () => {
  await rule('Good', title('comet'), { kind: 'tag', scheme: 'keyword', name: 'Comet' });
  await rule('Bad', { kind: 'regex', field: 'title', pattern: '(' }, { kind: 'drop' });
  const feed = await addPartner(t.database, 'Sky Notes');
  const [id] = await take(feed, { id: 'urn:sky:1', title: 'Comet seen over the bay' });
  expect((await tagsOf((await itemOf(id)).storyId)).map(({ slug }) => slug)).toEqual(['comet']);
});
