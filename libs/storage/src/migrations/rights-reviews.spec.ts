/** What an upgrade asks of the rights that partners have already: whose stories are looked at once more. */
import { type Kysely, sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { addPartner } from '../../../../test/support/partners-items.js';
import { insertStory } from '../../../../test/support/story-events.js';
import * as mereExcerpts from './0028-mere-excerpts.js';
import * as namedPartners from './0029-named-partners.js';
import * as tagsOfTheShown from './0032-tags-of-the-shown.js';

const RIGHTS = {
  none: {},
  excerpt: { excerptOnly: true },
  whole: { excerptOnly: false },
  embargo: { embargoMinutes: 30 },
  expiry: { expiryDays: 3 },
  silent: { mayRepublish: false },
};

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  for (const [name, rights] of Object.entries(RIGHTS)) await addPartner(t.database, name, { rights });
});
beforeEach(() => sql`DELETE FROM rights_reviews`.execute(t.database.db));
afterAll(() => t.drop());

/** Migrations know no schema: it is another one at each of them. */
const untyped = () => t.database.db as unknown as Kysely<unknown>;
const reviewed = async (): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    SELECT p.name FROM rights_reviews r JOIN partners p ON p.id = r.partner_id ORDER BY p.name`.execute(t.database.db);
  return rows.map(({ name }) => name);
};

test('stories of partners that allow excerpts only are shortened, and a review under way is left as it is', async () => {
  await sql`INSERT INTO rights_reviews (partner_id, pass) SELECT id, 2 FROM partners WHERE name = 'excerpt'`.execute(
    t.database.db,
  );
  await mereExcerpts.up(untyped());
  expect(await reviewed()).toEqual(['excerpt']);
  const { rows } = await sql<{ pass: number }>`SELECT pass FROM rights_reviews`.execute(t.database.db);
  expect(rows).toEqual([{ pass: 2 }]);
});

test('who carries a story is named as before, until the reviews say who is hidden', async () => {
  await insertStory(t.database, { partners: ['agency'] });
  await sql`ALTER TABLE story_partners DROP COLUMN named`.execute(t.database.db);
  await namedPartners.up(untyped());
  const { rows } = await sql<{ named: boolean }>`SELECT named FROM story_partners`.execute(t.database.db);
  expect(rows).toEqual([{ named: true }]);
  expect(await reviewed()).toEqual(['embargo', 'expiry', 'silent']);
});

test('the tags of stories that some of their partners hide are gone through', async () => {
  await tagsOfTheShown.up(untyped());
  expect(await reviewed()).toEqual(['embargo', 'expiry', 'silent']);
});
