/** Statistics of texts that PostgreSQL keeps itself. */
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { TextStatisticsRepository } from './text-statistics.repository.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

test('texts that can be found are counted as PostgreSQL last saw them', async () => {
  expect(await new TextStatisticsRepository(t.database).textsInWindow()).toBe(0);
});
