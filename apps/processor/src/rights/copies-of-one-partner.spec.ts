/** What rights take away of a story that its partner has in two feeds, on a real PostgreSQL. */
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addFeed, addPartner, type TestFeed } from '../../../../test/support/partners-items.js';
import { StoryDesk } from '../../../../test/support/story-desk.js';

const HOUR_MS = 3_600_000;

let t: TestDatabase;
let intake: TestIntake;
let desk: StoryDesk;
beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  desk = new StoryDesk(t.database, intake);
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

test('while the later copy says the same, nothing is taken back; then whoever was told hears that it is withdrawn', async () => {
  const front = await addPartner(t.database, 'Harbour Daily', { rights: { expiryDays: 1 } });
  const sports: TestFeed = { ...front, feedId: await addFeed(t.database, front.partnerId) };
  const item = {
    id: 'tag:harbour.example,2026:1',
    title: 'A regatta ends',
    content: '<p>The wind had the last word.</p>',
  };
  const [first = ''] = await desk.take(front, item);
  const [second = ''] = await desk.take(sports, item);
  const { story_id: id } = await desk.home(first);
  expect((await desk.home(second)).story_id).toBe(id);
  const events = () =>
    t.database.db
      .selectFrom('events')
      .select(['type', 'quiet_reason'])
      .where('story_id', '=', id)
      .orderBy('story_version')
      .execute();
  /** The day that the partner allows is over for this copy. */
  const expire = async (itemId: string): Promise<void> => {
    const longAgo = new Date(Date.now() - 25 * HOUR_MS);
    await t.database.db.updateTable('items').set({ received_at: longAgo }).where('id', '=', itemId).execute();
    await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', id).execute();
    await intake.settleRights();
  };
  const published = { type: 'story.published', quiet_reason: null };

  await expire(first);
  expect(await desk.story(id)).toMatchObject({ status: 'published', leading_item_id: second });
  expect(await events()).toEqual([published]);

  await expire(second);
  expect(await desk.story(id)).toMatchObject({ status: 'withdrawn' });
  const taken = { type: 'story.published', quiet_reason: 'rights: the time for which its partner allows it is over' };
  expect(await events()).toEqual([taken, { type: 'story.withdrawn', quiet_reason: null }]);
});
