/** Texts are found by the fingerprints that they share, and PostgreSQL plans the look-up once, however much there is. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner, receive } from '../../../test/support/partners-items.js';
import { insertStory } from '../../../test/support/story-events.js';
import { Database } from './database.js';
import { type ItemSketchRow, ItemSketchRepository } from './item-sketch.repository.js';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 14;
const now = new Date();

let t: TestDatabase;
const repository = new ItemSketchRepository();
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

const hashes = (...numbers: number[]): Int32Array => Int32Array.from(numbers);
const put = (...rows: ItemSketchRow[]) => t.database.transaction((trx) => repository.put(trx, rows));
const find = (fingerprints: number[], at = now, database = t.database) =>
  database.transaction((trx) => repository.find(trx, [{ fingerprints, at }], WINDOW_DAYS));

/** Of an item that is the first of its story. */
async function sketch(title: string, fingerprints: number[], at = now): Promise<ItemSketchRow> {
  const storyId = await insertStory(t.database, { title });
  const { feedId, partnerId } = await addPartner(t.database, title);
  const { itemIds } = await receive(t.database, { feedId, partnerId }, [{ id: title, title }]);
  const itemId = itemIds[0] as string;
  await sql`INSERT INTO story_items (item_id, story_id, partner_id, rule, relation, evidence)
    VALUES (${itemId}, ${storyId}, ${partnerId}, 'first', 'original', '{}')`.execute(t.database.db);
  return { itemId, partnerId, at, title, words: 3, fingerprints, shingles: hashes(1, -2, 3), numbers: hashes(12) };
}

test('a text is found by a fingerprint, with what it is compared by; a new version takes its place', async () => {
  const pier = await sketch('pier', [-7, 5, 9]);
  await put(pier);
  expect(await find([5, 77])).toEqual([
    { ...pier, storyId: expect.any(String) as string, relation: 'original', partnerName: 'pier', isDemo: false },
  ]);
  expect(await find([77])).toEqual([]);
  expect(await find([])).toEqual([]);
  await put({ ...pier, title: 'The pier', fingerprints: [11], shingles: hashes(4) });
  expect(await find([5])).toEqual([]);
  expect(await find([11])).toMatchObject([{ title: 'The pier', fingerprints: [11], shingles: hashes(4) }]);
});

test('what was published too long before or after is no copy', async () => {
  const at = new Date(now.getTime() - 20 * DAY_MS);
  await put(await sketch('old', [300], at));
  expect(await find([300])).toEqual([]);
  expect(await find([300], new Date(at.getTime() + 13 * DAY_MS))).toHaveLength(1);
});

test('one plan serves for any values: connected anew, each look-up but the first few is executed only', async () => {
  await sql`
    INSERT INTO item_fingerprints (item_id, at, fingerprints)
      SELECT overlay(uuid_v7_floor(now())::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, now(), ARRAY[n, n + 1, n + 2]
        FROM generate_series(1000, 30000) AS n`.execute(t.database.db);
  await sql`ANALYZE item_fingerprints`.execute(t.database.db);
  const one = new Database({ connectionString: t.url, applicationName: 'test', maxConnections: 1 });
  try {
    for (let n = 0; n < 12; n += 1) await find([2_000 + n, 3_000 * n], new Date(now.getTime() - n * DAY_MS), one);
    const { rows } = await sql<{ generic: number; custom: number }>`
      SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements
       WHERE statement LIKE '%item_fingerprints%'`.execute(one.db);
    expect(rows).toEqual([{ generic: 7, custom: 5 }]);
  } finally {
    await one.close();
  }
});
