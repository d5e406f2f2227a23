/** What a story waits for by its copies' rights, the story that it goes into waits for, on a real PostgreSQL. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner } from '../../../../test/support/partners-items.js';
import { StoryDesk } from '../../../../test/support/story-desk.js';

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

test('a partner whose copy came along under embargo is named when that ends', async () => {
  const daily = await addPartner(t.database, 'Harbour Daily');
  const early = await addPartner(t.database, 'Early Post', { rights: { embargoMinutes: 60 } });
  const [kept = ''] = await desk.take(daily, { id: 'tag:harbour.example,2026:1', title: 'A lock opens' });
  const [shown = ''] = await desk.take(daily, { id: 'tag:harbour.example,2026:2', title: 'A weir opens' });
  const [hidden = ''] = await desk.take(early, { id: 'tag:harbour.example,2026:2', title: 'A weir opens' });
  const [winner, loser] = [(await desk.home(kept)).story_id, (await desk.home(shown)).story_id];
  expect((await desk.home(hidden)).story_id).toBe(loser);
  await desk.ask({ kind: 'merge', storyId: winner, storyIds: [loser] });
  // The hour is over.
  await sql`UPDATE items SET received_at = received_at - interval '2 hours' WHERE id = ${hidden}`.execute(
    t.database.db,
  );
  await sql`UPDATE stories SET rights_due_at = rights_due_at - interval '2 hours'`.execute(t.database.db);
  await intake.settleRights();
  const named = await t.database.db
    .selectFrom('story_partners')
    .select('named')
    .where('story_id', '=', winner)
    .where('partner_id', '=', early.partnerId)
    .execute();
  expect(named).toEqual([{ named: true }]);
});
