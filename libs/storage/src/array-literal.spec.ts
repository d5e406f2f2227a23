/** Arrays as PostgreSQL reads them. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { plainArray, textArray } from './array-literal.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.drop());

test('any text comes back as it went', async () => {
  // PostgreSQL has no NUL, and the driver sends lone surrogates as U+FFFD.
  const text = fc.string({ unit: 'binary' }).map((value) => Buffer.from(value.replaceAll('\0', '')).toString());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 20 }), async (values) => {
      const { rows } = await sql<{ value: string | null }>`
        SELECT value FROM unnest(${textArray(values)}::text[]) WITH ORDINALITY AS v(value, place) ORDER BY place`.execute(
        t.database.db,
      );
      expect(rows.map(({ value }) => value)).toEqual(values);
    }),
    { numRuns: 300, examples: [[['NULL', null, '', ' ', '{}', '"', '\\', '\\"', ',', '\n']]] },
  );
});

test('numbers, dates and truths too; nothing is NULL', () => {
  expect(plainArray([1, null, 2.5, undefined, true])).toBe('{1,NULL,2.5,NULL,true}');
  expect(plainArray([])).toBe('{}');
  expect(textArray([])).toBe('{}');
});
