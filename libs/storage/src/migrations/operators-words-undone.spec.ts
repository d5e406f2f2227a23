/** What an upgrade mends of what operators' actions left in filled databases. */
import { type Kysely, sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner, receive } from '../../../../test/support/partners-items.js';
import { uuidV7 } from '../uuid.js';
import * as operatorsWordsUndone from './0036-operators-words-undone.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  await sql`ALTER TABLE items DROP COLUMN before_withdrawal`.execute(t.database.db);
});
afterAll(() => t.drop());

test('an item that was put back and that nobody processed is processed', async () => {
  const feed = await addPartner(t.database, 'Harbour Daily');
  const { itemIds } = await receive(t.database, feed, [{ id: 'urn:1' }, { id: 'urn:2' }]);
  await sql`UPDATE items SET processed_version = 1, state = 'received'`.execute(t.database.db);
  await t.database.db.deleteFrom('item_batches').execute();
  await sql`INSERT INTO story_actions (id, kind, item_id, actor, request)
    VALUES (${uuidV7()}, 'restore-item', ${itemIds[0]}, 'x', '{}')`.execute(t.database.db);
  // Migrations know no schema: it is another one at each of them.
  await operatorsWordsUndone.up(t.database.db as unknown as Kysely<unknown>);
  const { rows } = await sql`
    SELECT i.id FROM items i JOIN item_batches b ON b.fetch_id = i.fetch_id WHERE i.processed_version < i.version`.execute(
    t.database.db,
  );
  expect(rows).toEqual([{ id: itemIds[0] }]);
});
