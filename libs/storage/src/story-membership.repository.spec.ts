/** Separations that two operators' words change at the same moment, on a real PostgreSQL. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner } from '../../../test/support/partners-items.js';
import { type SeededStory, seedStory } from '../../../test/support/story-seed.js';
import { until } from '../../../test/support/until.js';
import { StoryMembershipRepository } from './story-membership.repository.js';
import { uuidV7 } from './uuid.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

test('two pairs of stories of one separation that are put together at once stay apart from each other', async () => {
  const members = new StoryMembershipRepository();
  const partner = await addPartner(t.database, 'Harbour Daily');
  const stories: SeededStory[] = [];
  for (let side = 0; side < 4; side += 1) stories.push(await seedStory(t.database, partner));
  const ids = stories.map(({ storyId }) => storyId);
  await t.database.transaction((trx) =>
    members.separate(
      trx,
      uuidV7(),
      stories.map(({ itemId }) => [itemId]),
    ),
  );
  const others: Promise<void>[] = [];
  let isOver = false;
  await t.database.transaction(async (trx) => {
    await members.rejoin(trx, ids.slice(0, 2));
    others.push(
      t.database
        .transaction((other) => members.rejoin(other, ids.slice(2)))
        .finally(() => {
          isOver = true;
        }),
    );
    await until('the other one waits or is over', async () => {
      const { rows } = await sql`
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
        t.database.db,
      );
      return isOver || rows.length === 1;
    });
  });
  await Promise.all(others);
  const { rows } = await sql<{ side: number }>`
    SELECT s.side FROM story_separations s JOIN unnest(${stories.map(({ itemId }) => itemId)}::uuid[]) WITH ORDINALITY AS i(id, nr)
      ON i.id = s.item_id ORDER BY i.nr`.execute(t.database.db);
  const [a, b, c, d] = rows.map(({ side }) => side);
  expect([a === b, c === d, a === c]).toEqual([true, true, false]);
});
