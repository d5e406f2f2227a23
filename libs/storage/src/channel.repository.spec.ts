import type { StoryFilter } from '#contracts/channel-filter.js';
import { matchesFilter } from '#domain/story-filter.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertStory, type TestStory } from '../../../test/support/story-events.js';
import { ChannelRepository } from './channel.repository.js';

let store: TestDatabase;
let channels: ChannelRepository;
const stories: { id: string; story: TestStory }[] = [];

beforeAll(async () => {
  store = await testDatabase();
  channels = new ChannelRepository(store.database);
  const languages = ['en', 'en-GB', 'de', null];
  const tags = [['topic/sport'], ['topic/sport', 'place/berlin'], ['keyword/sport'], []];
  const partners = [['agency'], ['daily'], ['agency', 'daily']];
  let minute = 0;
  for (const language of languages)
    for (const tagged of tags)
      for (const carried of partners) {
        minute += 1;
        const story: TestStory = {
          language,
          tags: tagged,
          partners: carried,
          sortAt: new Date(Date.UTC(2026, 10, 20, 0, minute)),
          status: minute % 7 === 0 ? 'withdrawn' : 'published',
        };
        stories.push({ id: await insertStory(store.database, story), story });
      }
});
afterAll(() => store.drop());

async function listed(channelId: string): Promise<string[]> {
  const rows = await store.database.db
    .selectFrom('channel_stories')
    .select('story_id')
    .where('channel_id', '=', channelId)
    .orderBy('sort_at', 'desc')
    .execute();
  return rows.map((row) => row.story_id);
}

function expected(filter: StoryFilter): string[] {
  return stories
    .filter(({ story }) => story.status === 'published')
    .filter(({ story }) =>
      matchesFilter(filter, {
        language: story.language ?? null,
        tags: story.tags ?? [],
        partners: story.partners ?? [],
      }),
    )
    .map(({ id }) => id)
    .reverse();
}

const FILTERS: StoryFilter[] = [
  {},
  { tags: [], languages: [] },
  { tags: ['topic/sport'] },
  { tags: ['keyword/sport', 'place/berlin'] },
  { partners: ['daily'] },
  { languages: ['en'] },
  { languages: ['de'], tags: ['topic/sport'], partners: ['agency'] },
  { tags: ['topic/nothing'] },
];

test.each(FILTERS.map((filter, index) => [JSON.stringify(filter), filter, index] as const))(
  'a new channel with %s holds what the filter says, newest first',
  async (_text, filter, index) => {
    const { created, channel } = await channels.create({ slug: `filter-${index}`, title: 'Filter', filter });
    expect(created).toBe(true);
    expect(await listed(channel?.id ?? '')).toEqual(expected(filter));
  },
);

test('a new filter refills the channel and moves its version; a new title moves the version only', async () => {
  const { channel } = await channels.create({ slug: 'changing', title: 'Changing', filter: { languages: ['de'] } });
  const id = channel?.id ?? '';
  const refilled = await channels.update(id, { filter: { languages: ['en'] } });
  expect(refilled?.version).toBe(2);
  expect(await listed(id)).toEqual(expected({ languages: ['en'] }));
  expect(await channels.update(id, { title: 'Changed' })).toMatchObject({ version: 3, title: 'Changed' });
  expect(await channels.get(id)).toMatchObject({ slug: 'changing', filter: { languages: ['en'] } });
});

test('a slug that is taken answers with its channel; "all" is built in', async () => {
  const first = await channels.create({
    slug: 'taken',
    title: 'First',
    filter: {},
    language: 'en',
    description: 'One',
  });
  expect(await channels.create({ slug: 'taken', title: 'Second', filter: {} })).toEqual({
    created: false,
    channel: first.channel,
  });
  expect(await channels.create({ slug: 'all', title: 'All', filter: {} })).toEqual({ created: false, channel: null });
  expect(await channels.bySlug('taken')).toMatchObject({ title: 'First', description: 'One', language: 'en' });
});

test('pages through all channels, and removes one with its list', async () => {
  const slugs: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await channels.list({ limit: 3, cursor });
    slugs.push(...page.items.map((channel) => channel.slug));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(slugs).toEqual([...slugs].sort());
  expect(new Set(slugs).size).toBe(slugs.length);
  const channel = await channels.bySlug('filter-0');
  expect(await channels.remove(channel?.id ?? '')).toBe(true);
  expect(await channels.remove(channel?.id ?? '')).toBe(false);
  expect(await listed(channel?.id ?? '')).toEqual([]);
  expect(await channels.update(channel?.id ?? '', { title: 'Gone' })).toBeUndefined();
});
