/** What an upgrade mends of what operators' actions left in filled databases. */
import { type Kysely, sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner, receive } from '../../../../test/support/partners-items.js';
import { insertStory } from '../../../../test/support/story-events.js';
import { uuidV7 } from '../uuid.js';
import * as operatorsWordsUndone from './0036-operators-words-undone.js';

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
  await sql`ALTER TABLE items DROP COLUMN before_withdrawal`.execute(t.database.db);
  await sql`ALTER TABLE stories DROP COLUMN pinned_item_id, ADD COLUMN lead_pinned boolean NOT NULL DEFAULT false`.execute(
    t.database.db,
  );
});
afterEach(() => t.drop());

/** Migrations know no schema: it is another one at each of them. */
const upgrade = () => operatorsWordsUndone.up(t.database.db as unknown as Kysely<unknown>);

test('an item that was put back and that nobody processed is processed', async () => {
  const feed = await addPartner(t.database, 'Harbour Daily');
  const { itemIds } = await receive(t.database, feed, [{ id: 'urn:1' }, { id: 'urn:2' }]);
  await sql`UPDATE items SET processed_version = 1, state = 'received'`.execute(t.database.db);
  await t.database.db.deleteFrom('item_batches').execute();
  await sql`INSERT INTO story_actions (id, kind, item_id, actor, request)
    VALUES (${uuidV7()}, 'restore-item', ${itemIds[0]}, 'x', '{}')`.execute(t.database.db);
  await upgrade();
  const { rows } = await sql`
    SELECT i.id FROM items i JOIN item_batches b ON b.fetch_id = i.fetch_id WHERE i.processed_version < i.version`.execute(
    t.database.db,
  );
  expect(rows).toEqual([{ id: itemIds[0] }]);
});

test('the item that an operator chose is pinned, not the one that leads in its stead', async () => {
  const [other = '', left = '', plain = ''] = await Promise.all([0, 1, 2].map(() => insertStory(t.database, {})));
  const chosen = uuidV7();
  await sql`UPDATE stories SET lead_pinned = true WHERE id IN (${other}, ${left})`.execute(t.database.db);
  await sql`INSERT INTO story_actions (id, kind, story_id, status, actor, request)
    VALUES (${uuidV7()}, 'lead', ${other}, 'done', 'x', ${JSON.stringify({ itemId: chosen })}::jsonb)`.execute(
    t.database.db,
  );
  await upgrade();
  const stories = await t.database.db
    .selectFrom('stories')
    .select(['id', 'leading_item_id', 'pinned_item_id'])
    .execute();
  const of = (storyId: string) => stories.find(({ id }) => id === storyId);
  expect(of(other)?.pinned_item_id).toBe(chosen);
  expect(of(left)?.pinned_item_id).toBe(of(left)?.leading_item_id);
  expect(of(plain)?.pinned_item_id).toBeNull();
});
