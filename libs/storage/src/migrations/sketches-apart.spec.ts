/** What an upgrade does with sketches and counts that are there: copies are found as before, nothing counted is forgotten. */
import { type Kysely, sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { HashCountsRepository } from '../hash-counts.repository.js';
import { uuidV7 } from '../uuid.js';
import * as fingerprintsApart from './0033-fingerprints-apart.js';
import * as countsInVersions from './0034-counts-in-versions.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

/** Migrations know no schema: it is another one at each of them. */
const untyped = () => t.database.db as unknown as Kysely<unknown>;

test('fingerprints go to a table of their own, into the week of their item', async () => {
  await sql`DROP TABLE item_fingerprints`.execute(t.database.db);
  await sql`ALTER TABLE item_sketches ADD COLUMN fingerprints integer[] NOT NULL, ADD COLUMN at timestamptz NOT NULL`.execute(
    t.database.db,
  );
  const itemId = uuidV7();
  const at = new Date('2026-03-04T05:06:07Z');
  await sql`
    INSERT INTO item_sketches (item_id, partner_id, at, title, words, fingerprints, shingles, numbers)
    VALUES (${itemId}, gen_random_uuid(), ${at}, 'Pier', 3, '{-7,5,9}', '', '')`.execute(t.database.db);
  await fingerprintsApart.up(untyped());
  const { rows } = await sql`
    SELECT item_id, at, fingerprints, tableoid::regclass::text ~ '[0-9]{8}$' AS "isInAWeek" FROM item_fingerprints
     WHERE fingerprints OPERATOR(pg_catalog.&&) '{5}'`.execute(t.database.db);
  expect(rows).toEqual([{ item_id: itemId, at, fingerprints: [-7, 5, 9], isInAWeek: true }]);
  expect(await t.database.db.selectFrom('item_sketches').select(['item_id', 'title']).execute()).toEqual([
    { item_id: itemId, title: 'Pier' },
  ]);
});

test('counts keep what they say, and of how many texts', async () => {
  await sql`DROP TABLE counted_texts`.execute(t.database.db);
  for (const table of ['shingle_frequencies', 'fingerprint_frequencies'])
    await sql`ALTER TABLE ${sql.table(table)} DROP COLUMN version, ADD COLUMN texts bigint NOT NULL`.execute(
      t.database.db,
    );
  await sql`
    INSERT INTO fingerprint_frequencies (slice, counts, texts) VALUES (0, '\\x0102', 40), (3, '\\x03', 70)`.execute(
    t.database.db,
  );
  await countsInVersions.up(untyped());
  const repository = new HashCountsRepository(t.database);
  expect(await repository.addTexts('fingerprint_frequencies', 1)).toBe(71);
  expect(await repository.addTexts('shingle_frequencies', 1)).toBe(1);
  const { version, counts } = await repository.read('fingerprint_frequencies', 0);
  expect([version, ...counts]).toEqual([1, 1, 2]);
});
