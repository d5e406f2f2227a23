/** Settings, keys and pings of endpoints in the API, and what a partner's token opens: its own, and nothing else. */
import { sql } from 'kysely';
import { AccessTokenRepository } from '#storage/access-token.repository.js';
import { EndpointBoxes } from '#domain/endpoint-boxes.js';
import { seedDelivery, seedStory } from '../../../../test/support/story-seed.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { PARTNER_ROUTES } from '../auth/partner-routes.js';
import { createdEndpointSchema, endpointSchema } from './endpoints.schemas.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

const NOBODY = '019a0000-0000-7000-8000-000000000001';
const add = (body: object) => hub.api('POST', '/endpoints', { url: 'https://p.example/hook', ...body });
const partner = async (name: string) => (await hub.api('POST', '/partners', { name })).body.id as string;

async function asked(token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${hub.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const text = await response.text();

  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

it('takes every setting, shows it again, and of headers only the names', async () => {
  const partnerId = await partner('Settled Press');
  const settings = {
    bodyForm: 'thin',
    rateLimitPerMinute: 30,
    ordered: true,
    partnerId,
    events: ['endpoint.disabled'],
  };
  const made = await add({
    ...settings,
    headers: { 'X-Api-Key': 'k3y', authorization: 'Bearer t0ken' },
    status: 'paused',
  });
  expect([made.status, createdEndpointSchema.parse(made.body)]).toEqual([201, made.body]);
  expect(made.body).toMatchObject({
    ...settings,
    status: 'paused',
    headers: ['authorization', 'x-api-key'],
    signing: 'hmac',
  });
  const { id } = made.body;
  const patched = await hub.api('PATCH', `/endpoints/${id}`, {
    headers: { 'x-api-key': null, 'x-b': 'b' },
    rateLimitPerMinute: null,
    partnerId: null,
  });
  expect(patched.body).toMatchObject({ headers: ['authorization', 'x-b'], rateLimitPerMinute: null, partnerId: null });
  expect(JSON.stringify((await hub.api('GET', '/endpoints')).body)).not.toMatch(/k3y|t0ken|whsec_/);
  const row = await hub.database.db.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const boxes = new EndpointBoxes(hub.config.secretKey, String(id));
  expect(boxes.openHeaders(row.headers_sealed)).toEqual({ authorization: 'Bearer t0ken', 'x-b': 'b' });
  // A box of another endpoint, or of another place, does not open.
  expect(() => boxes.openFormerKeys(row.headers_sealed)).toThrow();
  expect(() => new EndpointBoxes(hub.config.secretKey, NOBODY).openHeaders(row.headers_sealed)).toThrow();
});

it.each([
  [{ headers: { Host: 'a' } }, 'headers.Host: is a header that the hub or the connection sets itself'],
  [{ headers: { 'webhook-id': 'a' } }, 'headers.webhook-id: is a header that the hub'],
  [{ headers: { 'x-a': 'a\r\nhost: b' } }, 'headers.x-a: must be visible ASCII'],
  [{ headers: { 'X-A': 'a', 'x-a': 'b' } }, 'names the same header twice'],
  [{ headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, 'v'])) }, 'at most 20 headers'],
  [{ rateLimitPerMinute: 0 }, 'rateLimitPerMinute'],
  [{ bodyForm: 'slim' }, 'bodyForm: must be one of full, thin'],
  [{ signing: 'rsa' }, 'signing: must be one of hmac, ed25519'],
  [{ partnerId: NOBODY }, 'partnerId: there is no such partner'],
])('refuses %j and says why', async (settings, detail) => {
  const { status, body } = await add(settings);
  expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)]);
});

it('refuses a change that would leave too many headers', async () => {
  const twelve = (letter: string) => Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`x-${letter}${n}`, 'v']));
  const { body } = await add({ headers: twelve('a') });
  const { status, body: problem } = await hub.api('PATCH', `/endpoints/${body.id}`, { headers: twelve('b') });
  expect([status, problem.detail]).toEqual([400, 'headers: at most 20 headers']);
});

it('rotates to a new key, of another kind too, and lists that', async () => {
  const { id, secret } = (await add({})).body;
  const rotated = await hub.api('POST', `/endpoints/${id}/rotate`);
  expect(rotated.status).toBe(201);
  expect(rotated.body).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
    publicKey: null,
    rotatedBy: 'an operator',
  });
  expect(rotated.body.secret).not.toBe(secret);
  expect(Date.parse(rotated.body.formerUntil as string) - Date.now()).toBeGreaterThan(86_300_000);
  const other = await hub.api('POST', `/endpoints/${id}/rotate`, { signing: 'ed25519', overlapSeconds: 0 });
  expect(other.body).toMatchObject({ secret: null, publicKey: expect.stringMatching(/^whpk_/), signing: 'ed25519' });
  const shown = (await hub.api('GET', `/endpoints/${id}`)).body;
  expect(endpointSchema.parse(shown)).toMatchObject({ publicKey: other.body.publicKey, formerKeysUntil: null });
  const list = (await hub.api('GET', `/endpoints/${id}/rotations`)).body;
  expect(list.items).toMatchObject([{ signing: 'ed25519' }, { signing: 'hmac' }]);
  expect(JSON.stringify(list)).not.toMatch(/whsec_|whsk_/);
  expect((await add({ signing: 'ed25519' })).body).toMatchObject({
    secret: null,
    publicKey: expect.stringMatching(/^whpk_/),
  });
});

describe('after SECRET_KEY was lost', () => {
  const lost = new EndpointBoxes(Buffer.alloc(32, 7), NOBODY).sealKey('lost');
  const withLost = async () => {
    const { id } = (await add({ headers: { authorization: 'Bearer t0ken', 'x-a': 'a' } })).body as { id: string };
    await sql`UPDATE endpoints SET secret_sealed = ${lost}, headers_sealed = ${lost} WHERE id = ${id}`.execute(
      hub.database.db,
    );
    return id;
  };
  const problem = (what: string) => ({
    status: 409,
    body: { type: 'urn:dateline:problem:secret-lost', detail: expect.stringContaining(what) },
  });

  it('a key cannot sign along, and the refusal says how to change it at once', async () => {
    const id = await withLost();
    for (const wish of [{}, { overlapSeconds: 60 }])
      expect(await hub.api('POST', `/endpoints/${id}/rotate`, wish)).toMatchObject(problem('{"overlapSeconds": 0}'));
    const replay = { from: '2026-01-01T00:00:00Z', only: 'all', url: 'https://p.example/else' };
    expect(await hub.api('POST', `/endpoints/${id}/replays`, replay)).toMatchObject(problem('SECRET_KEY'));
    expect((await hub.api('POST', `/endpoints/${id}/rotate`, { overlapSeconds: 0 })).status).toBe(201);
    expect((await hub.api('POST', `/endpoints/${id}/rotate`)).status).toBe(201);
  });

  it('own headers are back once every one of them was set again or taken away', async () => {
    const id = await withLost();
    expect(await hub.api('PATCH', `/endpoints/${id}`, { headers: { 'x-a': 'b' } })).toMatchObject(
      problem('set every one of them again'),
    );
    const set = await hub.api('PATCH', `/endpoints/${id}`, { headers: { Authorization: 'Bearer n3w', 'x-a': null } });
    expect([set.status, set.body.headers]).toEqual([200, ['authorization']]);
    expect((await hub.api('PATCH', `/endpoints/${id}`, { headers: { 'x-c': 'c' } })).body.headers).toEqual([
      'authorization',
      'x-c',
    ]);
  });
});

it('pings: the delivery is there at once; too soon, paused and unknown are told apart', async () => {
  const { id } = (await add({})).body;
  const { status, body } = await hub.api('POST', `/endpoints/${id}/ping`);
  expect(status).toBe(202);
  const delivery = (await hub.api('GET', `/deliveries/${body.deliveryId}`)).body;
  expect(delivery).toMatchObject({ endpointId: id, eventType: 'ping', status: 'pending', webhookId: body.webhookId });
  expect((await hub.api('GET', `/events/${delivery.eventId}`)).body).toMatchObject({
    type: 'ping',
    data: { endpoint: { id } },
  });
  const again = await hub.api('POST', `/endpoints/${id}/ping`);
  expect([again.status, again.headers.get('retry-after')]).toEqual([429, '5']);
  await hub.api('PATCH', `/endpoints/${id}`, { status: 'paused' });
  expect((await hub.api('POST', `/endpoints/${id}/ping`)).status).toBe(409);
  expect((await hub.api('POST', `/endpoints/${NOBODY}/ping`)).status).toBe(404);
});

it('writes an event when an operator disables an endpoint', async () => {
  const { id, url } = (await add({})).body;
  await hub.api('PATCH', `/endpoints/${id}`, { status: 'disabled' });
  const event = await hub.database.db.selectFrom('events').selectAll().where('endpoint_id', '=', id).executeTakeFirst();
  expect(event).toMatchObject({
    type: 'endpoint.disabled',
    seq: null,
    body: { endpoint: { id, url }, reason: 'disabled by an operator' },
  });
});

describe("a partner's token", () => {
  let mine: string;
  let theirs: string;
  let partnerId: string;
  let token: string;
  let tokenId: string;
  let delivered: { mine: string; theirs: string };

  beforeAll(async () => {
    partnerId = await partner('Mine Press');
    mine = (await add({ partnerId, url: 'https://mine.example/hook' })).body.id as string;
    theirs = (await add({ partnerId: await partner('Their Press'), url: 'https://theirs.example/hook' })).body
      .id as string;
    const made = await hub.api('POST', `/partners/${partnerId}/tokens`, { name: 'their bench' });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'their bench', partnerId, token: expect.stringMatching(/^dlp_.{43}$/) },
    });
    ({ token, id: tokenId } = made.body);
    const feed = (await hub.api('POST', '/feeds', { url: 'https://tokens.example/feed' })).body;
    const story = await seedStory(hub.database, { partnerId: feed.partnerId as string, feedId: feed.id as string });
    delivered = {
      mine: await seedDelivery(hub.database, story, mine),
      theirs: await seedDelivery(hub.database, story, theirs),
    };
  });

  it('is kept as a hash, and shown no more', async () => {
    const rows = await hub.database.db.selectFrom('access_tokens').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
    expect(JSON.stringify((await hub.api('GET', `/partners/${partnerId}/tokens`)).body)).not.toContain(token.slice(4));
  });

  it('lists its own endpoints and deliveries', async () => {
    const ids = async (path: string) =>
      ((await asked(token, 'GET', path)).body.items as { id: string }[]).map((one) => one.id);
    expect(await ids('/api/v1/endpoints')).toEqual([mine]);
    expect(await ids('/api/v1/deliveries')).toEqual([delivered.mine]);
    expect(await ids(`/api/v1/deliveries?endpointId=${theirs}`)).toEqual([]);
    expect(await ids(`/api/v1/deliveries?status=failed&endpointId=${mine}`)).toEqual([delivered.mine]);
    expect((await asked(token, 'GET', `/api/v1/deliveries/${delivered.mine}`)).body.attemptLog).toEqual(
      expect.any(Array),
    );
  });

  it('opens each of its routes for its own, and finds nothing of others', async () => {
    const own = { endpoints: mine, deliveries: delivered.mine };
    const foreign = { endpoints: theirs, deliveries: delivered.theirs };
    // A replay's own routes need one: endpoint-events.spec.ts.
    for (const route of PARTNER_ROUTES.filter((one) => one.includes(':id') && !one.includes(':replayId'))) {
      const [method = '', pattern = ''] = route.split(' ');
      const resource = pattern.split('/')[3] as keyof typeof own;
      const path = (ids: typeof own) => pattern.replace(':id', ids[resource]);
      const body = pattern.endsWith('/replays') ? { from: '2026-01-01' } : {};
      expect([route, (await asked(token, method, path(foreign), body)).status]).toEqual([route, 404]);
      const { status } = await asked(token, method, path(own), body);
      expect([route, [200, 201, 202].includes(status)]).toEqual([route, true]);
    }
    const { body } = await hub.api('GET', `/endpoints/${mine}/rotations`);
    expect(body.items[0].rotatedBy).toBe(`token ${tokenId} (their bench)`);
    expect((await hub.api('GET', `/endpoints/${theirs}/rotations`)).body.items).toEqual([]);
  });

  it('shows the newest attempts of a delivery and says how many there are', async () => {
    await sql`
      INSERT INTO attempts (id, event_id, endpoint_id, number, started_at, duration_ms)
      SELECT (left(replace(a.id::text, '-', ''), 12) || lpad(to_hex(n), 20, 'f'))::uuid, a.event_id, a.endpoint_id, n, now(), 1
      FROM attempts a CROSS JOIN generate_series(100, 159) n WHERE a.endpoint_id = ${mine}`.execute(hub.database.db);
    const { body } = await asked(token, 'GET', `/api/v1/deliveries/${delivered.mine}`);
    expect(body.attemptTotal).toBe(61);
    expect((body.attemptLog as { number: number }[]).map((one) => one.number)).toEqual(
      Array.from({ length: 50 }, (_, at) => 110 + at),
    );
  });

  it('sends so many deliveries of an endpoint again at once, then one at a time; the operator as many as there are', async () => {
    const path = `/api/v1/deliveries/${delivered.mine}/retry`;
    await sql`UPDATE endpoints SET retries_until = NULL`.execute(hub.database.db);
    for (let turn = 0; turn < 20; turn++) expect((await asked(token, 'POST', path)).status).toBe(202);
    const late = await asked(token, 'POST', path);
    expect([late.status, late.body.detail]).toEqual([429, expect.stringContaining('/replays')]);
    const wait = Number(late.headers.get('retry-after'));
    expect([wait >= 1, wait <= 5]).toEqual([true, true]);
    expect((await asked(hub.token, 'POST', path)).status).toBe(202);
    await sql`UPDATE endpoints SET retries_until = retries_until - make_interval(secs => ${wait})`.execute(
      hub.database.db,
    );
    expect((await asked(token, 'POST', path)).status).toBe(202);
    expect((await asked(token, 'POST', path)).status).toBe(429);
  });

  it('changes a key once in five seconds; the operator at any time', async () => {
    const path = `/api/v1/endpoints/${mine}/rotate`;
    const leaked = { overlapSeconds: 0 };
    expect((await asked(hub.token, 'POST', path, leaked)).status).toBe(201);
    const soon = await asked(token, 'POST', path, leaked);
    expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await asked(hub.token, 'POST', path, leaked)).status).toBe(201);
    await sql`UPDATE key_rotations SET rotated_at = rotated_at - interval '5 seconds' WHERE endpoint_id = ${mine}`.execute(
      hub.database.db,
    );
    expect((await asked(token, 'POST', path, leaked)).status).toBe(201);
  });

  it('asks with HEAD where it may with GET, and nowhere else', async () => {
    const head = async (path: string) =>
      (await fetch(hub.url + path, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } })).status;
    expect(await head('/api/v1/endpoints')).toBe(200);
    expect(await head(`/api/v1/endpoints/${mine}/rotations`)).toBe(200);
    expect(await head(`/api/v1/endpoints/${theirs}`)).toBe(404);
    expect(await head('/api/v1/stories')).toBe(403);
  });

  it('opens nothing else of all that the API has', async () => {
    const document = (await (await fetch(`${hub.url}/api/docs-json`)).json()) as { paths: Record<string, object> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    const closed = routes.filter(
      ([method, path]) => !PARTNER_ROUTES.includes(`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(closed.length).toBeGreaterThan(80);
    for (const [method, path] of closed) {
      const { status, body } = await asked(token, method, path.replaceAll(/\{\w+\}/g, mine));
      expect([method, path, status]).toEqual([method, path, 403]);
      expect(body.detail).toContain('opens its own endpoints only');
    }
    for (const path of ['/', '/queues', '/queues/api/queues', '/nowhere'])
      expect([path, (await fetch(hub.url + path, { headers: { authorization: `Bearer ${token}` } })).status]).toEqual([
        path,
        401,
      ]);
  });

  it('of one endpoint opens that one', async () => {
    const second = (await add({ partnerId, url: 'https://mine.example/second' })).body.id as string;
    const { body } = await hub.api('POST', `/endpoints/${second}/tokens`);
    expect((await asked(body.token as string, 'GET', '/api/v1/endpoints')).body.items).toMatchObject([{ id: second }]);
    expect((await asked(body.token as string, 'GET', `/api/v1/endpoints/${mine}`)).status).toBe(404);
    expect((await hub.api('POST', `/endpoints/${NOBODY}/tokens`)).status).toBe(404);
  });

  it('ends when it is revoked, and only by way of its owner', async () => {
    const { body } = await hub.api('POST', `/partners/${partnerId}/tokens`);
    expect((await hub.api('DELETE', `/endpoints/${mine}/tokens/${body.id}`)).status).toBe(404);
    expect((await asked(body.token as string, 'GET', '/api/v1/endpoints')).status).toBe(200);
    expect((await hub.api('DELETE', `/partners/${partnerId}/tokens/${body.id}`)).status).toBe(204);
    const refused = await asked(body.token as string, 'GET', '/api/v1/endpoints');
    expect([refused.status, refused.body]).toMatchObject([401, { detail: expect.stringContaining('or was ended') }]);
    // Where the operator keeps the admin token is nothing for a partner.
    expect(JSON.stringify(refused.body)).not.toMatch(/admin/i);
  });

  it('is not guessed: an address that tries many has to wait, which no right token suffers from', async () => {
    const statuses: number[] = [];
    const guessed = (guess: number) => `dlp_${String(guess).padStart(43, '0')}`;
    for (let guess = 0; guess < 30; guess++)
      statuses.push((await asked(guessed(guess), 'GET', '/api/v1/endpoints')).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    expect((await asked(token, 'GET', '/api/v1/endpoints')).status).toBe(200);
    expect((await asked(hub.token, 'GET', '/api/v1/endpoints')).status).toBe(200);
    // What was wrong a moment ago, or never was a token, costs no look into the database.
    const find = jest.spyOn(AccessTokenRepository.prototype, 'find');
    expect((await asked(guessed(0), 'GET', '/api/v1/endpoints')).status).toBe(429);
    expect(find).not.toHaveBeenCalled();
    find.mockRestore();
  });
});
