/** Partitions are there before they are needed and go when their time is over; ids lead to their week. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { migrateToLatest } from './migrate.js';
import { PartitionKeeper } from './partition-keeper.js';
import { uuidV7 } from './uuid.js';

const DAY_MS = 86_400_000;

describe('PartitionKeeper', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.drop());

  async function partitionsOf(table: string): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ${table}::regclass ORDER BY 1`.execute(
      test.database.db,
    );
    return rows.map(({ name }) => name);
  }

  it('puts a row of now into the week of now', async () => {
    await sql`INSERT INTO documents (id, feed_id, url, body_hash, body_gzip, received_at)
      VALUES (${uuidV7()}, ${uuidV7()}, 'http://p.example/', '\\x00', '\\x00', now())`.execute(test.database.db);
    const { rows } = await sql<{ name: string }>`SELECT tableoid::regclass::text AS name FROM documents`.execute(
      test.database.db,
    );
    expect(rows[0]?.name).toMatch(/^documents_\d{8}$/);
  });

  it('makes weeks ahead and drops weeks past retention', async () => {
    const keeper = new PartitionKeeper(test.database);
    const before = await partitionsOf('fetches');
    const dropped = await keeper.keep(new Date(Date.now() + 60 * DAY_MS));
    const after = await partitionsOf('fetches');
    expect(dropped.filter((name) => name.startsWith('fetches_')).length).toBeGreaterThan(3);
    expect(after).not.toEqual(expect.arrayContaining(dropped));
    expect(after.length).toBeGreaterThan(3);
    expect(after.some((name) => !before.includes(name))).toBe(true);
    expect(after).toContain('fetches_rest');
  });

  it('does nothing twice', async () => {
    const keeper = new PartitionKeeper(test.database);
    const now = new Date(Date.now() + 60 * DAY_MS);
    await keeper.keep(now);
    expect(await keeper.keep(now)).toEqual([]);
  });

  it('migrates once, however many processes try', async () => {
    const fresh = await testDatabase({ migrate: false });
    try {
      const applied = await Promise.all([1, 2, 3].map(() => migrateToLatest(fresh.database)));
      const names = applied.flat();
      expect(names).toContain('0001-first-house');
      expect(names).toEqual([...new Set(names)].sort());
      expect(await migrateToLatest(fresh.database)).toEqual([]);
    } finally {
      await fresh.drop();
    }
  });
});
