/** What keeps a due delivery from going out: its endpoint's circuit, rate, order, and the places that suspects share. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { testConfig } from '../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertEvents } from '../../../test/support/story-events.js';
import { webhookId } from '#domain/webhook-id.js';
import { DeliveryAttemptRepository } from './delivery-attempt.repository.js';
import { type ClaimedDelivery, claimStatement } from './delivery-claim.js';
import { DeliveryDispatchRepository } from './delivery-dispatch.repository.js';
import { DeliveryRepository, type DeliveryStatus } from './delivery.repository.js';
import { EndpointHealthRepository } from './endpoint-health.repository.js';
import { EndpointRepository, type EndpointSettings } from './endpoint.repository.js';
import { FanOutRepository } from './fan-out.repository.js';
import { uuidV7 } from './uuid.js';

let store: TestDatabase;
let endpoints: EndpointRepository;
let health: EndpointHealthRepository;
let dispatch: DeliveryDispatchRepository;
let attempts: DeliveryAttemptRepository;
let deliveries: DeliveryRepository;
const LIMITS = { batch: 500, inFlight: 2_000, inFlightOfSuspects: 500, inFlightWhileFailing: 4 };

beforeAll(async () => {
  store = await testDatabase();
  endpoints = new EndpointRepository(store.database, testConfig(store.url));
  health = new EndpointHealthRepository(store.database);
  dispatch = new DeliveryDispatchRepository(store.database);
  attempts = new DeliveryAttemptRepository(store.database);
  deliveries = new DeliveryRepository(store.database);
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ['attempts', 'deliveries', 'endpoints', 'events'] as const)
    await store.database.db.deleteFrom(table).execute();
});

async function endpoint(settings: EndpointSettings = {}): Promise<string> {
  const { endpoint } = await endpoints.create({
    url: 'https://partner.example/',
    eventTypes: ['story.published'],
    isDemo: false,
    ...settings,
  });
  return endpoint.id;
}

/** New events; the publisher has not seen them yet. */
const news = (number: number): Promise<string[]> =>
  insertEvents(
    store.database,
    Array.from({ length: number }, () => ({})),
  );

async function fanOut(eventIds: string[]): Promise<void> {
  await new FanOutRepository(store.database).fanOut(eventIds, (facts) => ({
    ...{ joins: [], leaves: [], changed: [] },
    deliveries: facts.events.flatMap((event) =>
      facts.endpoints.map(({ id }) => ({ event, endpointId: id, webhookId: webhookId(event.id, id) })),
    ),
  }));
}

async function claim(limits = LIMITS): Promise<ClaimedDelivery[]> {
  const claimed = await dispatch.claimDue(limits);
  if (claimed === 'busy') throw new Error('busy');
  return claimed.claimed;
}

/** Attempts of what was claimed have ended. */
async function end(
  claims: ClaimedDelivery[],
  status: DeliveryStatus,
  nextAttemptAt: Date | null = null,
): Promise<void> {
  if (claims.length === 0) return;
  const requests = claims.map(({ eventId, endpointId, generation }) => ({
    ...{ eventId, endpointId, generation },
    token: randomUUID(),
  }));
  const held = await attempts.lease(requests, 5);
  const ok = status === 'delivered';
  const settled = held.map(({ eventId, endpointId, token }) => ({
    ...{ eventId, endpointId, token, status, nextAttemptAt, reason: ok ? null : 'answered 500' },
    attempt: {
      ...{ id: uuidV7(), startedAt: new Date(), durationMs: 1, httpStatus: ok ? 204 : 500 },
      ...{ errorClass: null, error: null, responseExcerpt: null },
    },
  }));
  await attempts.settle(settled);
}

const fail = (id: string, failures: number) =>
  health.note([{ endpointId: id, succeeded: false, failures, lastFailure: 'answered 500', goneReason: null }], 5);
const succeed = (id: string) =>
  health.note([{ endpointId: id, succeeded: true, failures: 0, lastFailure: null, goneReason: null }], 5);
const pauseIsOver = () =>
  sql`UPDATE endpoints SET circuit_until = now() - interval '1 second'`.execute(store.database.db);
/** The seconds from `from` to the end of the circuit's pause. */
async function pauseOf(id: string, from = Date.now()): Promise<number> {
  const until = (await endpoints.get(id))?.circuit_until;
  return until ? (until.getTime() - from) / 1_000 : 0;
}

describe('the circuit', () => {
  test('opens after ten failures in a row: nothing is sent', async () => {
    const id = await endpoint();
    await fanOut(await news(3));
    await fail(id, 9);
    expect(await pauseOf(id)).toBe(0);
    const openedFrom = Date.now();
    await fail(id, 1);
    expect(await pauseOf(id, openedFrom)).toBeGreaterThan(10);
    expect(await pauseOf(id)).toBeLessThan(20);
    expect(await dispatch.claimDue(LIMITS)).toEqual({ claimed: [], backlog: [] });
    expect(await endpoints.get(id)).toMatchObject({ failures_in_row: 10, last_failure: 'answered 500' });
  });

  test('lets one attempt through after its pause; a failure opens it for longer, up to ten minutes', async () => {
    const id = await endpoint();
    await fanOut(await news(3));
    let openedFrom = Date.now();
    await fail(id, 10);
    const pauses: { most: number; least: number }[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      // Late news of attempts from before does not make it longer.
      await fail(id, 1);
      // It began after `openedFrom` and before now: a machine that stands still in between makes it neither longer nor shorter.
      pauses.push({ most: await pauseOf(id, openedFrom), least: await pauseOf(id) });
      await pauseIsOver();
      const probe = await claim();
      expect(probe).toMatchObject([{ suspect: true }]);
      expect(await claim()).toEqual([]);
      await end(probe, 'pending', new Date());
      openedFrom = Date.now();
      await fail(id, 1);
    }
    const nominal = [15, 30, 60, 120, 240, 480, 600, 600];
    pauses.forEach(({ most, least }, turn) => {
      expect(most).toBeGreaterThan((nominal[turn] as number) * 0.85);
      expect(least).toBeLessThan((nominal[turn] as number) * 1.15);
    });
  });

  test('closes with a success, and when an operator makes the endpoint active', async () => {
    const id = await endpoint();
    await fanOut(await news(20));
    for (const close of [() => succeed(id), () => endpoints.update(id, { status: 'active' })]) {
      await fail(id, 10);
      expect(await claim()).toEqual([]);
      await close();
      expect(await endpoints.get(id)).toMatchObject({ circuit_until: null, failures_in_row: 0, circuit_openings: 0 });
      const claims = await claim();
      expect(claims).toHaveLength(16);
      await dispatch.unclaim(claims);
    }
  });

  test('is opened by failures in a row only', async () => {
    const id = await endpoint();
    for (let turn = 0; turn < 5; turn += 1) {
      await fail(id, 9);
      await succeed(id);
    }
    expect(await pauseOf(id)).toBe(0);
  });

  test('lets through what an operator sends again by hand', async () => {
    const id = await endpoint();
    await fanOut(await news(1));
    await fail(id, 10);
    const [waiting] = (await deliveries.list({ limit: 1 })).items;
    await deliveries.retryNow(waiting?.id ?? '');
    expect(await claim()).toHaveLength(1);
  });
});

describe('the rate', () => {
  const secondsPass = (seconds: number) =>
    sql`UPDATE endpoints SET rate_at = rate_at - make_interval(secs => ${seconds})`.execute(store.database.db);

  test('lets a second’s worth through at once and the rest evenly; others are not slowed', async () => {
    const paced = await endpoint({ rateLimitPerMinute: 120 });
    const free = await endpoint();
    await fanOut(await news(30));
    const claims = await claim();
    expect(claims.filter(({ endpointId }) => endpointId === paced)).toHaveLength(2);
    expect(claims.filter(({ endpointId }) => endpointId === free)).toHaveLength(16);
    await end(claims, 'delivered');
    let sent = 2;
    for (let second = 0; second < 58; second += 1) {
      await secondsPass(1);
      const more = (await claim()).filter(({ endpointId }) => endpointId === paced);
      expect(more.length).toBeLessThanOrEqual(2);
      sent += more.length;
      await end(more, 'delivered');
    }
    expect(sent).toBe(30);
  });

  test('is not an endpoint’s backlog: only time opens it', async () => {
    await endpoint({ rateLimitPerMinute: 1 });
    await fanOut(await news(3));
    const first = await dispatch.claimDue(LIMITS);
    expect(first).toMatchObject({ claimed: { length: 1 }, backlog: [] });
    await secondsPass(30);
    expect(await claim()).toEqual([]);
    await secondsPass(30);
    expect(await claim()).toHaveLength(1);
    // A quiet hour is not saved up.
    await secondsPass(3_600);
    expect(await claim()).toHaveLength(1);
  });
});

describe('order', () => {
  async function seqOf([one]: ClaimedDelivery[]): Promise<number | undefined> {
    return one && (await deliveries.get(one.id))?.event_seq;
  }

  test('is one by one, by sequence number, whatever is due first', async () => {
    const id = await endpoint({ ordered: true });
    await fanOut(await news(5));
    await sql`UPDATE deliveries SET next_attempt_at = now() - make_interval(secs => event_seq)`.execute(
      store.database.db,
    );
    const seen: (number | undefined)[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const next = await dispatch.claimDue(LIMITS);
      if (next === 'busy') throw new Error('busy');
      expect(next).toMatchObject({ claimed: { length: 1 }, backlog: [id] });
      expect(await claim()).toEqual([]);
      seen.push(await seqOf(next.claimed));
      await end(next.claimed, 'delivered');
    }
    expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)));
    expect(await claim()).toEqual([]);
  });

  test('a failing one waits and the others with it, saying so; one that failed for good lets them go', async () => {
    await endpoint({ ordered: true });
    await fanOut(await news(3));
    const first = await claim();
    await end(first, 'pending', new Date(Date.now() + 60_000));
    expect(await claim()).toEqual([]);
    const shown = (await deliveries.list({ limit: 3 })).items.reverse();
    expect(shown.map(({ waits_for }) => waits_for)).toEqual([null, first[0]?.id, first[0]?.id]);
    await sql`UPDATE deliveries SET next_attempt_at = now() WHERE id = ${first[0]?.id}`.execute(store.database.db);
    const again = await claim();
    expect(again).toMatchObject([{ id: first[0]?.id, generation: 2 }]);
    await end(again, 'failed');
    expect(await claim()).toMatchObject([{ id: shown[1]?.id }]);
  });

  test('nothing overtakes an event that has no deliveries yet', async () => {
    await endpoint({ ordered: true });
    const early = await news(2);
    const late = await news(2);
    await fanOut(late);
    expect(await claim()).toEqual([]);
    await fanOut(early);
    expect(await claim()).toMatchObject([{ eventId: early[0] }]);
  });

  test('begins once what flew unordered has landed, and survives a pause and lost jobs', async () => {
    const id = await endpoint();
    await fanOut(await news(20));
    const flying = await claim();
    expect(flying).toHaveLength(16);
    await endpoints.update(id, { ordered: true });
    await end(flying.slice(0, 15), 'delivered');
    expect(await claim()).toEqual([]);
    await dispatch.releaseStale(0);
    const next = await claim();
    expect(next).toMatchObject([{ id: flying[15]?.id }]);
    await endpoints.update(id, { status: 'paused' });
    await dispatch.releaseStale(10);
    expect(await claim()).toEqual([]);
    await endpoints.update(id, { status: 'active' });
    expect(await claim()).toMatchObject([{ id: flying[15]?.id, generation: 3 }]);
  });

  test('a head that somebody changes at this moment is not overtaken', async () => {
    await endpoint({ ordered: true });
    await fanOut(await news(2));
    const [, head] = (await deliveries.list({ limit: 2 })).items;
    await store.database.transaction(async (trx) => {
      await sql`SELECT FROM deliveries WHERE id = ${head?.id} FOR UPDATE`.execute(trx);
      expect(await claim()).toEqual([]);
    });
    expect(await claim()).toMatchObject([{ id: head?.id }]);
  });
});

describe('suspects', () => {
  test('share places of their own: however many they are, the others have theirs', async () => {
    const limits = { ...LIMITS, inFlight: 20, inFlightOfSuspects: 8 };
    const bad: string[] = [];
    for (let number = 0; number < 10; number += 1) bad.push(await endpoint());
    await Promise.all(bad.slice(0, 5).map((id) => fail(id, 1)));
    await health.noteSlow(bad.slice(5));
    const good = await endpoint();
    await fanOut(await news(20));
    const claims = await claim(limits);
    expect(claims.filter(({ endpointId }) => endpointId === good)).toHaveLength(16);
    const suspects = claims.filter(({ suspect }) => suspect);
    // Evenly: eight places, eight endpoints.
    expect(new Set(suspects.map(({ endpointId }) => endpointId)).size).toBe(8);
    expect(claims).toHaveLength(24);
    expect(await claim(limits)).toEqual([]);
    await end(
      claims.filter(({ endpointId }) => endpointId === good),
      'delivered',
    );
    expect((await claim(limits)).map(({ endpointId }) => endpointId)).toEqual(Array(4).fill(good));
  });

  test('an endpoint that is found slow gives its places back to the others', async () => {
    const limits = { ...LIMITS, inFlight: 16 };
    const slow = await endpoint();
    await fanOut(await news(20));
    expect(await claim(limits)).toHaveLength(16);
    const good = await endpoint();
    await fanOut(await news(3));
    expect(await claim(limits)).toEqual([]);
    await health.noteSlow([slow]);
    expect((await claim(limits)).map(({ endpointId }) => endpointId)).toEqual(Array(3).fill(good));
  });
});

test('a claim reads no more than it hands out and a little of each endpoint, however much waits', async () => {
  const dead = await endpoint();
  await endpoint({ ordered: true });
  await fail(dead, 1);
  await sql`
    INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at, created_at)
    SELECT gen_random_uuid(), p.id, gen_random_uuid(), 'msg_x', n, 'c', 'pending',
      now() + make_interval(hours => (n % 3 - 1)::int), now()
    FROM generate_series(1, 10000) n, endpoints p`.execute(store.database.db);
  await sql`ANALYZE deliveries, endpoints, events`.execute(store.database.db);
  interface Plan {
    'Node Type': string;
    'Relation Name'?: string;
    'Actual Rows': number;
    'Actual Loops': number;
    Plans?: Plan[];
  }
  const plan = await store.database.transaction(async (trx) => {
    const { sql: text } = claimStatement(LIMITS).compile(trx);
    await sql.raw(`PREPARE claim_plan AS ${text}`).execute(trx);
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`
      EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE claim_plan`.execute(trx);
    await sql.raw('DEALLOCATE claim_plan').execute(trx);
    return rows[0]?.['QUERY PLAN'][0].Plan as Plan;
  });
  const read = (node: Plan): number =>
    (node['Relation Name']?.startsWith('deliveries') && node['Node Type'].includes('Scan')
      ? node['Actual Rows'] * node['Actual Loops']
      : 0) + (node.Plans ?? []).reduce((sum, child) => sum + read(child), 0);
  expect(read(plan)).toBeGreaterThan(4);
  expect(read(plan)).toBeLessThan(100);
});
