/** Channels hold what their filters say, whichever way stories come: by events, by a changed filter, by a further partner, by age. */
import { Metrics } from '#observability/metrics.js';
import { ChannelRepository } from '#storage/channel.repository.js';
import { ChannelUpkeepRepository } from '#storage/channel-upkeep.repository.js';
import type { StoryFilter } from '#contracts/channel-filter.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { insertEvents, insertStory, makeChannel, type TestStory } from '../../../../test/support/story-events.js';
import { ChannelKeeper } from './channel-keeper.js';
import { channelMembership } from './channel-membership.js';

const HOUR_MS = 3_600_000;

let store: TestDatabase;
let channels: ChannelRepository;
let upkeep: ChannelUpkeepRepository;
let fanOuts: FanOutRepository;
let keeper: ChannelKeeper;

beforeEach(async () => {
  store = await testDatabase();
  channels = new ChannelRepository(store.database);
  upkeep = new ChannelUpkeepRepository(store.database);
  fanOuts = new FanOutRepository(store.database);
  keeper = new ChannelKeeper(upkeep, fanOuts, new Metrics());
});
afterEach(() => store.drop());

async function held(channelId: string): Promise<string[]> {
  const rows = await store.database.db
    .selectFrom('channel_stories')
    .select('story_id')
    .where('channel_id', '=', channelId)
    .orderBy('sort_at', 'desc')
    .execute();
  return rows.map((row) => row.story_id);
}

async function publish(storyIds: string[]): Promise<void> {
  const events = await insertEvents(
    store.database,
    storyIds.map((storyId) => ({ storyId })),
  );
  await fanOuts.fanOut(events, (facts) => ({ ...channelMembership(facts), deliveries: [] }));
}

const FILTERS: StoryFilter[] = [
  {},
  { tags: ['topic/sport', 'topic/chess'], noTags: ['place/berlin'] },
  { allTags: ['topic/sport', 'place/berlin'] },
  { words: ['long delay', 'café'], noWords: ['cancelled'] },
  { allWords: ['ferry', 'delay'] },
  { media: ['audio', 'video'] },
  { minPartners: 2, languages: ['en'] },
  { maxAgeHours: 10 },
  { partners: ['daily'], words: ['!!!, a|b & c:*', "it's (a) long"] },
];
const STORIES: TestStory[] = [
  { title: 'Ferry: a long delay', tags: ['topic/sport'], partners: ['agency', 'daily'] },
  { title: 'Delay of the long ferry cancelled', tags: ['topic/sport', 'place/berlin'], media: ['audio'] },
  { title: 'Cafe opens', text: 'After a LONG   delay, twice.', language: 'de', partners: ['agency', 'daily'] },
  { title: "It's a long a b c story", tags: ['topic/chess'], media: ['image', 'video'], partners: ['daily'] },
  { title: 'Old news', sortAt: new Date(Date.now() - 11 * HOUR_MS), language: null },
  { title: 'Café, cancelled', status: 'withdrawn' },
];

test('a channel holds the same, whether it was there before its stories or came after them', async () => {
  const before = [];
  for (const [n, filter] of FILTERS.entries())
    before.push(await makeChannel(store.database, { slug: `b${n}`, filter }));
  const ids = [];
  for (const story of STORIES) ids.push(await insertStory(store.database, story));
  await publish(ids);
  for (const [n, filter] of FILTERS.entries()) {
    const after = await makeChannel(store.database, { slug: `a${n}`, filter });
    const early = await held(before[n] ?? '');
    expect([filter, await held(after)]).toEqual([filter, early]);
    expect(early.length).toBeGreaterThan(0);
    expect(early).not.toContain(ids[5]);
  }
});

test('a changed filter is applied in steps that may be cut off anywhere, by several processes, while stories come', async () => {
  const all: { id: string; language: string }[] = [];
  const add = async (n: number): Promise<string> => {
    const language = n % 3 === 0 ? 'de' : 'en';
    const id = await insertStory(store.database, { language, sortAt: new Date(Date.now() - (500 - n) * 60_000) });
    all.push({ id, language });
    return id;
  };
  for (let n = 0; n < 90; n += 1) await add(n);
  const id = await makeChannel(store.database, { slug: 'turning', filter: { languages: ['en'] } });
  // As with an archive that one step cannot look through: the first step of the change is taken back by hand.
  await channels.update(id, { filter: { languages: ['de'] } });
  await store.database.db.deleteFrom('channel_stories').where('channel_id', '=', id).execute();
  const english = all.filter(({ language }) => language === 'en').slice(0, 20);
  const rows = english.map((story) => ({ channel_id: id, story_id: story.id, sort_at: new Date(0) }));
  await store.database.db.insertInto('channel_stories').values(rows).execute();
  await store.database.db
    .updateTable('channels')
    .set({ filling_at: 'infinity', filling_id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' })
    .where('id', '=', id)
    .execute();
  expect(await upkeep.filling()).toEqual([id]);
  let steps = 0;
  for (let done = false; !done && steps < 100; steps += 1) {
    if (steps % 3 === 0) await publish([await add(90 + steps)]);
    // Two at once, as of two processes; the next round is what a third one finds.
    const both = await Promise.all([upkeep.fill(id, 4), upkeep.fill(id, 4)]);
    done = both.some((step) => step.done);
  }
  expect(steps).toBeGreaterThan(9);
  expect(await upkeep.filling()).toEqual([]);
  const german = all.filter(({ language }) => language === 'de').map((story) => story.id);
  expect((await held(id)).sort()).toEqual(german.sort());
});

test('a story joins when a further partner carries it, without an event, and leaves when it is too old', async () => {
  const shared = await makeChannel(store.database, { slug: 'shared', filter: { minPartners: 2 } });
  const fresh = await makeChannel(store.database, { slug: 'fresh', filter: { maxAgeHours: 2 } });
  const [one, two] = [
    await insertStory(store.database, { partners: ['agency'] }),
    await insertStory(store.database, { partners: ['daily'], sortAt: new Date(Date.now() - HOUR_MS) }),
  ];
  await publish([one, two]);
  expect(await held(shared)).toEqual([]);
  expect(await held(fresh)).toEqual([one, two]);
  const { id: daily } = await store.database.db
    .selectFrom('partners')
    .select('id')
    .where('slug', '=', 'daily')
    .executeTakeFirstOrThrow();
  const stories = new StoryRepository(store.database);
  const joining = [{ storyId: one, partnerId: daily, sortAt: new Date(), named: true }];
  await store.database.transaction((trx) => stories.writePartners(trx, joining));
  const version = async () => (await channels.get(shared))?.version ?? 0;
  const before = await version();
  await keeper.work();
  expect(await held(shared)).toEqual([one]);
  expect(await version()).toBe(before + 1);
  // The same partner again is no news.
  await store.database.transaction((trx) => stories.writePartners(trx, joining));
  await keeper.work();
  expect(await version()).toBe(before + 1);
  await store.database.db
    .updateTable('channel_stories')
    .set({ sort_at: new Date(Date.now() - 3 * HOUR_MS) })
    .where('story_id', '=', two)
    .execute();
  await keeper.work();
  expect(await held(fresh)).toEqual([one]);
});
