/** Replays in Postgres: what they take, how fast, how much at once, and that neither a race nor a killed process changes the sum. */
import { sql } from 'kysely';
import { testConfig } from '../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertEvents } from '../../../test/support/story-events.js';
import { until } from '../../../test/support/until.js';
import { EndpointBoxes } from '#domain/endpoint-boxes.js';
import { webhookId } from '#domain/webhook-id.js';
import { DeliveryAttemptRepository } from './delivery-attempt.repository.js';
import { DeliveryDispatchRepository } from './delivery-dispatch.repository.js';
import { DeliveryRepository, type DeliveryStatus } from './delivery.repository.js';
import { EndpointKeyRepository } from './endpoint-key.repository.js';
import { EndpointRepository } from './endpoint.repository.js';
import { type NewReplay, ReplayRepository, type ReplayRow } from './replay.repository.js';
import { ReplayStepRepository } from './replay-step.repository.js';
import { uuidV7 } from './uuid.js';

let store: TestDatabase;
let endpoints: EndpointRepository;
let replays: ReplayRepository;
let steps: ReplayStepRepository;
let deliveries: DeliveryRepository;
let endpointId: string;
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  store = await testDatabase();
  const config = testConfig(store.url);
  endpoints = new EndpointRepository(store.database, config);
  replays = new ReplayRepository(store.database, config);
  steps = new ReplayStepRepository(store.database);
  deliveries = new DeliveryRepository(store.database);
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ['deliveries', 'endpoints', 'events'] as const)
    await store.database.db.deleteFrom(table).execute();
  const { endpoint } = await endpoints.create({
    url: 'https://partner.example/',
    eventTypes: ['story.published'],
    isDemo: false,
  });
  endpointId = endpoint.id;
});

/** One delivery for each status, oldest first. Answers their ids. */
async function past(statuses: DeliveryStatus[]): Promise<string[]> {
  const eventIds = await insertEvents(
    store.database,
    statuses.map(() => ({})),
  );
  const ids = eventIds.map(() => uuidV7());
  await store.database.db
    .insertInto('deliveries')
    .values(
      eventIds.map((eventId, at) => ({
        event_id: eventId,
        endpoint_id: endpointId,
        id: ids[at] ?? '',
        webhook_id: webhookId(eventId, endpointId),
        event_seq: at + 1,
        correlation_id: 'c_test',
        status: statuses[at] ?? 'pending',
        attempts: 3,
        next_attempt_at: new Date(Date.now() + HOUR_MS),
        created_at: new Date(),
      })),
    )
    .execute();
  return ids;
}

const asked = (overrides: Partial<NewReplay> = {}): NewReplay => ({
  endpointId,
  since: new Date(Date.now() - HOUR_MS),
  until: new Date(Date.now() + HOUR_MS),
  onlyFailed: true,
  types: null,
  url: null,
  ratePerMinute: 60_000,
  requestedBy: 'a test',
  ...overrides,
});

async function begin(overrides: Partial<NewReplay> = {}): Promise<ReplayRow> {
  const replay = await replays.create(asked(overrides));
  if ('refused' in replay) throw new Error(replay.refused);
  return replay;
}

const now = async (id: string) => (await replays.get(endpointId, id)) as ReplayRow;
const statusesOf = async (ids: string[]) => Promise.all(ids.map(async (id) => (await deliveries.get(id))?.status));
const passTime = (id: string, seconds: number) =>
  sql`UPDATE replays SET paced_at = paced_at - make_interval(secs => ${seconds}) WHERE id = ${id}`.execute(
    store.database.db,
  );
/** What is due is delivered, as the dispatcher and a good receiver would. */
const deliver = () =>
  sql`UPDATE deliveries SET status = 'delivered', finished_at = now() WHERE status = 'pending' AND next_attempt_at <= now()`.execute(
    store.database.db,
  );

async function runToEnd(id: string): Promise<ReplayRow> {
  for (let round = 0; round < 200; round += 1) {
    await passTime(id, 60);
    await steps.step(id);
    await deliver();
    const replay = await now(id);
    if (replay.status !== 'running') return replay;
  }
  throw new Error('it never ended');
}

test.each(['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z'])('from %s on is everything', async (since) => {
  const ids = await past(['failed', 'failed']);
  const replay = await begin({ since: new Date(since) });
  expect(replay.total).toBe(2);
  expect(await runToEnd(replay.id)).toMatchObject({ status: 'done', made_due: 2 });
  expect(await statusesOf(ids)).toEqual(['delivered', 'delivered']);
});

test('a count that may look at so many deliveries ends there, and says that there is more', async () => {
  await past(['failed', 'delivered', 'failed', 'failed']);
  expect(await replays.count(asked({ mostLookedAt: 3 }))).toMatchObject({ toSend: 2, isFloor: true });
  expect(await replays.count(asked({ mostLookedAt: 5 }))).toMatchObject({ toSend: 3, isFloor: false });
  expect(await begin({ mostLookedAt: 3 })).toMatchObject({ total: 2, total_is_floor: true });
});

test('what failed is made due again, and what was delivered or is on its way is not', async () => {
  const ids = await past(['failed', 'delivered', 'cancelled', 'pending', 'failed', 'delivering']);
  expect(await replays.count(asked())).toEqual({
    toSend: 4,
    leftOut: 0,
    underWay: 0,
    isFloor: false,
    nothingBefore: null,
  });
  const { id, total } = await begin();
  expect(total).toBe(4);
  expect(await steps.step(id)).toEqual({ madeDue: 4, goOn: true });
  expect(await statusesOf(ids)).toEqual(['pending', 'delivered', 'pending', 'pending', 'pending', 'delivering']);
  // A delivery that had ended begins its schedule anew; one that waited goes on with it. Both keep their webhook-id.
  expect(await deliveries.get(ids[0] ?? '')).toMatchObject({ attempts: 0, replay_id: id });
  expect(await deliveries.get(ids[3] ?? '')).toMatchObject({ attempts: 3, replay_id: id });
  expect(await runToEnd(id)).toMatchObject({ status: 'done', made_due: 4, outcome: { delivered: 4, waiting: 0 } });
  await steps.tidy();
  // Another one takes the deliveries over; the first one's figures stay.
  const second = await begin({ onlyFailed: false });
  expect(second.total).toBe(5);
  expect(await runToEnd(second.id)).toMatchObject({ made_due: 5, under_way: 1, outcome: { delivered: 5 } });
  expect((await now(id)).outcome).toMatchObject({ delivered: 4 });
});

test('its rate is kept', async () => {
  await past(Array.from({ length: 5 }, () => 'failed' as const));
  // One in ten seconds: what the steps themselves take is not enough for another.
  const { id } = await begin({ ratePerMinute: 6 });
  expect(await steps.step(id)).toMatchObject({ madeDue: 1 });
  expect(await steps.step(id)).toMatchObject({ madeDue: 0 });
  await passTime(id, 10);
  expect(await steps.step(id)).toMatchObject({ madeDue: 1 });
  expect(await steps.step(id)).toMatchObject({ madeDue: 0 });
});

test('never more than a few stand in the queue at once', async () => {
  await past(Array.from({ length: 50 }, () => 'failed' as const));
  const { id } = await begin({ ratePerMinute: 300 });
  // An hour without a step is no reason to hurry: a second's worth at once.
  for (const madeDue of [5, 5, 0]) {
    await passTime(id, 3_600);
    expect(await steps.step(id)).toMatchObject({ madeDue });
  }
  expect((await now(id)).outcome.waiting).toBe(10);
  await deliver();
  await passTime(id, 3_600);
  expect(await steps.step(id)).toMatchObject({ madeDue: 5 });
});

test('eight processes that step at the same time send each delivery once, and a step that is broken off sends nothing', async () => {
  await past(Array.from({ length: 300 }, () => 'failed' as const));
  const { id } = await begin({ ratePerMinute: 3_000 });
  await store.database
    .transaction(async (trx) => {
      // Another process is within a step, and is killed: nobody waits for it, and nothing of it is left.
      await sql`SELECT FROM replays WHERE id = ${id} FOR UPDATE`.execute(trx);
      expect(await steps.step(id)).toEqual({ madeDue: 0, goOn: false });
      throw new Error('killed');
    })
    .catch(() => undefined);
  let sum = 0;
  for (let round = 0; round < 100 && (await now(id)).status === 'running'; round += 1) {
    await passTime(id, 1);
    const taken = await Promise.all(Array.from({ length: 8 }, () => steps.step(id)));
    sum += taken.reduce((all, { madeDue }) => all + madeDue, 0);
    await deliver();
  }
  expect(sum).toBe(300);
  expect(await now(id)).toMatchObject({ status: 'done', made_due: 300, outcome: { delivered: 300 } });
});

test('what may not be passed on any more is left out and counted, also when it is silenced in that moment', async () => {
  const ids = await past(['failed', 'failed', 'failed']);
  const [first, second] = await Promise.all(ids.map((id) => deliveries.get(id)));
  const silence = (eventId = '') =>
    sql`UPDATE events SET quiet_reason = 'rights: withdrawn' WHERE id = ${eventId}`.execute(store.database.db);
  await silence(first?.event_id);
  expect(await replays.count(asked())).toMatchObject({ toSend: 2, leftOut: 1 });
  const { id } = await begin();
  let step: Promise<unknown> = Promise.resolve();
  await store.database.transaction(async (trx) => {
    await sql`UPDATE events SET quiet_reason = 'rights: withdrawn' WHERE id = ${second?.event_id}`.execute(trx);
    step = steps.step(id);
    await until('the step waits for who silences', async () => {
      const { rows } = await sql`SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'`.execute(store.database.db);
      return rows.length > 0;
    });
  });
  await step;
  expect(await now(id)).toMatchObject({ made_due: 1, left_out: 2 });
  expect(await statusesOf(ids)).toEqual(['failed', 'failed', 'pending']);
});

test('to another address a copy of the endpoint is made that nobody sees, and the history stays as it is', async () => {
  const ids = await past(['delivered', 'failed', 'pending']);
  const replay = await begin({ onlyFailed: false, url: 'https://staging.partner.example/' });
  expect(replay.total).toBe(3);
  expect((await endpoints.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([endpointId]);
  expect(await endpoints.get(replay.target_id)).toBeUndefined();
  await steps.step(replay.id);
  expect(await statusesOf(ids)).toEqual(['delivered', 'failed', 'pending']);
  const { items } = await deliveries.list({ limit: 10, replayId: replay.id });
  const originals = await Promise.all(ids.map((id) => deliveries.get(id)));
  expect(items.map((one) => one.webhook_id).sort()).toEqual(originals.map((one) => one?.webhook_id).sort());
  expect(items.every((one) => one.endpoint_id === replay.target_id && one.status === 'pending')).toBe(true);
  expect(await runToEnd(replay.id)).toMatchObject({ status: 'done', outcome: { delivered: 3 } });
  await sql`UPDATE endpoints SET created_at = created_at - interval '1 hour'`.execute(store.database.db);
  await steps.tidy();
  const left = await store.database.db.selectFrom('endpoints').select('id').execute();
  expect(left).toEqual([{ id: endpointId }]);
});

test('a new key is the key of a replay to another address too, and one that ends at once ends there as well', async () => {
  const config = testConfig(store.url);
  const keys = new EndpointKeyRepository(store.database, config);
  await past(['failed']);
  const { target_id: copyId } = await begin({ url: 'https://staging.partner.example/' });
  const keysOf = async (id: string) => {
    const row = await store.database.db
      .selectFrom('endpoints')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const boxes = new EndpointBoxes(config.secretKey, id);
    return {
      key: boxes.openKey(row.secret_sealed),
      former: boxes.openFormerKeys(row.former_keys_sealed),
      formerUntil: row.former_keys_until,
      signing: row.signing,
      publicKey: row.public_key,
    };
  };
  const leaked = (await keysOf(endpointId)).key;
  await keys.rotate(endpointId, { overlapSeconds: 3_600, signing: 'ed25519', by: 'a test' });
  const overlapping = await keysOf(copyId);
  expect(overlapping).toEqual(await keysOf(endpointId));
  expect(overlapping).toMatchObject({ signing: 'ed25519', former: [{ key: leaked }] });
  await keys.rotate(endpointId, { overlapSeconds: 0, by: 'a test' });
  const ended = await keysOf(copyId);
  expect(ended).toEqual(await keysOf(endpointId));
  expect(ended).toMatchObject({ former: [], formerUntil: null });
  expect([leaked, overlapping.key]).not.toContain(ended.key);
});

test('one replay an endpoint is under way; stopping ends it, as disabling the endpoint does', async () => {
  await past(Array.from({ length: 30 }, () => 'failed' as const));
  const { id } = await begin({ ratePerMinute: 60, url: 'https://staging.partner.example/' });
  expect(await replays.create(asked({ url: 'https://x.example/' }))).toEqual({ refused: 'under-way', id });
  await steps.step(id);
  expect(await replays.stop(endpointId, id, '127.0.0.1')).toMatchObject({
    status: 'stopped',
    status_reason: 'stopped by 127.0.0.1; cancelled what waited: 1',
  });
  expect(await steps.step(id)).toEqual({ madeDue: 0, goOn: false });
  const copies = await store.database.db
    .selectFrom('endpoints')
    .select('id')
    .where('replay_of', 'is not', null)
    .execute();
  expect(copies).toEqual([]);
  const next = await begin({ ratePerMinute: 60 });
  await endpoints.update(endpointId, { status: 'disabled' });
  await steps.step(next.id);
  expect(await now(next.id)).toMatchObject({
    status: 'stopped',
    status_reason: 'the endpoint is disabled: disabled by an operator',
  });
  expect(await replays.create(asked())).toEqual({ refused: 'endpoint-away' });
  expect((await replays.list(endpointId, { limit: 10 })).map((one) => one.id)).toEqual([next.id, id]);
});

test('one to an address that is gone says that, and not that the endpoint is disabled', async () => {
  await past(['failed']);
  const { id, target_id: copyId } = await begin({ onlyFailed: false, url: 'https://staging.partner.example/' });
  await sql`UPDATE endpoints SET status = 'disabled', status_reason = 'answered 410 (gone): the endpoint is disabled'
    WHERE id = ${copyId}`.execute(store.database.db);
  await steps.step(id);
  expect(await now(id)).toMatchObject({
    status: 'stopped',
    status_reason: 'nothing more is sent to the other address: answered 410 (gone)',
  });
});

describe('of a disabled endpoint', () => {
  const url = 'https://staging.partner.example/';
  const copies = () =>
    store.database.db.selectFrom('endpoints').select('id').where('replay_of', 'is not', null).execute();

  test('no replay goes on, to no address, and none begins', async () => {
    await past(Array.from({ length: 30 }, () => 'failed' as const));
    const { id } = await begin({ ratePerMinute: 60, url });
    await steps.step(id);
    await endpoints.update(endpointId, { status: 'disabled' });
    await passTime(id, 10);
    expect(await steps.step(id)).toEqual({ madeDue: 0, goOn: false });
    expect(await now(id)).toMatchObject({
      status: 'stopped',
      status_reason: 'the endpoint is disabled: disabled by an operator',
    });
    // With its copy goes what waits there.
    expect(await copies()).toEqual([]);
    expect(await replays.count(asked({ url }))).toEqual({ refused: 'endpoint-away' });
    expect(await replays.create(asked({ url }))).toEqual({ refused: 'endpoint-away' });
  });

  test('what a replay that is done tries again elsewhere ends too', async () => {
    await past(['failed', 'failed']);
    const { id } = await begin({ url });
    await tryInVain(id);
    await endpoints.update(endpointId, { status: 'disabled' });
    await steps.tidy();
    expect(await copies()).toEqual([]);
  });

  test('nothing is left of its replays once it is removed', async () => {
    await past(['failed', 'failed']);
    const { id } = await begin({ ratePerMinute: 60, url });
    await steps.step(id);
    await endpoints.remove(endpointId);
    expect(await steps.step(id)).toEqual({ madeDue: 0, goOn: false });
    expect(await copies()).toEqual([]);
  });
});

/** Runs to its end; all that it sent failed, and waits for the next attempt. */
async function tryInVain(id: string): Promise<void> {
  for (let round = 0; (await now(id)).status === 'running'; round += 1) {
    if (round > 20) throw new Error('it never ended');
    await passTime(id, 60);
    await steps.step(id);
    await sql`UPDATE deliveries SET attempts = 1, next_attempt_at = now() + interval '1 hour'
      WHERE replay_id = ${id} AND status = 'pending'`.execute(store.database.db);
  }
}

test('stopping one that is done ends what it still tries again, and says how many', async () => {
  const ids = await past(['failed', 'failed', 'failed']);
  const { id } = await begin();
  await tryInVain(id);
  await sql`UPDATE deliveries SET status = 'delivered' WHERE id = ${ids[0]}`.execute(store.database.db);
  expect(await now(id)).toMatchObject({ status: 'done', outcome: { delivered: 1, retrying: 2 } });
  expect(await replays.stop(endpointId, id, '127.0.0.1')).toMatchObject({
    status: 'stopped',
    status_reason: 'stopped by 127.0.0.1; cancelled what waited: 2',
    outcome: { delivered: 1, retrying: 0, cancelled: 2 },
  });
  expect(await statusesOf(ids)).toEqual(['delivered', 'cancelled', 'cancelled']);
  expect(await deliveries.get(ids[1] ?? '')).toMatchObject({
    status_reason: `replay ${id} was stopped by 127.0.0.1`,
    finished_at: expect.any(Date),
  });
  // Over, and nothing waits: it stays as it is.
  const stopped = await now(id);
  expect(await replays.stop(endpointId, id, 'somebody else')).toEqual(stopped);
});

test('stopping one gives back what waited for its next attempt before, and what somebody sent again by hand since', async () => {
  const [untouched = '', tried = '', ended = '', byHand = ''] = await past(['pending', 'pending', 'failed', 'failed']);
  const before = await deliveries.get(untouched);
  const { id } = await begin();
  await steps.step(id);
  // All but the first were tried, in vain.
  await sql`UPDATE deliveries SET attempts = attempts + 1, status_reason = 'answered 500', next_attempt_at = now() + interval '2 hours'
    WHERE id IN (${tried}, ${ended}, ${byHand})`.execute(store.database.db);
  await deliveries.retryNow(byHand);
  expect(await replays.stop(endpointId, id, '127.0.0.1')).toMatchObject({
    status_reason: 'stopped by 127.0.0.1; cancelled what waited: 1',
    outcome: { waiting: 0, retrying: 3, cancelled: 1 },
  });
  expect(await statusesOf([untouched, tried, ended, byHand])).toEqual(['pending', 'pending', 'cancelled', 'pending']);
  expect(await deliveries.get(untouched)).toMatchObject({
    attempts: 3,
    next_attempt_at: before?.next_attempt_at,
    status_reason: `waits for its next attempt, as before replay ${id}`,
  });
  expect(await deliveries.get(tried)).toMatchObject({ attempts: 4, status_reason: 'answered 500' });
  // Stopping it once more takes nothing of them.
  await replays.stop(endpointId, id, '127.0.0.1');
  expect(await statusesOf([untouched, tried, byHand])).toEqual(['pending', 'pending', 'pending']);
});

test('stopping one holds for what is in flight and due for the first time: its attempt is the last one', async () => {
  const attempts = new DeliveryAttemptRepository(store.database);
  const dispatch = new DeliveryDispatchRepository(store.database);
  const ids = await past(['failed', 'failed', 'failed', 'pending']);
  const [refused = '', lost = '', due = '', own = ''] = ids;
  const { id } = await begin();
  await steps.step(id);
  const lease = async (deliveryId: string) => {
    const token = uuidV7();
    await sql`UPDATE deliveries SET status = 'delivering', enqueued_at = now(), lease_token = ${token},
      lease_until = now() + interval '1 minute' WHERE id = ${deliveryId}`.execute(store.database.db);
    return token;
  };
  const refuse = async (deliveryId: string, token: string) => {
    const row = await deliveries.get(deliveryId);
    const attempt = {
      id: uuidV7(),
      startedAt: new Date(),
      durationMs: 1,
      httpStatus: 500,
      errorClass: null,
      error: null,
    };
    await attempts.settle([
      {
        ...{ eventId: row?.event_id ?? '', endpointId, token, status: 'pending', reason: 'answered 500' },
        nextAttemptAt: new Date(Date.now() + HOUR_MS),
        attempt: { ...attempt, responseExcerpt: null },
      },
    ]);
  };
  const tokens = { refused: await lease(refused), own: await lease(own) };
  await lease(lost);
  expect(await replays.stop(endpointId, id, '127.0.0.1')).toMatchObject({
    status: 'stopped',
    status_reason: 'stopped by 127.0.0.1',
  });
  expect(await statusesOf(ids)).toEqual(['delivering', 'delivering', 'pending', 'delivering']);
  await refuse(refused, tokens.refused);
  await refuse(own, tokens.own);
  await sql`UPDATE deliveries SET lease_until = now() - interval '1 minute' WHERE id = ${lost}`.execute(
    store.database.db,
  );
  await dispatch.releaseStale(60);
  await refuse(due, await lease(due));
  // What waited for its next attempt before the replay goes on waiting.
  expect(await statusesOf(ids)).toEqual(['cancelled', 'cancelled', 'cancelled', 'pending']);
  for (const ended of [refused, lost, due])
    expect(await deliveries.get(ended)).toMatchObject({
      status_reason: `replay ${id} was stopped by 127.0.0.1`,
      finished_at: expect.any(Date),
    });
  expect(await deliveries.get(own)).toMatchObject({ status_reason: 'answered 500' });
});

test('stopping one to another address that is done takes its copy away', async () => {
  await past(['failed', 'failed']);
  const { id, target_id } = await begin({ url: 'https://staging.partner.example/' });
  await tryInVain(id);
  expect(await replays.stop(endpointId, id, '127.0.0.1')).toMatchObject({
    status: 'stopped',
    outcome: { retrying: 0, cancelled: 2 },
  });
  expect(await store.database.db.selectFrom('endpoints').select('id').where('id', '=', target_id).execute()).toEqual(
    [],
  );
});

test('stopping one leaves what another has taken over', async () => {
  const ids = await past(['failed']);
  const { id } = await begin();
  await tryInVain(id);
  const second = await begin();
  await steps.step(second.id);
  expect(await replays.stop(endpointId, id, '127.0.0.1')).toMatchObject({ status: 'done' });
  expect(await statusesOf(ids)).toEqual(['pending']);
});

test('a span that begins before what is kept says so, and one that ends there is refused', async () => {
  await past(['failed']);
  const long = await replays.count(asked({ since: new Date('2020-01-01') }));
  expect(long).toMatchObject({ toSend: 1, nothingBefore: expect.any(Date) });
  expect(await replays.create(asked({ since: new Date('2020-01-01'), until: new Date('2020-02-01') }))).toEqual({
    refused: 'not-kept',
    keptSince: (long as { nothingBefore: Date }).nothingBefore,
  });
});
