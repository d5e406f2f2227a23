/** Replays from end to end: two publishers, one killed, Redis flushed; to the endpoint and to another address. */
import { Webhook } from 'standardwebhooks';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { HostileReceiver } from '../../../../test/support/hostile-receiver.js';
import { RedisProcess } from '../../../../test/support/redis-process.js';
import { until } from '../../../../test/support/until.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { DeliveryRepository } from '#storage/delivery.repository.js';
import { type NewReplay, ReplayRepository, type ReplayRow } from '#storage/replay.repository.js';

let store: TestDatabase;
let redis: RedisProcess;
let receiver: HostileReceiver;
let other: HostileReceiver;
let rooms: WebhookRoom[];
let replays: ReplayRepository;
let deliveries: DeliveryRepository;

beforeAll(async () => {
  [store, redis] = await Promise.all([testDatabase(), RedisProcess.start()]);
  [receiver, other] = await Promise.all([HostileReceiver.start(), HostileReceiver.start()]);
  const config = testConfig(store.url, { redisUrl: redis.url });
  rooms = [await WebhookRoom.start(store, config, 15_000), await WebhookRoom.start(store, config, 15_000)];
  replays = new ReplayRepository(store.database, config);
  deliveries = new DeliveryRepository(store.database);
});
afterAll(async () => {
  await Promise.all(rooms.map((room) => room.close()));
  await redis.close();
  await Promise.all([receiver.close(), other.close()]);
  await store.drop();
});

async function begin(endpointId: string, overrides: Partial<NewReplay> = {}): Promise<ReplayRow> {
  const replay = await replays.create({
    endpointId,
    since: new Date(Date.now() - 3_600_000),
    until: new Date(),
    onlyFailed: false,
    types: null,
    url: null,
    ratePerMinute: 6_000,
    requestedBy: 'a test',
    ...overrides,
  });
  if ('refused' in replay) throw new Error(replay.refused);
  return replay;
}

/** An endpoint to which `events` were delivered. */
async function told(events: number, path = '/ok') {
  const endpoint = await (rooms[0] as WebhookRoom).endpoint(`${receiver.origin}${path}`);
  await (rooms[0] as WebhookRoom).relay(Array.from({ length: events }, () => ({})));
  await until('all were delivered', async () => (await delivered(endpoint.id)) === events);
  return endpoint;
}

async function delivered(endpointId: string): Promise<number> {
  const { items } = await deliveries.list({ endpointId, status: 'delivered', limit: 500 });
  return items.length;
}

const over = (endpointId: string, id: string) =>
  until('the replay is over', async () => {
    const replay = await replays.get(endpointId, id);
    return replay !== undefined && replay.status !== 'running' ? replay : undefined;
  });

test('everything comes again under its old name, to another address signed with the same secret, and to an address that is refused never', async () => {
  const { id, secret } = await told(3);
  const elsewhere = await begin(id, { url: `${other.origin}/ok` });
  expect(await over(id, elsewhere.id)).toMatchObject({ status: 'done', made_due: 3, outcome: { delivered: 3 } });
  const copies = other.seen;
  expect(copies.map((one) => one.headers['webhook-id']).sort()).toEqual(
    receiver.seen.map((one) => one.headers['webhook-id']).sort(),
  );
  for (const { body, headers } of copies)
    expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
  expect(receiver.seen).toHaveLength(3);

  const refused = await begin(id, { url: 'http://169.254.169.254/latest/meta-data' });
  const [attempt] = await until('the address was refused', async () => {
    const [delivery] = (await deliveries.list({ replayId: refused.id, limit: 1 })).items;
    const tries = delivery === undefined ? [] : await deliveries.attempts(delivery.id);
    return tries.length > 0 && tries;
  });
  expect(attempt).toMatchObject({ http_status: null, error_class: 'blocked' });
  // Each was tried once; what waits for its next attempt there is cancelled with the copy, and the endpoint is healthy.
  await until('it was tried', async () => (await replays.get(id, refused.id))?.status === 'done');
  expect((await (rooms[0] as WebhookRoom).endpoints.get(id))?.first_failure_at).toBeNull();
});

test('a replay goes on through a flushed Redis and the end of a publisher, and sends each once', async () => {
  // The other test's endpoint hears of these events as well, at its own path.
  const { id } = await told(60, '/ok-with-body');
  receiver.seen.length = 0;
  const replay = await begin(id, { ratePerMinute: 3_000 });
  await until('some came again', () => receiver.at('/ok-with-body').length > 5);
  await redis.flush();
  await until('more came again', () => receiver.at('/ok-with-body').length > 20);
  await rooms.pop()?.close();
  expect(await over(id, replay.id)).toMatchObject({ status: 'done', made_due: 60, outcome: { delivered: 60 } });
  const names = receiver.at('/ok-with-body').map((one) => String(one.headers['webhook-id']));
  expect(new Set(names).size).toBe(60);
});
