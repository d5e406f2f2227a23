/** The room as a whole: events in, verified webhooks out, over real PostgreSQL, Redis and HTTP, to receivers good and bad. */
import { Webhook } from 'standardwebhooks';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { HostileReceiver } from '../../../../test/support/hostile-receiver.js';
import { storyBody } from '../../../../test/support/story-events.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { until } from '../../../../test/support/until.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { type AttemptRow, DeliveryRepository, type DeliveryRow } from '#storage/delivery.repository.js';
import { webhookBodySchema } from '#contracts/events.js';

let store: TestDatabase;
let room: WebhookRoom;
let receiver: HostileReceiver;
let deliveries: DeliveryRepository;
const DEADLINE_MS = 1_000;

beforeAll(async () => {
  store = await testDatabase();
  receiver = await HostileReceiver.start();
  room = await WebhookRoom.start(store, undefined, DEADLINE_MS);
  deliveries = new DeliveryRepository(store.database);
});
afterAll(async () => {
  await room.close();
  await receiver.close();
  await store.drop();
});
afterEach(async () => {
  await store.database.db.deleteFrom('endpoints').execute();
  receiver.seen.length = 0;
});

/** The endpoint's only delivery, once it has been attempted `times`. */
async function attempted(endpointId: string, times = 1): Promise<DeliveryRow & { tries: AttemptRow[] }> {
  return until(`${times} attempts`, async () => {
    const [delivery] = (await deliveries.list({ endpointId, limit: 1 })).items;
    if (delivery === undefined || delivery.status === 'delivering') return undefined;
    const tries = await deliveries.attempts(delivery.id);
    return tries.length >= times ? { ...delivery, tries } : undefined;
  });
}

/** Brings the next attempt forward, as time would. */
async function letTimePass(endpointId: string): Promise<void> {
  await store.database.db
    .updateTable('deliveries')
    .set({ next_attempt_at: new Date() })
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'pending')
    .execute();
}

test('a story is delivered once, signed, with the headers and the body that partners are promised', async () => {
  const { id, secret } = await room.endpoint(`${receiver.origin}/ok`);
  const story = storyBody({ title: 'Fähre “zurück” 漁港 🚢', content: '<p>Ü</p>' });
  await room.relay([{ story }]);
  const delivery = await attempted(id);
  expect(delivery).toMatchObject({ status: 'delivered', status_reason: null, attempts: 1, correlation_id: 'c_test' });
  const [request, ...more] = receiver.at('/ok');
  expect(more).toEqual([]);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': delivery.webhook_id,
    'user-agent': expect.stringMatching(/^Dateline \(\+http/),
  });
  const body: unknown = new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
  expect(webhookBodySchema.parse(body)).toEqual({
    type: 'story.published',
    schemaVersion: 1,
    timestamp: expect.any(String),
    data: { story },
  });
  expect(delivery.tries).toMatchObject([{ number: 1, http_status: 204, error_class: null, response_excerpt: null }]);
});

test.each([
  ['an error', '/error', { http_status: 500, response_excerpt: Buffer.from('it broke') }, 'answered 500'],
  ['a redirect', '/redirect', { http_status: 307 }, 'answered 307: redirects are not followed'],
  ['a reset', '/reset', { http_status: null, error_class: 'reset' }, expect.stringContaining('closed the connection')],
  ['no answer', '/hang', { error_class: 'timeout' }, expect.stringContaining('no complete answer within')],
  ['a drip of bytes', '/drip', { error_class: 'timeout' }, expect.stringContaining('no complete answer within')],
])('%s is a failure that waits for its next attempt', async (_what, path, tried, reason) => {
  const { id } = await room.endpoint(`${receiver.origin}${path}`);
  await room.relay([{}]);
  const elapsed = startStopwatch();
  const delivery = await attempted(id);
  expect(elapsed()).toBeLessThan(DEADLINE_MS * 10);
  expect(delivery).toMatchObject({ status: 'pending', attempts: 1, status_reason: reason, tries: [tried] });
  const [{ started_at: startedAt, duration_ms: tookMs }] = delivery.tries as [AttemptRow];
  const wait = delivery.next_attempt_at.getTime() - startedAt.getTime() - tookMs;
  expect(wait).toBeGreaterThan(3_000);
  expect(wait).toBeLessThan(20_000);
  expect(receiver.at('/trap')).toEqual([]);
  await until('the endpoint is seen failing', async () => (await room.endpoints.get(id))?.first_failure_at !== null);
});

test.each(['/endless', '/ok-with-body'])('of a long answer (%s) the first 16 KiB are kept', async (path) => {
  const { id } = await room.endpoint(`${receiver.origin}${path}`);
  await room.relay([{}]);
  const delivery = await attempted(id);
  expect(delivery).toMatchObject({ status: 'delivered' });
  expect(delivery.tries[0]?.response_excerpt?.length).toBe(16_384);
});

test('an address that must not be reached is refused, with the reason in the attempt', async () => {
  const { id } = await room.endpoint('http://169.254.169.254/latest/meta-data');
  await room.relay([{}]);
  const delivery = await attempted(id);
  expect(delivery).toMatchObject({ status: 'pending', tries: [{ http_status: null, error_class: 'blocked' }] });
  expect(delivery.tries[0]?.error).toContain('169.254.169.254');
});

test('every attempt has the same webhook-id and the same bytes, and a signature of its own time', async () => {
  const { id, secret } = await room.endpoint(`${receiver.origin}/second-time`);
  await room.relay([{}]);
  expect(await attempted(id)).toMatchObject({ status: 'pending', status_reason: 'answered 503' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await letTimePass(id);
  expect(await attempted(id, 2)).toMatchObject({ status: 'delivered', attempts: 2 });
  const [first, second] = receiver.at('/second-time');
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
  for (const request of [first, second])
    new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
  await until('the endpoint is seen working', async () => {
    const endpoint = await room.endpoints.get(id);
    return endpoint?.first_failure_at === null && endpoint.last_success_at !== null;
  });
});

test('Retry-After of a busy receiver is honoured', async () => {
  const { id } = await room.endpoint(`${receiver.origin}/busy`);
  await room.relay([{}]);
  const { next_attempt_at } = await attempted(id);
  expect(next_attempt_at.getTime() - Date.now()).toBeGreaterThan(3_590_000);
});

test('410 disables the endpoint; what waits for it is cancelled', async () => {
  const { id } = await room.endpoint(`${receiver.origin}/gone`);
  await room.relay(Array.from({ length: 40 }, () => ({})));
  await until('nothing is open', async () => {
    const { items } = await deliveries.list({ endpointId: id, limit: 100 });
    return items.length === 40 && items.every((one) => one.status === 'failed' || one.status === 'cancelled');
  });
  expect(await room.endpoints.get(id)).toMatchObject({
    status: 'disabled',
    status_reason: 'answered 410 (gone): the endpoint is disabled',
  });
  const { items } = await deliveries.list({ endpointId: id, limit: 100, status: 'cancelled' });
  expect(items.length).toBeGreaterThan(0);
  expect(items[0]?.status_reason).toContain('410');
  await room.relay([{}]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await deliveries.list({ endpointId: id, limit: 100 })).items).toHaveLength(40);
});

test('a paused endpoint collects, and gets everything when it goes on', async () => {
  const { id } = await room.endpoint(`${receiver.origin}/ok`);
  await room.endpoints.update(id, { status: 'paused' });
  await room.relay([{}, {}, {}]);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(receiver.at('/ok')).toEqual([]);
  await room.endpoints.update(id, { status: 'active' });
  await until('all came', () => receiver.at('/ok').length === 3);
});

test('the last failure ends a delivery', async () => {
  const { id } = await room.endpoint(`${receiver.origin}/error`);
  await room.relay([{}]);
  await attempted(id);
  await store.database.db.updateTable('deliveries').set({ attempts: 10 }).where('endpoint_id', '=', id).execute();
  await letTimePass(id);
  expect(await attempted(id, 2)).toMatchObject({
    status: 'failed',
    status_reason: 'answered 500; given up after 11 attempts',
    finished_at: expect.any(Date),
  });
});

test('endpoints that hang, fail and reset cost the others nothing', async () => {
  const bad = ['/hang', '/drip', '/reset', '/error', '/redirect'];
  for (const path of bad) await room.endpoint(`${receiver.origin}${path}`);
  await room.endpoint(`${receiver.origin}/ok`);
  await room.relay(Array.from({ length: 100 }, () => ({})));
  // By id: on a machine that is busy elsewhere a lease may run out, and one comes twice.
  const told = () => new Set(receiver.at('/ok').map(({ headers }) => headers['webhook-id']));
  await until('the good one has all', () => told().size === 100);
  // It did not wait for its neighbours, which are far from through with theirs.
  expect(receiver.at('/hang').length).toBeLessThan(100);
  expect(receiver.at('/drip').length).toBeLessThan(100);
});
