/** Order survives everything: two publishers, duplicate jobs, failures, a flushed Redis, a publisher that dies in the middle. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { RedisProcess } from '../../../../test/support/redis-process.js';
import { insertEvents, storyBody } from '../../../../test/support/story-events.js';
import { until } from '../../../../test/support/until.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { DeliveryAttemptRepository } from '#storage/delivery-attempt.repository.js';
import { DeliveryDispatchRepository } from '#storage/delivery-dispatch.repository.js';

let store: TestDatabase;
let redis: RedisProcess;
let rooms: WebhookRoom[];
let server: Server;
/** What came, with what was answered. */
let seen: { endpoint: string; title: string; ok: boolean }[];
let answer: (endpoint: string, title: string) => number;

beforeAll(async () => {
  [store, redis] = await Promise.all([testDatabase(), RedisProcess.start()]);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { data: { story: { title: string } } };
      const endpoint = request.url ?? '';
      const status = answer(endpoint, data.story.title);
      seen.push({ endpoint, title: data.story.title, ok: status < 300 });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = testConfig(store.url, { redisUrl: redis.url });
  rooms = [await WebhookRoom.start(store, config, 5_000), await WebhookRoom.start(store, config, 5_000)];
});
afterAll(async () => {
  await Promise.all(rooms.map((room) => room.close()));
  server.closeAllConnections();
  server.close();
  await redis.close();
  await store.drop();
});
beforeEach(() => {
  seen = [];
});

const room = (turn: number): WebhookRoom => rooms[turn % rooms.length] as WebhookRoom;
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
/** Stories named 1, 2, 3, … in the order of their events. */
const news = (first: number, number: number): Promise<string[]> =>
  insertEvents(
    store.database,
    Array.from({ length: number }, (_, index) => ({ story: storyBody({ title: String(first + index) }) })),
  );
/** Brings waiting attempts forward and open circuits to their end, as time would. */
async function letTimePass(): Promise<void> {
  await sql`UPDATE deliveries SET next_attempt_at = now() WHERE status = 'pending' AND next_attempt_at > now()`.execute(
    store.database.db,
  );
  await sql`UPDATE endpoints SET circuit_until = now() WHERE circuit_until > now()`.execute(store.database.db);
}

/** Leaves what a publisher leaves that was killed with deliveries in its hands: claims that nobody ends. */
async function takeAndDie(): Promise<void> {
  const claim = await new DeliveryDispatchRepository(store.database).claimDue({
    ...{ batch: 500, inFlight: 2_000, inFlightOfSuspects: 500, inFlightWhileFailing: 4 },
  });
  if (claim === 'busy' || claim.claimed.length === 0) return;
  const half = claim.claimed.filter((_, index) => index % 2 === 0);
  await new DeliveryAttemptRepository(store.database).lease(
    half.map(({ eventId, endpointId, generation }) => ({ eventId, endpointId, generation, token: randomUUID() })),
    1,
  );
}

test('every event comes in order, one by one, through failures, flushes and deaths', async () => {
  const EVENTS = 60;
  const ordered = await Promise.all([0, 1, 2].map((turn) => room(turn).endpoint(`${origin()}/ordered-${turn}`)));
  for (const { id } of ordered) await room(0).endpoints.update(id, { ordered: true });
  await room(0).endpoint(`${origin()}/free`);
  let turn = 0;
  // Three in ten fail.
  answer = () => (turn++ % 10 < 3 ? 500 : 204);
  const eventIds: string[] = [];
  for (let start = 0; start < EVENTS; start += 10) {
    const chunk = await news(start + 1, 10);
    eventIds.push(...chunk);
    // The later half is fanned out first, and every job comes twice.
    for (const half of [chunk.slice(5), chunk.slice(0, 5), chunk.slice(5)]) await room(start / 10).publish(half);
    await redis.flush();
    await letTimePass();
    await takeAndDie();
  }
  // Jobs of fan-outs that the flush took: the relay would send them again.
  await room(1).publish(eventIds);
  const died = rooms.shift();
  await died?.close();
  rooms.push(await WebhookRoom.start(store, testConfig(store.url, { redisUrl: redis.url }), 5_000));
  const arrived = (endpoint: string) =>
    seen.filter((one) => one.endpoint === endpoint && one.ok).map(({ title }) => title);
  await until('everything has arrived everywhere', async () => {
    await letTimePass();
    return ['/ordered-0', '/ordered-1', '/ordered-2', '/free'].every(
      (endpoint) => new Set(arrived(endpoint)).size === EVENTS,
    );
  });
  const expected = Array.from({ length: EVENTS }, (_, index) => String(index + 1));
  for (const endpoint of ['/ordered-0', '/ordered-1', '/ordered-2']) {
    // Attempts too: none was made of an event while one before it was not through.
    const attempts = seen.filter((one) => one.endpoint === endpoint).map(({ title }) => Number(title));
    expect(attempts).toEqual([...attempts].sort((a, b) => a - b));
    // At least once: an answer that a death kept from being written comes again, before the next event.
    expect([...new Set(arrived(endpoint))]).toEqual(expected);
  }
});

test('a failing event holds the endpoint up until it fails for good', async () => {
  const { id } = await room(0).endpoint(`${origin()}/held`);
  await room(0).endpoints.update(id, { ordered: true });
  answer = (endpoint, title) => (endpoint === '/held' && title === '102' ? 500 : 204);
  await room(0).publish(await news(101, 3));
  const held = () => seen.filter(({ endpoint }) => endpoint === '/held').map(({ title }) => title);
  await until('the third one came', async () => {
    await letTimePass();
    return held().at(-1) === '103';
  });
  // Eleven attempts are all that one gets.
  expect(held()).toEqual(['101', ...Array<string>(11).fill('102'), '103']);
});
