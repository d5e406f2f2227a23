/** What an upgrade reads out of the reasons that are stored: who refused each item. */
import { type Kysely, sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner, receive } from '../../../../test/support/partners-items.js';
import * as whoRefused from './0037-who-refused.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

test('feeds, operators and the processor are told apart by the reasons that they gave', async () => {
  const { db } = t.database;
  const rows: [string, string, string | null, string | null][] = [
    ['blocked by a feed', 'dropped', 'blocked by rule 1: title contains "dropped by rule"', 'feed-rules'],
    ['not kept by a feed', 'dropped', 'not kept: none of the 2 keep rules holds', 'feed-rules'],
    ['dropped by hand', 'dropped', 'dropped by an operator: not confirmed', 'operator'],
    ['dropped by a rule', 'dropped', 'dropped by rule "Horoscopes"', 'processing'],
    ['of the demo', 'dropped', 'the demo has ended', 'processing'],
    ['held', 'held', 'held for review by rule "Look first"', 'processing'],
    ['failed', 'failed', 'nothing to show', 'processing'],
    ['in a story', 'in-story', null, null],
    ['taken down', 'dropped', 'a mistake', null],
    ['changed after that', 'dropped', 'its partner withdrew it', 'processing'],
    ['waiting', 'dropped', 'dropped by an operator', null],
  ];
  await receive(
    t.database,
    await addPartner(t.database, 'Pier Post'),
    rows.map(([id]) => ({ id })),
  );
  for (const [id, state, reason] of rows) {
    const processed = id === 'waiting' ? 0 : 1;
    await sql`
      UPDATE items SET state = ${state}, state_reason = ${reason}, processed_version = ${processed},
             withdrawn_at = CASE WHEN ${id === 'taken down' || id === 'changed after that'} THEN now() END,
             changed_at = now() + CASE WHEN ${id === 'changed after that'} THEN interval '1 minute' ELSE interval '-1 minute' END
       WHERE identity_key = ${id}`.execute(db);
  }
  await sql`ALTER TABLE items DROP COLUMN refused_by`.execute(db);
  await whoRefused.up(db as unknown as Kysely<unknown>);
  const after = await db.selectFrom('items').select(['identity_key', 'refused_by']).execute();
  const by = new Map(after.map(({ identity_key, refused_by }) => [identity_key, refused_by]));
  expect(rows.map(([id]) => [id, by.get(id)])).toEqual(rows.map(([id, , , expected]) => [id, expected]));
});
