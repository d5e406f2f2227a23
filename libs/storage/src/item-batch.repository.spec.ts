/** Batches that are finished while something is left in them again, on a real PostgreSQL. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner, receive } from '../../../test/support/partners-items.js';
import { until } from '../../../test/support/until.js';
import { ItemBatchRepository, leaveAgain } from './item-batch.repository.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

test('what is left in a batch while it is being finished keeps it', async () => {
  const batches = new ItemBatchRepository(t.database);
  const { fetchId, itemIds } = await receive(t.database, await addPartner(t.database, 'Harbour Daily'), [{ id: 'a' }]);
  const processedUpTo = (version: number) =>
    t.database.db.updateTable('items').set({ processed_version: version }).where('id', 'in', itemIds);
  await processedUpTo(1).execute();
  const finished: Promise<string[]>[] = [];
  await t.database.transaction(async (trx) => {
    await trx.updateTable('items').set({ processed_version: 0 }).where('id', 'in', itemIds).execute();
    await leaveAgain(trx, { fetchId, correlationId: 'c_test' });
    finished.push(batches.finish([fetchId]));
    await until('finish waits', async () => {
      const { rows } = await sql`
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
        t.database.db,
      );
      return rows.length === 1;
    });
  });
  await Promise.all(finished);
  expect(await batches.claimStale(30_000, 10)).toMatchObject([{ fetchId }]);

  await processedUpTo(1).execute();
  expect(await batches.finish([fetchId])).toEqual([]);
  expect(await batches.claimStale(0, 10)).toEqual([]);
});
