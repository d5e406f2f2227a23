/** The life of deliveries in Postgres: claimed, leased, settled, taken back, cancelled, sent again. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { testConfig } from '../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertEvents, insertStory } from '../../../test/support/story-events.js';
import { until } from '../../../test/support/until.js';
import { webhookId } from '#domain/webhook-id.js';
import { DeliveryAttemptRepository } from './delivery-attempt.repository.js';
import type { LeasedDelivery, SettledDelivery } from './held-deliveries.js';
import type { ClaimedDelivery } from './delivery-claim.js';
import { DeliveryDispatchRepository } from './delivery-dispatch.repository.js';
import { DeliveryRepository, type DeliveryStatus } from './delivery.repository.js';
import { EndpointRepository } from './endpoint.repository.js';
import { FanOutRepository } from './fan-out.repository.js';
import { silenceEvents } from './silenced-events.js';
import { uuidV7 } from './uuid.js';

let store: TestDatabase;
let endpoints: EndpointRepository;
let dispatch: DeliveryDispatchRepository;
let attempts: DeliveryAttemptRepository;
let deliveries: DeliveryRepository;
const LIMITS = { batch: 500, inFlight: 2_000, inFlightOfSuspects: 500, inFlightWhileFailing: 4 };

beforeAll(async () => {
  store = await testDatabase();
  endpoints = new EndpointRepository(store.database, testConfig(store.url));
  dispatch = new DeliveryDispatchRepository(store.database);
  attempts = new DeliveryAttemptRepository(store.database);
  deliveries = new DeliveryRepository(store.database);
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ['attempts', 'deliveries', 'endpoints', 'events'] as const)
    await store.database.db.deleteFrom(table).execute();
});

/** `events` deliveries for each of `names`, through the fan-out itself. Answers the endpoints' ids. */
async function pending(names: number, events: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < names; number += 1) {
    const { endpoint } = await endpoints.create({
      url: `https://partner-${number}.example/`,
      description: '',
      eventTypes: ['story.published'],
      filter: {},
      isDemo: false,
    });
    ids.push(endpoint.id);
  }
  const eventIds = await insertEvents(
    store.database,
    Array.from({ length: events }, () => ({})),
  );
  await new FanOutRepository(store.database).fanOut(eventIds, (facts) => ({
    joins: [],
    leaves: [],
    changed: [],
    deliveries: facts.events.flatMap((event) =>
      facts.endpoints.map(({ id }) => ({ event, endpointId: id, webhookId: webhookId(event.id, id) })),
    ),
  }));
  return ids;
}

async function claim(limits = LIMITS): Promise<ClaimedDelivery[]> {
  const claim = await dispatch.claimDue(limits);
  if (claim === 'busy') throw new Error('busy');
  return claim.claimed;
}

async function lease(claims: ClaimedDelivery[], seconds = 5): Promise<LeasedDelivery[]> {
  return attempts.lease(
    claims.map(({ eventId, endpointId, generation }) => ({ eventId, endpointId, generation, token: randomUUID() })),
    seconds,
  );
}

function outcome(held: LeasedDelivery, status: DeliveryStatus, nextAttemptAt: Date | null = null): SettledDelivery {
  return {
    ...held,
    status,
    reason: status === 'delivered' ? null : 'answered 500',
    nextAttemptAt,
    attempt: {
      id: uuidV7(),
      startedAt: new Date(),
      durationMs: 12,
      httpStatus: status === 'delivered' ? 204 : 500,
      errorClass: null,
      error: null,
      responseExcerpt: Buffer.from('an answer'),
    },
  };
}

/** What was handed out to an endpoint, as its jobs know it. */
async function dispatchedOf(endpointId: string): Promise<ClaimedDelivery[]> {
  const rows = await store.database.db
    .selectFrom('deliveries')
    .selectAll()
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'delivering')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    eventId: row.event_id,
    endpointId,
    generation: row.generation,
    correlationId: row.correlation_id,
    due: row.next_attempt_at,
    suspect: false,
  }));
}

async function statuses(): Promise<Record<string, number>> {
  const rows = await store.database.db
    .selectFrom('deliveries')
    .select(({ fn }) => ['status', fn.countAll<number>().as('number')])
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.status, Number(row.number)]));
}

describe('claiming', () => {
  test('hands out up to each endpoint’s cap, oldest first, and more only when some have ended', async () => {
    const [first] = await pending(2, 20);
    const claims = await claim();
    expect(claims).toHaveLength(32);
    expect(claims.filter((one) => one.endpointId === first)).toHaveLength(16);
    expect(await claim()).toEqual([]);
    const [held] = await lease(claims.slice(0, 1));
    await attempts.settle([outcome(held as LeasedDelivery, 'delivered')]);
    expect(await claim()).toHaveLength(1);
  });

  test('names the endpoints that have more due than may fly', async () => {
    const [id] = await pending(1, 18);
    expect(await dispatch.claimDue(LIMITS)).toMatchObject({ backlog: [id], claimed: { length: 16 } });
    expect(await dispatch.claimDue(LIMITS)).toEqual({ backlog: [id], claimed: [] });
    await pending(1, 16);
    const [held, other] = await lease(await dispatchedOf(id ?? ''));
    await attempts.settle([
      outcome(held as LeasedDelivery, 'delivered'),
      outcome(other as LeasedDelivery, 'delivered'),
    ]);
    const second = await dispatch.claimDue(LIMITS);
    expect(second).toMatchObject({ claimed: { length: 18 } });
    // The sixteen later events are for both.
    expect(second).toMatchObject({ backlog: [id] });
  });

  test('a failing endpoint gets less at once; paused and disabled ones nothing', async () => {
    const [failing, paused, disabled] = (await pending(3, 20)) as [string, string, string];
    await store.database.db
      .updateTable('endpoints')
      .set({ first_failure_at: new Date() })
      .where('id', '=', failing)
      .execute();
    await endpoints.update(paused, { status: 'paused' });
    await endpoints.update(disabled, { status: 'disabled' });
    expect((await claim()).map((one) => one.endpointId)).toEqual(Array.from({ length: 4 }, () => failing));
  });

  test('shares a small batch evenly, and stops at the total', async () => {
    const ids = await pending(3, 20);
    const claims = await claim({ ...LIMITS, batch: 6 });
    for (const id of ids) expect(claims.filter((one) => one.endpointId === id)).toHaveLength(2);
    expect(await claim({ ...LIMITS, inFlight: 8 })).toHaveLength(2);
    expect(await claim({ ...LIMITS, inFlight: 8 })).toEqual([]);
  });

  test('what is not due waits', async () => {
    await pending(1, 2);
    const [held] = await lease(await claim());
    await attempts.settle([outcome(held as LeasedDelivery, 'pending', new Date(Date.now() + 60_000))]);
    expect(await claim()).toEqual([]);
  });

  test('many dispatchers at once never hand out one delivery twice nor exceed a cap', async () => {
    await pending(3, 40);
    const rounds = await Promise.all(Array.from({ length: 30 }, () => dispatch.claimDue(LIMITS)));
    const claims = rounds.flatMap((round) => (round === 'busy' ? [] : round.claimed));
    expect(new Set(claims.map((one) => one.id)).size).toBe(claims.length);
    expect(claims).toHaveLength(48);
    expect(await statuses()).toEqual({ delivering: 48, pending: 72 });
  });

  test('claims that Redis refused are due again at once, and their jobs are void', async () => {
    await pending(1, 3);
    const claims = await claim();
    await dispatch.unclaim(claims);
    expect(await statuses()).toEqual({ pending: 3 });
    expect(await lease(claims)).toEqual([]);
    const again = await claim();
    expect(again.map((one) => one.generation)).toEqual([2, 2, 2]);
    expect(await lease(claims)).toEqual([]);
    expect(await lease(again)).toHaveLength(3);
  });
});

describe('leases', () => {
  test('one job of a delivery gets it, however many ask at once', async () => {
    await pending(1, 1);
    const claims = await claim();
    const held = await Promise.all(Array.from({ length: 10 }, () => lease(claims)));
    expect(held.flat()).toHaveLength(1);
    expect(await lease([...claims, ...claims])).toEqual([]);
  });

  test('duplicates within one batch are served once', async () => {
    await pending(1, 1);
    const claims = await claim();
    expect(await lease([...claims, ...claims, ...claims])).toHaveLength(1);
  });

  test('an ended delivery is not leased again', async () => {
    await pending(1, 1);
    const claims = await claim();
    const [held] = await lease(claims);
    expect(await attempts.settle([outcome(held as LeasedDelivery, 'delivered')])).toEqual(new Set([held?.token]));
    expect(await lease(claims)).toEqual([]);
  });

  test('only the holder writes the outcome', async () => {
    await pending(1, 1);
    const claims = await claim();
    const [lost] = await lease(claims, 0);
    const [holder] = await lease(claims);
    expect(await attempts.settle([outcome(lost as LeasedDelivery, 'failed')])).toEqual(new Set());
    expect(await attempts.settle([outcome(holder as LeasedDelivery, 'delivered')])).toEqual(new Set([holder?.token]));
    const { items } = await deliveries.list({ limit: 10 });
    expect(items).toMatchObject([{ status: 'delivered', attempts: 1, finished_at: expect.any(Date) }]);
    expect(await deliveries.attempts(items[0]?.id ?? '')).toMatchObject([
      { number: 1, http_status: 204, duration_ms: 12, response_excerpt: Buffer.from('an answer') },
    ]);
  });

  test('an interrupted attempt leaves no trace but the delivery, due at once', async () => {
    await pending(1, 1);
    const [held] = await lease(await claim());
    const interrupted = { ...outcome(held as LeasedDelivery, 'pending'), attempt: null };
    await attempts.settle([interrupted]);
    expect(await claim()).toHaveLength(1);
    const { items } = await deliveries.list({ limit: 10 });
    expect(items).toMatchObject([{ attempts: 0 }]);
    expect(await deliveries.attempts(items[0]?.id ?? '')).toEqual([]);
  });

  test('what is lost is due again after its patience; what is held is not, as long as it is renewed', async () => {
    await pending(1, 2);
    const claims = await claim();
    const [held] = await lease(claims.slice(0, 1), 0);
    await attempts.renew([held as LeasedDelivery], 5);
    expect(await dispatch.releaseStale(10)).toBe(0);
    expect(await dispatch.releaseStale(0)).toBe(1);
    expect(await statuses()).toEqual({ delivering: 1, pending: 1 });
    await attempts.renew([{ ...(held as LeasedDelivery), token: randomUUID() }], 60);
    await attempts.renew([held as LeasedDelivery], 0);
    expect(await dispatch.releaseStale(10)).toBe(1);
    expect(await attempts.settle([outcome(held as LeasedDelivery, 'delivered')])).toEqual(new Set());
  });
});

describe('cancelling', () => {
  test('what has nowhere to go ends, with the reason; paused endpoints keep theirs', async () => {
    const [disabled, removed, paused] = (await pending(3, 5)) as [string, string, string];
    await endpoints.update(disabled, { status: 'disabled' });
    await endpoints.remove(removed);
    await endpoints.update(paused, { status: 'paused' });
    expect(await dispatch.cancelUndeliverable(4)).toBe(4);
    expect(await dispatch.cancelUndeliverable(100)).toBe(6);
    expect(await dispatch.cancelUndeliverable(100)).toBe(0);
    expect(await statuses()).toEqual({ cancelled: 10, pending: 5 });
    const { items } = await deliveries.list({ limit: 20, status: 'cancelled' });
    expect(new Set(items.map((one) => one.status_reason))).toEqual(
      new Set(['the endpoint is disabled: disabled by an operator', 'the endpoint was removed']),
    );
  });
});

describe('of what may not be passed on any more', () => {
  const reason = 'rights: the time for which its partner allows it is over';
  let event: string;
  const silence = async (): Promise<void> => {
    const told = await store.database.db.selectFrom('events').select('story_id').executeTakeFirstOrThrow();
    const outcome = { storyId: told.story_id ?? '', versionSilenced: 1, reason };
    await store.database.transaction((trx) => silenceEvents(trx, [outcome]));
  };
  const state = async (): Promise<[DeliveryStatus, string | null] | undefined> => {
    const [row] = (await deliveries.list({ limit: 1 })).items;
    return row && [row.status, row.status_reason];
  };
  beforeEach(async () => {
    await pending(1, 1);
    const storyId = await insertStory(store.database, {});
    const about = { story_id: storyId, story_version: 1 };
    const { id } = await store.database.db.updateTable('events').set(about).returning('id').executeTakeFirstOrThrow();
    event = id;
  });

  test('what waits and what nobody took up yet is cancelled', async () => {
    const claims = await claim();
    await silence();
    expect(await lease(claims)).toEqual([]);
    expect(await state()).toEqual(['cancelled', reason]);
    expect(await claim()).toEqual([]);
  });

  test('what is being sent is not tried again', async () => {
    const [held] = await lease(await claim());
    await silence();
    expect(await state()).toEqual(['delivering', reason]);
    const again = outcome(held as LeasedDelivery, 'pending', new Date());
    expect(await attempts.settle([again])).toEqual(new Set([held?.token]));
    expect(await state()).toEqual(['cancelled', reason]);
    expect((await deliveries.list({ limit: 1 })).items[0]).toMatchObject({
      attempts: 1,
      finished_at: expect.any(Date),
    });
  });

  test('what arrived meanwhile has arrived, and is not sent again by hand', async () => {
    const [held] = await lease(await claim());
    await silence();
    await attempts.settle([outcome(held as LeasedDelivery, 'delivered')]);
    expect(await state()).toEqual(['delivered', null]);
    expect(await deliveries.retryNow(held?.id ?? '')).toMatchObject({
      verdict: 'silenced',
      delivery: { status: 'delivered', quiet_reason: reason },
    });
  });

  test('what is silenced this very moment is not sent again by hand', async () => {
    const [held] = await lease(await claim());
    await attempts.settle([outcome(held as LeasedDelivery, 'failed')]);
    let retry: ReturnType<typeof deliveries.retryNow> = Promise.resolve(undefined);
    await store.database.transaction(async (trx) => {
      await sql`UPDATE events SET quiet_reason = ${reason}`.execute(trx);
      retry = deliveries.retryNow(held?.id ?? '');
      await until('it waits for who silences', async () => {
        const { rows } = await sql`SELECT FROM pg_stat_activity WHERE datname = current_database()
          AND wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'`.execute(store.database.db);
        return rows.length > 0;
      });
    });
    expect(await retry).toMatchObject({ verdict: 'silenced', delivery: { status: 'failed' } });
  });

  test('what a worker held when it died is not sent by another one', async () => {
    await lease(await claim());
    await silence();
    await sql`UPDATE deliveries SET lease_until = now() - interval '1 second'`.execute(store.database.db);
    expect(await dispatch.releaseStale(60)).toBe(1);
    expect(await state()).toEqual(['cancelled', reason]);
  });

  test('what is fanned out at the same time is seen, whoever comes first', async () => {
    await sql`UPDATE events SET fanned_out_at = NULL`.execute(store.database.db);
    await sql`DELETE FROM deliveries`.execute(store.database.db);
    const fanOut = new FanOutRepository(store.database).fanOut([event], (facts) => ({
      ...{ joins: [], leaves: [], changed: [] },
      deliveries: facts.events
        .filter(({ body }) => body !== null)
        .flatMap((one) =>
          facts.endpoints.map(({ id }) => ({ event: one, endpointId: id, webhookId: webhookId(one.id, id) })),
        ),
    }));
    await Promise.all([fanOut, silence()]);
    expect((await deliveries.list({ limit: 5, status: 'pending' })).items).toEqual([]);
  });
});

describe('for operators', () => {
  test('lists newest first, by endpoint and status, page by page', async () => {
    const [first] = (await pending(2, 3)) as [string];
    const page = await deliveries.list({ limit: 2, endpointId: first });
    expect(page.items).toMatchObject([
      { endpoint_id: first, status: 'pending', event_type: 'story.published', correlation_id: 'c_test' },
      { endpoint_id: first },
    ]);
    const rest = await deliveries.list({ limit: 2, endpointId: first, cursor: page.nextCursor ?? undefined });
    expect(rest.items).toHaveLength(1);
    expect(rest.nextCursor).toBeNull();
    expect((await deliveries.list({ limit: 10, status: 'failed' })).items).toEqual([]);
    expect(await deliveries.get(page.items[0]?.id ?? '')).toEqual(page.items[0]);
    expect(await deliveries.get(randomUUID())).toBeUndefined();
  });

  test('sends one again under its name, with a new schedule when it had ended', async () => {
    await pending(1, 1);
    const [held] = await lease(await claim());
    await attempts.settle([outcome(held as LeasedDelivery, 'failed')]);
    const again = await deliveries.retryNow(held?.id ?? '');
    expect(again).toMatchObject({
      verdict: 'queued',
      delivery: { status: 'pending', attempts: 0, webhook_id: held?.webhookId, finished_at: null },
    });
    const claims = await claim();
    expect(claims).toHaveLength(1);
    expect(await deliveries.retryNow(held?.id ?? '')).toMatchObject({ verdict: 'in-flight' });
    const [second] = await lease(claims);
    await attempts.settle([outcome(second as LeasedDelivery, 'delivered')]);
    expect(await deliveries.attempts(held?.id ?? '')).toMatchObject([{ http_status: 500 }, { http_status: 204 }]);
  });

  test('brings a waiting one forward and keeps its count', async () => {
    await pending(1, 1);
    const [held] = await lease(await claim());
    await attempts.settle([outcome(held as LeasedDelivery, 'pending', new Date(Date.now() + 3_600_000))]);
    expect(await deliveries.retryNow(held?.id ?? '')).toMatchObject({ verdict: 'queued', delivery: { attempts: 1 } });
    expect(await claim()).toHaveLength(1);
  });

  test('cannot send to an endpoint that is away', async () => {
    const [id] = (await pending(1, 1)) as [string];
    const { items } = await deliveries.list({ limit: 1 });
    await endpoints.update(id, { status: 'disabled' });
    expect(await deliveries.retryNow(items[0]?.id ?? '')).toMatchObject({ verdict: 'endpoint-away' });
    await endpoints.remove(id);
    expect(await deliveries.retryNow(items[0]?.id ?? '')).toMatchObject({ verdict: 'endpoint-away' });
    expect(await deliveries.retryNow(randomUUID())).toBeUndefined();
  });
});

test('counts what is open', async () => {
  await pending(1, 20);
  await claim();
  expect(await dispatch.countOpen()).toEqual({ pending: 4, delivering: 16 });
});

test('claims of an endpoint that was paused meanwhile are taken back at once', async () => {
  const [id] = (await pending(1, 3)) as [string];
  await claim();
  await endpoints.update(id, { status: 'paused' });
  expect(await dispatch.releaseStale(10)).toBe(3);
  await endpoints.update(id, { status: 'active' });
  expect(await claim()).toHaveLength(3);
});
