import type { StoryFilter } from '#contracts/channel-filter.js';
import { matchesFilter } from '#domain/story-filter.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertStory, makeChannel, type TestStory } from '../../../test/support/story-events.js';
import { ChannelRepository } from './channel.repository.js';

const TITLES = ['The ferry is Zurück', 'Late, late news', 'Is ferry the late zuruck?'];
const MEDIA = [[], ['image'], ['audio'], ['video', 'image']] as const;
const HOURS_AGO = 30;

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
          sortAt: new Date(Date.now() - (HOURS_AGO + 1.025 - minute / 20) * 3_600_000 + minute),
          title: TITLES[minute % TITLES.length] ?? '',
          media: [...(MEDIA[minute % MEDIA.length] ?? [])],
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
        media: story.media ?? [],
        hasWords: saysFerry(story.title ?? ''),
        ageHours: (Date.now() - (story.sortAt?.getTime() ?? 0)) / 3_600_000,
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
  { languages: ['deu', 'nb'] },
  { languages: ['de'], tags: ['topic/sport'], partners: ['agency'] },
  { tags: ['topic/nothing'] },
  { allTags: ['topic/sport', 'place/berlin'] },
  { tags: ['topic/sport'], noTags: ['place/berlin'] },
  { minPartners: 2 },
  { media: ['audio', 'image'] },
  { media: ['video'], minPartners: 2 },
  { maxAgeHours: HOURS_AGO },
  // Each of these asks for what `saysFerry` says.
  { words: ['the FERRY', 'boat'] },
  { allWords: ['ferry', 'zurück'], words: ['ferry is'] },
  { words: ['ferry'], noWords: ['late', 'sunk'] },
];

/** "The ferry is zuruck" and nothing else; accents and case do not count, but the order of a phrase does. */
function saysFerry(title: string): boolean {
  return title === 'The ferry is Zurück';
}

test.each(FILTERS.map((filter, index) => [JSON.stringify(filter), filter, index] as const))(
  'a new channel with %s holds what the filter says, newest first',
  async (_text, filter, index) => {
    const id = await makeChannel(store.database, { slug: `filter-${index}`, filter });
    expect(await listed(id)).toEqual(expected(filter));
  },
);

test('a new filter moves stories and the version; a new title moves the version only', async () => {
  const id = await makeChannel(store.database, { slug: 'changing', filter: { languages: ['de'] } });
  const before = (await channels.get(id))?.version ?? 0;
  await channels.update(id, { filter: { languages: ['en'] } });
  expect(await listed(id)).toEqual(expected({ languages: ['en'] }));
  const refilled = (await channels.get(id))?.version ?? 0;
  expect(refilled).toBeGreaterThan(before);
  const settings = { title: 'Changed', size: 10, order: 'updated', fullText: false } as const;
  expect(await channels.update(id, settings)).toMatchObject({
    channel: { version: refilled + 1, title: 'Changed', size: 10, sort_order: 'updated', full_text: false },
  });
  expect(await channels.get(id)).toMatchObject({ slug: 'changing', filter: { languages: ['en'] } });
});

test('a slug that is taken, or was, answers with its channel; "all" is built in', async () => {
  const one = { slug: 'taken', title: 'First', filter: {}, language: 'en', description: 'One' };
  const id = await makeChannel(store.database, one);
  const taken = (by: string) => ({ taken: { by, channel: { id, title: 'First', language: 'en' } } });
  expect(await channels.create({ slug: 'taken', title: 'Second', filter: {} })).toMatchObject(taken('channel'));
  expect(await channels.create({ slug: 'all', title: 'All', filter: {} })).toMatchObject({
    taken: { by: 'built-in', channel: null },
  });
  await channels.update(id, { slug: 'renamed' });
  await channels.update(id, { slug: 'renamed-again' });
  expect(await channels.get(id)).toMatchObject({ slug: 'renamed-again', former_slugs: ['renamed', 'taken'] });
  expect(await channels.create({ slug: 'renamed', title: 'Second', filter: {} })).toMatchObject(taken('former'));
  const other = await makeChannel(store.database, { slug: 'other', filter: {} });
  expect(await channels.update(other, { slug: 'taken' })).toMatchObject(taken('former'));
  expect(await channels.update(other, { slug: 'all' })).toMatchObject({ taken: { by: 'built-in' } });
  await channels.update(id, { slug: 'taken' });
  expect(await channels.get(id)).toMatchObject({ slug: 'taken', former_slugs: ['renamed', 'renamed-again'] });
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
  const channel = (await channels.list({ limit: 200 })).items.find(({ slug }) => slug === 'filter-0');
  expect(await channels.remove(channel?.id ?? '')).toBe(true);
  expect(await channels.remove(channel?.id ?? '')).toBe(false);
  expect(await listed(channel?.id ?? '')).toEqual([]);
  expect(await channels.update(channel?.id ?? '', { title: 'Gone' })).toBeUndefined();
});
