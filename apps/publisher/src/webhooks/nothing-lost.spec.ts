/** Two publishers, duplicate jobs, a flushed and a stopped Redis, a cut Postgres: every event reaches every endpoint, under one name. */
import { Webhook } from 'standardwebhooks';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { HostileReceiver } from '../../../../test/support/hostile-receiver.js';
import { RedisProcess } from '../../../../test/support/redis-process.js';
import { insertEvents } from '../../../../test/support/story-events.js';
import { TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { until } from '../../../../test/support/until.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { uuidV7 } from '#storage/uuid.js';
import { webhookId } from '#domain/webhook-id.js';

let store: TestDatabase;
let redis: RedisProcess;
let postgres: TcpProxy;
let receiver: HostileReceiver;
let rooms: WebhookRoom[];

beforeAll(async () => {
  [store, redis, receiver] = await Promise.all([testDatabase(), RedisProcess.start(), HostileReceiver.start()]);
  const url = new URL(store.url);
  postgres = await TcpProxy.to(url.hostname, Number(url.port || 5432));
  url.hostname = '127.0.0.1';
  url.port = String(postgres.port);
  const config = testConfig(url.href, { redisUrl: redis.url });
  // The deadline of real life: a starved machine must not turn into failed attempts.
  rooms = [await WebhookRoom.start(store, config, 15_000), await WebhookRoom.start(store, config, 15_000)];
});
afterAll(async () => {
  await Promise.all(rooms.map((room) => room.close()));
  await postgres.close();
  await redis.close();
  await receiver.close();
  await store.drop();
});
beforeEach(async () => {
  await store.database.db.deleteFrom('endpoints').execute();
  receiver.seen.length = 0;
});

function publisher(turn: number): WebhookRoom {
  return rooms[turn % rooms.length] as WebhookRoom;
}

/** Makes three endpoints; `verify` holds what they got against what happened. */
async function threeEndpoints() {
  const endpoints: { id: string; secret: string }[] = [];
  for (let number = 0; number < 3; number += 1)
    endpoints.push(await publisher(0).endpoint(`${receiver.origin}/ok?endpoint=${number}`));
  return {
    allCame: (eventIds: string[]) =>
      until('every event came to every endpoint', () => names().size >= eventIds.length * 3),
    verify: async (eventIds: string[]) => {
      const expected = eventIds.flatMap((eventId) => endpoints.map(({ id }) => webhookId(eventId, id)));
      expect([...names()].sort()).toEqual(expected.sort());
      await until('all is written down', async () => {
        const rows = await store.database.db
          .selectFrom('deliveries')
          .select(['status', 'lease_token', 'enqueued_at'])
          .where('event_id', 'in', eventIds)
          .execute();
        return (
          rows.length === expected.length &&
          rows.every((row) => row.status === 'delivered' && row.lease_token === null && row.enqueued_at === null)
        );
      });
      const secrets = endpoints.map(({ secret }) => new Webhook(secret));
      for (const { body, headers } of receiver.seen)
        expect(secrets.some((secret) => verifies(secret, body, headers as Record<string, string>))).toBe(true);
    },
  };
}

function names(): Set<string> {
  return new Set(receiver.seen.map((request) => String(request.headers['webhook-id'])));
}

function verifies(secret: Webhook, body: string, headers: Record<string, string>): boolean {
  try {
    secret.verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

test('two publishers and every job threefold: each delivery is attempted exactly once', async () => {
  const { allCame, verify } = await threeEndpoints();
  const eventIds = await insertEvents(
    store.database,
    Array.from({ length: 150 }, () => ({})),
  );
  const chunks = Array.from({ length: 15 }, (_, index) => eventIds.slice(index * 10, index * 10 + 10));
  await Promise.all([0, 1, 2].flatMap((copy) => chunks.map((chunk, turn) => publisher(turn + copy).publish(chunk))));
  await allCame(eventIds);
  await verify(eventIds);
  const { tries } = await store.database.db
    .selectFrom('attempts')
    .select(({ fn }) => fn.countAll<number>().as('tries'))
    .where('event_id', 'in', eventIds)
    .executeTakeFirstOrThrow();
  expect(Number(tries)).toBe(450);
});

test('FLUSHALL while deliveries are under way loses none', async () => {
  const { allCame, verify } = await threeEndpoints();
  const eventIds: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    eventIds.push(...(await insertEvents(store.database, [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}])));
    await publisher(turn).publish(eventIds.slice(-10));
    await until('they are fanned out', async () => (await unfanned(eventIds)) === 0);
    await redis.flush();
  }
  await allCame(eventIds);
  await verify(eventIds);
});

test('Redis away for three seconds loses none', async () => {
  const { allCame, verify } = await threeEndpoints();
  const eventIds = await insertEvents(
    store.database,
    Array.from({ length: 100 }, () => ({})),
  );
  await publisher(0).publish(eventIds);
  await until('they are fanned out', async () => (await unfanned(eventIds)) === 0);
  await redis.halt();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await redis.run();
  await allCame(eventIds);
  await verify(eventIds);
});

test('cut connections to Postgres lose none', async () => {
  const { allCame, verify } = await threeEndpoints();
  const eventIds = await insertEvents(
    store.database,
    Array.from({ length: 100 }, () => ({})),
  );
  await publisher(0).publish(eventIds);
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    postgres.cut();
    await new Promise((resolve) => setTimeout(resolve, 300));
    postgres.restore();
  }
  await allCame(eventIds);
  await verify(eventIds);
});

test('a worker that died with its leases: others send again under the same name', async () => {
  const { allCame, verify } = await threeEndpoints();
  const eventIds = await insertEvents(store.database, [{}, {}, {}, {}, {}]);
  await store.database.db.updateTable('endpoints').set({ status: 'paused' }).execute();
  await publisher(0).publish(eventIds);
  await until('they are fanned out', async () => (await unfanned(eventIds)) === 0);
  const soon = new Date(Date.now() + 2_000);
  await store.database.db
    .updateTable('deliveries')
    .set({ status: 'delivering', generation: 1, enqueued_at: new Date(), lease_token: uuidV7(), lease_until: soon })
    .where('event_id', 'in', eventIds)
    .execute();
  await store.database.db.updateTable('endpoints').set({ status: 'active' }).execute();
  await until('the leases nearly end', () => Date.now() > soon.getTime() - 300);
  expect(receiver.seen).toEqual([]);
  await allCame(eventIds);
  await verify(eventIds);
});

async function unfanned(eventIds: string[]): Promise<number> {
  const rows = await store.database.db
    .selectFrom('events')
    .select('id')
    .where('id', 'in', eventIds)
    .where('fanned_out_at', 'is', null)
    .execute();
  return rows.length;
}
