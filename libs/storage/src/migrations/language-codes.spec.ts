/** What an upgrade mends of channels that ask for a language by another code than items have. */
import { type Kysely } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { insertStory, makeChannel } from '../../../../test/support/story-events.js';
import { ChannelUpkeepRepository } from '../channel-upkeep.repository.js';
import * as languageCodes from './0049-language-codes.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

test('they get the stories that they should have had, and no other channel is looked through again', async () => {
  const { db } = t.database;
  const storyId = await insertStory(t.database, { language: 'no' });
  const [bokmal] = [
    await makeChannel(t.database, { slug: 'bokmal', filter: { languages: ['nb'] } }),
    await makeChannel(t.database, { slug: 'english', filter: { languages: ['en'] } }),
    await makeChannel(t.database, { slug: 'harbour', filter: { tags: ['topic/harbour'] } }),
  ];
  await db.deleteFrom('channel_stories').execute();
  const upkeep = new ChannelUpkeepRepository(t.database);
  expect(await upkeep.filling()).toEqual([]);
  // Migrations know no schema: it is another one at each of them.
  await languageCodes.up(db as unknown as Kysely<unknown>);
  expect(await upkeep.filling()).toEqual([bokmal]);
  await upkeep.fill(bokmal);
  expect(await db.selectFrom('channel_stories').select(['channel_id', 'story_id']).execute()).toEqual([
    { channel_id: bokmal, story_id: storyId },
  ]);
});
