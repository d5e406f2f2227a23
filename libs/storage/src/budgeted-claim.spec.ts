import { sql } from 'kysely';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { FeedClaimRepository } from './feed-claim.repository.js';
import type { ClaimedFeed } from './feed-hand.js';
import { HostBudgetRepository } from './host-budget.repository.js';
import { HostSlotRepository } from './host-slot.repository.js';
import { uuidV7 } from './uuid.js';

const LIMITS = { requestsPerMinute: 30, connections: 4 };
let t: TestDatabase;
let claims: FeedClaimRepository;
let budgets: HostBudgetRepository;
let slots: HostSlotRepository;

beforeAll(async () => {
  t = await testDatabase();
  claims = new FeedClaimRepository(t.database, LIMITS);
  budgets = new HostBudgetRepository(t.database);
  slots = new HostSlotRepository(t.database);
});
afterAll(() => t.drop());
afterEach(async () => {
  await sql`TRUNCATE partners, feeds, host_budgets, host_slots CASCADE`.execute(t.database.db);
});

/** Feeds of one host, all due, the first of them `dueSeconds` ago. */
async function add(host: string, count: number, dueSeconds = 60): Promise<void> {
  const ids = Array.from({ length: count }, () => uuidV7());
  const partner = uuidV7();
  await sql`INSERT INTO partners (id, slug, name) VALUES (${partner}, ${partner}, 'x')`.execute(t.database.db);
  await sql`
    INSERT INTO feeds (id, partner_id, url, news_since, next_fetch_at)
      SELECT id, ${partner}, 'http://' || ${host}::text || '/' || id, now(), now() - make_interval(secs => ${dueSeconds})
        FROM unnest(${ids}::uuid[]) AS f(id)`.execute(t.database.db);
}
/** How many of each host. */
async function byHost(claimed: ClaimedFeed[]): Promise<Record<string, number>> {
  const rows = await t.database.db
    .selectFrom('feeds')
    .select(['host', (eb) => eb.fn.countAll<number>().as('count')])
    .where('id', 'in', [...claimed.map(({ id }) => id), uuidV7()])
    .groupBy('host')
    .execute();
  return Object.fromEntries(rows.map(({ host, count }) => [host, count]));
}
/** Time goes on for everything that budgets remember. */
async function pass(seconds: number): Promise<void> {
  const by = sql`make_interval(secs => ${seconds})`;
  await sql`UPDATE feeds SET next_fetch_at = next_fetch_at - ${by}, enqueued_at = enqueued_at - ${by}`.execute(
    t.database.db,
  );
  await sql`UPDATE host_slots SET free_at = free_at - ${by}, closed_until = closed_until - ${by}`.execute(
    t.database.db,
  );
}
/** The fetches of these claims end, and are not due again for a day. */
const finish = (claimed: ClaimedFeed[]) =>
  sql`UPDATE feeds SET enqueued_at = NULL, next_fetch_at = now() + interval '1 day'
    WHERE id = ANY(${claimed.map(({ id }) => id)}::uuid[])`.execute(t.database.db);
const waiting = (host: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('host', '=', host).orderBy('next_fetch_at').execute();

describe('the host of a feed', () => {
  test.each([
    ['http://news.example/a?b=http://other.example/', 'news.example'],
    ['https://user:pass@news.example:8443/x@y', 'news.example:8443'],
    ['http://[2001:db8::1]:81/', '[2001:db8::1]:81'],
  ])('%s is of %s', async (url, host) => {
    await sql`INSERT INTO partners (id, slug, name) VALUES (${uuidV7()}, 'p', 'x')`.execute(t.database.db);
    const { rows } = await sql<{ host: string }>`
      INSERT INTO feeds (id, partner_id, url, news_since) SELECT ${uuidV7()}, id, ${url}, now() FROM partners
      RETURNING host`.execute(t.database.db);
    expect(rows).toEqual([{ host }]);
  });
});

describe('claims within budgets', () => {
  test('a host gets as many polls at once as it may, and the rest are put off with a reason and their health untouched', async () => {
    await add('busy.example', 40);
    expect(await byHost(await claims.claimDue(512))).toEqual({ 'busy.example': 4 });
    expect(await claims.claimDue(512)).toEqual([]);
    const feeds = await waiting('busy.example');
    const deferred = feeds.filter((feed) => feed.has_host_slot);
    expect(deferred).toHaveLength(36);
    for (const feed of deferred)
      expect(feed).toMatchObject({
        next_fetch_reason: expect.stringMatching(
          /^deferred: the budget of host busy.example, (30 requests a minute|4 polls at once)$/,
        ) as string,
        enqueued_at: null,
        consecutive_failures: 0,
        last_error_class: null,
        fetch_generation: 0,
      });
    const waits = deferred.map((feed) => (feed.next_fetch_at.getTime() - Date.now()) / 1000);
    expect(waits[0]).toBeGreaterThan(4);
    // 40 polls: 8 at once, the others 60/23 s apart.
    expect(waits.at(-1)).toBeGreaterThan(75);
    expect(waits.at(-1)).toBeLessThan(95);
  });

  test('the head of the line is free for other hosts at once, however many feeds one has due', async () => {
    await add('huge.example', 10_000, 600);
    await Promise.all(['a.example', 'b.example', 'c.example'].map((host) => add(host, 3, 1)));
    expect(await byHost(await claims.claimDue(512))).toEqual({
      'huge.example': 4,
      'a.example': 3,
      'b.example': 3,
      'c.example': 3,
    });
    expect(await claims.countDue()).toBe(13);
    expect(claims.deferred).toBeGreaterThanOrEqual(9_996);
    const { rows } = await sql<{ most: number }>`
      SELECT extract(epoch FROM max(next_fetch_at) - now())::float8 AS most FROM feeds`.execute(t.database.db);
    expect(rows[0]?.most).toBeLessThanOrEqual(4 * 3_600);
  });

  test('no minute sees more polls than the budget, and everyone gets a turn', async () => {
    await add('busy.example', 120);
    const started: number[] = [];
    const beganAt = Date.now();
    let passed = 0;
    for (let second = 0; second < 420; second += 2) {
      const claimed = await claims.claimDue(512);
      started.push(...claimed.map(() => second));
      await finish(claimed);
      // What the steps themselves take is part of the time: a busy machine must not let more of it pass than we count.
      const rest = Math.max(0, second + 2 - (Date.now() - beganAt) / 1000 - passed);
      await pass(rest);
      passed += rest;
    }
    expect(started).toHaveLength(120);
    for (const from of started)
      expect(started.filter((at) => at >= from && at < from + 60).length).toBeLessThanOrEqual(30);
  });

  test('several processes share the budget of a host', async () => {
    const processes = Array.from(
      { length: 5 },
      () => new FeedClaimRepository(t.database, { requestsPerMinute: 30, connections: 100 }),
    );
    await add('busy.example', 200);
    await Promise.all(Array.from({ length: 30 }, (_, index) => add(`host${index}.example`, 1)));
    const all = (await Promise.all(processes.map((process) => process.claimDue(512)))).flat();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(await byHost(all)).toMatchObject({ 'busy.example': 8, 'host7.example': 1 });
    expect(all).toHaveLength(38);
  });

  test('limits of its own come before the general ones; they take effect on feeds that wait already', async () => {
    await add('big.example', 50);
    await claims.claimDue(512);
    await budgets.put('big.example', { requestsPerMinute: 0, connections: 1 });
    expect(await byHost(await claims.claimDue(512))).toEqual({ 'big.example': 46 });
    await add('frail.example', 5);
    await budgets.put('frail.example', { requestsPerMinute: 1, connections: 1 });
    expect(await byHost(await claims.claimDue(512))).toEqual({ 'frail.example': 1 });
    const waits = (await waiting('frail.example')).map((feed) => (feed.next_fetch_at.getTime() - Date.now()) / 1000);
    expect(waits.slice(1).map((wait) => Math.round(wait / 60))).toEqual([1, 2, 3, 4]);
    expect(await budgets.remove('frail.example')).toBe(true);
    expect(await budgets.remove('frail.example')).toBe(false);
  });

  test('without limits for all, those of single hosts count', async () => {
    const free = new FeedClaimRepository(t.database);
    await budgets.put('frail.example', { requestsPerMinute: 2, connections: 4 });
    await Promise.all([add('frail.example', 5), add('big.example', 50)]);
    expect(await byHost(await free.claimDue(512))).toEqual({ 'frail.example': 1, 'big.example': 50 });
  });

  test('private addresses have no limits unless given one', async () => {
    await Promise.all(['127.0.0.1:8080', '10.1.2.3', 'localhost:99'].map((host) => add(host, 20)));
    expect(await claims.claimDue(512)).toHaveLength(60);
    await add('127.0.0.1:9000', 20);
    await budgets.put('127.0.0.1:9000', { requestsPerMinute: 60, connections: 2 });
    expect(await claims.claimDue(512)).toHaveLength(2);
  });

  test('what a person asks for is not put off', async () => {
    await add('busy.example', 40);
    await claims.claimDue(512);
    const [feed] = (await waiting('busy.example')).filter(({ has_host_slot }) => has_host_slot);
    expect((await claims.claimForRefresh(feed?.id ?? ''))?.claimed).not.toBeNull();
    await sql`UPDATE feeds SET enqueued_at = now() - interval '1 hour' WHERE id = ${feed?.id ?? ''}`.execute(
      t.database.db,
    );
    expect(await claims.claimDue(512)).toContainEqual({ id: feed?.id, generation: 2 });
  });

  test('a host that asks to wait is left alone until then, also by feeds that had a moment of their own', async () => {
    await add('busy.example', 20);
    const first = await claims.claimDue(512);
    await slots.close('busy.example', 120);
    await slots.close('busy.example', 60);
    await finish(first);
    const started: number[] = [];
    for (let second = 0; second < 240; second += 2) {
      const claimed = await claims.claimDue(512);
      started.push(...claimed.map(() => second));
      await finish(claimed);
      await pass(2);
    }
    expect(started).toHaveLength(16);
    expect(Math.min(...started)).toBeGreaterThanOrEqual(118);
  });
});

test('other requests take from the same budget', async () => {
  const waits = [];
  for (let request = 0; request < 10; request++) waits.push(await slots.take('busy.example', LIMITS));
  expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(waits[8]).toBeGreaterThan(1);
  expect(waits[9]).toBeCloseTo(waits[8] ?? 0, 0);
  await add('busy.example', 3);
  expect(await claims.claimDue(512)).toEqual([]);
  expect(await slots.take('127.0.0.1', LIMITS)).toBe(0);
});

test('hosts are listed with their feeds, limits and what waits there', async () => {
  await Promise.all([add('b.example', 2), add('a.example', 40)]);
  await budgets.put('c.example', { requestsPerMinute: 5, connections: 1 });
  await claims.claimDue(512);
  const rows = await budgets.list({ limit: 10, limited: false });
  expect(rows.map(({ host, feeds, deferred }) => [host, feeds, deferred])).toEqual([
    ['a.example', 40, 36],
    ['b.example', 2, 0],
    ['c.example', 0, 0],
  ]);
  expect((await budgets.list({ limit: 1, limited: false })).map(({ host }) => host)).toEqual([
    'a.example',
    'b.example',
  ]);
  expect((await budgets.list({ limit: 10, after: 'b.example', limited: false })).map(({ host }) => host)).toEqual([
    'c.example',
  ]);
  expect(await budgets.list({ limit: 10, limited: true })).toEqual([
    { host: 'c.example', requests_per_minute: 5, connections: 1, feeds: 0, deferred: 0, closed_until: null },
  ]);
});
