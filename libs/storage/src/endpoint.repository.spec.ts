import { openSecret } from '#domain/secret-box.js';
import { testConfig } from '../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertEvents } from '../../../test/support/story-events.js';
import { EndpointHealthRepository } from './endpoint-health.repository.js';
import { EndpointRepository, type NewEndpoint } from './endpoint.repository.js';

let store: TestDatabase;
let endpoints: EndpointRepository;
let health: EndpointHealthRepository;
const { secretKey } = testConfig('postgres://unused/unused');
const NEW: NewEndpoint = {
  url: 'https://partner.example/hook',
  description: 'Partner',
  eventTypes: ['story.published'],
  filter: { languages: ['en'] },
  isDemo: false,
};

beforeAll(async () => {
  store = await testDatabase();
  endpoints = new EndpointRepository(store.database, testConfig(store.url));
  health = new EndpointHealthRepository(store.database);
});
afterAll(() => store.drop());

test('a new endpoint starts with the next event; its secret is answered once and kept sealed', async () => {
  await insertEvents(store.database, [{}, {}, {}]);
  const { endpoint, secret } = await endpoints.create(NEW);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/=]{44}$/);
  expect(endpoint).toMatchObject({ status: 'active', since_seq: 3, filter: { languages: ['en'] }, max_in_flight: 16 });
  const { secret_sealed } = await store.database.db
    .selectFrom('endpoints')
    .select('secret_sealed')
    .where('id', '=', endpoint.id)
    .executeTakeFirstOrThrow();
  expect(secret_sealed.includes((secret ?? '').slice(6))).toBe(false);
  expect(openSecret(secret_sealed, secretKey, endpoint.id)).toBe(secret);
  expect(await endpoints.get(endpoint.id)).toEqual(endpoint);
});

test('changes what is given and nothing else', async () => {
  const { endpoint } = await endpoints.create(NEW);
  expect(await endpoints.update(endpoint.id, { status: 'paused' })).toMatchObject({
    ...endpoint,
    status: 'paused',
    status_reason: 'paused by an operator',
    updated_at: expect.any(Date),
  });
  const changed = { url: 'https://other.example/', description: '', eventTypes: ['ping' as const], filter: {} };
  expect(await endpoints.update(endpoint.id, changed)).toMatchObject({
    url: 'https://other.example/',
    description: '',
    event_types: ['ping'],
    filter: {},
    status: 'paused',
  });
  expect(await endpoints.remove(endpoint.id)).toBe(true);
  expect(await endpoints.remove(endpoint.id)).toBe(false);
  expect(await endpoints.update(endpoint.id, { url: 'https://gone.example/' })).toBeUndefined();
});

test('lists newest first, page by page', async () => {
  for (let number = 0; number < 5; number += 1) await endpoints.create(NEW);
  const first = await endpoints.list({ limit: 3 });
  const second = await endpoints.list({ limit: 100, cursor: first.nextCursor ?? undefined });
  const ids = [...first.items, ...second.items].map((endpoint) => endpoint.id);
  expect(ids).toEqual([...ids].sort().reverse());
  expect(second.nextCursor).toBeNull();
  expect(JSON.stringify(first.items)).not.toContain('secret');
});

test('the end of the demo disables its endpoints only', async () => {
  const { endpoint: real } = await endpoints.create(NEW);
  const { endpoint: demo } = await endpoints.create({ ...NEW, isDemo: true });
  await endpoints.disableDemo();
  expect(await endpoints.get(real.id)).toMatchObject({ status: 'active' });
  expect(await endpoints.get(demo.id)).toMatchObject({ status: 'disabled', status_reason: 'the demo has ended' });
});

describe('health', () => {
  const saw = (endpointId: string, succeeded: boolean, goneReason: string | null = null) =>
    health.note([{ endpointId, succeeded, goneReason, failures: succeeded ? 0 : 1, lastFailure: null }], 5);
  const failingFor = (id: string, days: number) =>
    store.database.db
      .updateTable('endpoints')
      .set({ first_failure_at: new Date(Date.now() - days * 86_400_000) })
      .where('id', '=', id)
      .execute();

  test('remembers the first failure until the next success', async () => {
    const { endpoint } = await endpoints.create(NEW);
    await saw(endpoint.id, false);
    const failed = await endpoints.get(endpoint.id);
    expect(failed?.first_failure_at).toBeInstanceOf(Date);
    await saw(endpoint.id, false);
    expect((await endpoints.get(endpoint.id))?.first_failure_at).toEqual(failed?.first_failure_at);
    await saw(endpoint.id, true);
    expect(await endpoints.get(endpoint.id)).toMatchObject({
      first_failure_at: null,
      last_success_at: expect.any(Date),
    });
  });

  test('five days of failures disable, four do not, and making it active starts the count anew', async () => {
    const { endpoint } = await endpoints.create(NEW);
    await failingFor(endpoint.id, 4.9);
    expect(await saw(endpoint.id, false)).toEqual([]);
    await failingFor(endpoint.id, 5.1);
    expect(await saw(endpoint.id, false)).toMatchObject([{ id: endpoint.id, url: NEW.url }]);
    expect(await endpoints.get(endpoint.id)).toMatchObject({
      status: 'disabled',
      status_reason: 'no attempt has succeeded for 5 days',
    });
    await endpoints.update(endpoint.id, { status: 'active' });
    expect(await saw(endpoint.id, false)).toEqual([]);
    expect(await endpoints.get(endpoint.id)).toMatchObject({ status: 'active', status_reason: null });
  });

  test('a success after five days of failures keeps it', async () => {
    const { endpoint } = await endpoints.create(NEW);
    await failingFor(endpoint.id, 30);
    expect(await saw(endpoint.id, true)).toEqual([]);
    expect(await endpoints.get(endpoint.id)).toMatchObject({ status: 'active' });
  });

  test('"gone" disables at once, saying so', async () => {
    const { endpoint } = await endpoints.create(NEW);
    await saw(endpoint.id, false, 'answered 410 (gone): the endpoint is disabled');
    expect(await endpoints.get(endpoint.id)).toMatchObject({
      status: 'disabled',
      status_reason: expect.stringContaining('410'),
    });
  });

  test('many processes may note the same endpoints at once', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) ids.push((await endpoints.create(NEW)).endpoint.id);
    const notes = Array.from({ length: 40 }, (_, turn) =>
      health.note(
        (turn % 2 === 0 ? ids : [...ids].reverse()).map((endpointId) => ({
          endpointId,
          succeeded: turn % 3 === 0,
          failures: 1,
          lastFailure: null,
          goneReason: null,
        })),
        5,
      ),
    );
    await expect(Promise.all(notes)).resolves.toHaveLength(40);
  });
});
