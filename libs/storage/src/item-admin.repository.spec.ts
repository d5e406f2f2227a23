/** Items as operators list them, on a real PostgreSQL. */
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner, receive } from '../../../test/support/partners-items.js';
import { ItemAdminRepository } from './item-admin.repository.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

test('a list reads headlines and links, and no texts: a page of it has up to two hundred items', async () => {
  const items = new ItemAdminRepository(t.database);
  const feed = await addPartner(t.database, 'Harbour Daily');
  const written = { title: 'Ferries stop', url: 'https://harbour.example/1', content: 'x'.repeat(100_000) };
  const { itemIds } = await receive(t.database, feed, [{ ...written, categories: [{ term: 'Sport' }] }]);
  const [listed] = await items.list({ limit: 1, feedId: feed.feedId });
  const { title, url } = written;
  expect(listed?.parsed).toEqual({ title, url, authors: [], categories: [], media: [] });
  expect((await items.get(itemIds[0] ?? ''))?.parsed).toMatchObject(written);
});
