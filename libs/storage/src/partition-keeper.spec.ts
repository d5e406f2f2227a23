/** Partitions are there before they are needed and go when their time is over; ids lead to their week. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { until } from '../../../test/support/until.js';
import { deliveriesKeptSince } from './delivery-retention.js';
import { migrateToLatest } from './migrate.js';
import { PartitionKeeper } from './partition-keeper.js';
import { uuidV7, uuidV7Floor } from './uuid.js';

const DAY_MS = 86_400_000;
const kept = { keepDocumentsDays: 35, keepFetchesDays: 21, keepDeliveriesDays: 30, identityWindowDays: 14 };

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

  it('draws the line between weeks where the database draws it', async () => {
    const at = new Date('2026-11-23T00:00:00.007Z');
    const { rows } = await sql<{ floor: string }>`SELECT uuid_v7_floor(${at}) AS floor`.execute(test.database.db);
    expect(uuidV7Floor(at)).toBe(rows[0]?.floor);
  });

  it('makes weeks ahead and drops weeks past retention', async () => {
    const keeper = new PartitionKeeper(test.database, kept);
    const before = await partitionsOf('fetches');
    const dropped = await keeper.keep(new Date(Date.now() + 60 * DAY_MS));
    const after = await partitionsOf('fetches');
    expect(dropped.filter((name) => name.startsWith('fetches_')).length).toBeGreaterThan(3);
    expect(after).not.toEqual(expect.arrayContaining(dropped));
    expect(after.length).toBeGreaterThan(3);
    expect(after.some((name) => !before.includes(name))).toBe(true);
    expect(after).toContain('fetches_rest');
  });

  it('keeps documents, fetches, deliveries and sketches for as many days as is set, and drops whole weeks only', async () => {
    const fresh = await testDatabase();
    try {
      const now = new Date();
      const weeks = async (table: string) =>
        (
          await sql<{ name: string }>`SELECT inhrelid::regclass::text AS name FROM pg_inherits
            WHERE inhparent = ${table}::regclass AND inhrelid::regclass::text ~ '[0-9]{8}$' ORDER BY 1`.execute(
            fresh.database.db,
          )
        ).rows.map(({ name }) => Date.parse(name.slice(-8).replace(/(....)(..)(..)/, '$1-$2-$3')));
      await sql`SELECT ensure_week_partitions(t, ${new Date(now.getTime() - 100 * DAY_MS)}, ${now})
        FROM unnest(ARRAY['fetches', 'documents', 'deliveries', 'attempts', 'item_fingerprints', 'item_sketches']) AS t`.execute(
        fresh.database.db,
      );
      await new PartitionKeeper(fresh.database, {
        keepDocumentsDays: 60,
        keepFetchesDays: 7,
        keepDeliveriesDays: 30,
        identityWindowDays: 14,
      }).keep(now);
      for (const [table, days] of [
        ['documents', 60],
        ['fetches', 7],
        ['deliveries', 30],
        ['attempts', 30],
        ['item_fingerprints', 14],
        ['item_sketches', 14],
      ] as const) {
        const [oldest = 0] = await weeks(table);
        // The week of the last day to be kept is there, and no week before it that ended a day before.
        expect(oldest).toBeLessThanOrEqual(now.getTime() - days * DAY_MS);
        expect(oldest + 7 * DAY_MS).toBeGreaterThanOrEqual(now.getTime() - (days + 1) * DAY_MS);
      }
    } finally {
      await fresh.drop();
    }
  });

  it('makes a week whose rows came before it, and puts them there: a hub that was off for a month', async () => {
    const fresh = await testDatabase();
    try {
      const now = new Date(Date.now() + 100 * DAY_MS);
      const id = uuidV7Floor(now);
      await sql`INSERT INTO documents (id, feed_id, url, body_hash, body_gzip, received_at)
        VALUES (${id}, ${uuidV7()}, 'http://p.example/', '\\x00', '\\x00', now())`.execute(fresh.database.db);
      await sql`INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at, created_at)
        VALUES (${id}, ${uuidV7()}, ${uuidV7()}, 'msg_1', 1, 'c_1', 'pending', now(), now())`.execute(
        fresh.database.db,
      );
      const places = async () =>
        (
          await sql<{ name: string }>`SELECT tableoid::regclass::text AS name FROM documents
            UNION ALL SELECT tableoid::regclass::text FROM deliveries`.execute(fresh.database.db)
        ).rows.map(({ name }) => name);
      expect(await places()).toEqual(['documents_rest', 'deliveries_rest']);
      await new PartitionKeeper(fresh.database, kept).keep(now);
      expect(await places()).toEqual([
        expect.stringMatching(/^documents_\d{8}$/),
        expect.stringMatching(/^deliveries_\d{8}$/),
      ]);
    } finally {
      await fresh.drop();
    }
  });

  it('gives rows a week that could not be made when it was due, and deletes what is too old for one', async () => {
    const fresh = await testDatabase();
    try {
      const now = new Date(Date.now() + 100 * DAY_MS);
      const add = (daysAgo: number) => sql`
        INSERT INTO documents (id, feed_id, url, body_hash, body_gzip, received_at)
          VALUES (${uuidV7Floor(new Date(now.getTime() - daysAgo * DAY_MS))}, ${uuidV7()}, ${`http://p.example/${daysAgo}`}, '\\x00', '\\x00', now())`;
      for (const daysAgo of [kept.keepDocumentsDays - 1, kept.keepDocumentsDays + 20])
        await add(daysAgo).execute(fresh.database.db);
      await new PartitionKeeper(fresh.database, kept).keep(now);
      const { rows } = await sql<{ url: string; place: string }>`
        SELECT url, tableoid::regclass::text AS place FROM documents`.execute(fresh.database.db);
      expect(rows).toEqual([
        { url: `http://p.example/${kept.keepDocumentsDays - 1}`, place: expect.stringMatching(/^documents_\d{8}$/) },
      ]);
    } finally {
      await fresh.drop();
    }
  });

  it('makes no week of the past that had no rows: from the oldest on all deliveries count as kept', async () => {
    const fresh = await testDatabase();
    try {
      const now = new Date(Date.now() + 100 * DAY_MS);
      const late = new Date(now.getTime() - 10 * DAY_MS);
      await sql`INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at, created_at)
        VALUES (${uuidV7Floor(late)}, ${uuidV7()}, ${uuidV7()}, 'msg_1', 1, 'c_1', 'delivered', now(), now())`.execute(
        fresh.database.db,
      );
      await new PartitionKeeper(fresh.database, kept).keep(now);
      const since = (await deliveriesKeptSince(fresh.database.db))?.getTime() ?? 0;
      expect(since).toBeLessThanOrEqual(late.getTime());
      expect(since).toBeGreaterThan(late.getTime() - 7 * DAY_MS);
    } finally {
      await fresh.drop();
    }
  });

  it('has one table to itself at a time, and one that it cannot have keeps it from no other', async () => {
    const fresh = await testDatabase();
    try {
      const { database } = fresh;
      const now = new Date(Date.now() + 60 * DAY_MS);
      const keeping: Promise<unknown>[] = [];
      await database.transaction(async (trx) => {
        await sql`LOCK TABLE documents IN ACCESS SHARE MODE`.execute(trx);
        keeping.push(new PartitionKeeper(database, kept).keep(now).catch((error: unknown) => error));
        await until('it waits for documents', async () => {
          const { rows } = await sql`
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
            database.db,
          );
          return rows.length === 1;
        });
        await database.transaction(async (other) => {
          await sql`SET LOCAL lock_timeout = '1s'`.execute(other);
          await sql`SELECT FROM fetches LIMIT 1`.execute(other);
        });
        await Promise.all(keeping);
      });
      expect(String(await keeping[0])).toMatch(/^Error: documents: .*lock timeout$/);
      const id = uuidV7Floor(now);
      const { rows } = await sql<{ name: string }>`
        INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at, created_at)
        VALUES (${id}, ${uuidV7()}, ${uuidV7()}, 'msg_1', 1, 'c_1', 'pending', now(), now())
        RETURNING tableoid::regclass::text AS name`.execute(database.db);
      expect(rows).toEqual([{ name: expect.stringMatching(/^deliveries_\d{8}$/) }]);
    } finally {
      await fresh.drop();
    }
  });

  it('does nothing twice', async () => {
    const keeper = new PartitionKeeper(test.database, kept);
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
