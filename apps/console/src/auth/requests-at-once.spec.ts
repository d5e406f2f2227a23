/** A token has so many places, and gets each back, whatever becomes of its request. */
import { type AddressInfo } from 'node:net';
import fastify from 'fastify';
import { until } from '../../../../test/support/until.js';
import { rememberAsker } from './asker.js';
import { MOST_AT_ONCE, RequestsAtOnce } from './requests-at-once.js';

const requests = new RequestsAtOnce();
const server = fastify();
let open: (() => void)[] = [];
/** What the door still looks up; set, it holds requests back before they have a place. */
let lookedUp: Promise<void> | undefined;
let held = 0;
let url: string;

beforeAll(async () => {
  server.addHook('onRequest', async (request, reply) => {
    const tokenId = request.headers['x-token'];
    if (typeof tokenId === 'string')
      rememberAsker(request, { tokenId, tokenName: '', scope: { partnerId: 'p', endpointId: null } });
    if (lookedUp !== undefined) {
      const closed = new Promise((resolve) => reply.raw.once('close', resolve));
      held += 1;
      await Promise.all([lookedUp, closed]);
    }
    if (!requests.enter(request, reply)) await reply.status(429).send();
  });
  for (const path of ['/api/v1/deliveries', '/api/v1/events'])
    server.get(path, async () => {
      await new Promise<void>((answer) => open.push(answer));
      return 'answered';
    });
  await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
afterEach(() => {
  for (const answer of open) answer();
  open = [];
});

const ask = (path: string, token?: string, signal?: AbortSignal): Promise<number> =>
  fetch(`${url}${path}`, {
    headers: token === undefined ? {} : { 'x-token': token },
    ...(signal ? { signal } : {}),
  }).then(async (response) => {
    await response.text();
    return response.status;
  });

/** As many as are allowed, all under way. */
async function fill(token: string, signal?: AbortSignal): Promise<Promise<number>[]> {
  const before = open.length;
  const asked = Array.from({ length: MOST_AT_ONCE }, () => ask('/api/v1/deliveries', token, signal));
  await until('all are under way', () => open.length === before + MOST_AT_ONCE);
  return asked;
}

function answerAll(): void {
  for (const answer of open) answer();
  open = [];
}

it('refuses one token more than it has places for, and no other token nor the operator', async () => {
  const asked = await fill('busy');
  expect(await ask('/api/v1/deliveries', 'busy')).toBe(429);
  const others = [ask('/api/v1/deliveries', 'calm'), ask('/api/v1/deliveries')];
  await until('the others are served', () => open.length === MOST_AT_ONCE + 2);
  answerAll();
  expect(await Promise.all([...asked, ...others])).toEqual(Array.from({ length: MOST_AT_ONCE + 2 }, () => 200));
});

it('gives places back when answers have gone, and when who asked has hung up', async () => {
  const asked = await fill('once');
  answerAll();
  await Promise.all(asked);
  const hangUp = new AbortController();
  const lost = await fill('once', hangUp.signal);
  hangUp.abort();
  await Promise.allSettled(lost);
  open = [];
  const answering = setInterval(answerAll, 5);
  await until('a place is free', async () => (await ask('/api/v1/deliveries', 'once')) === 200).finally(() =>
    clearInterval(answering),
  );
});

it('takes no place for who hung up before having one', async () => {
  let known = (): void => undefined;
  lookedUp = new Promise((resolve) => (known = resolve));
  const hangUp = new AbortController();
  const lost = Array.from({ length: MOST_AT_ONCE }, () => ask('/api/v1/deliveries', 'late', hangUp.signal));
  await until('all are held back', () => held === MOST_AT_ONCE);
  hangUp.abort();
  await Promise.allSettled(lost);
  known();
  lookedUp = undefined;
  await until('all that was lost has gone by', () => open.length === MOST_AT_ONCE);
  const asked = ask('/api/v1/deliveries', 'late');
  await until('it is served', () => open.length === MOST_AT_ONCE + 1);
  answerAll();
  expect(await asked).toBe(200);
});

it('takes no place for a wait for events, which has places of its own', async () => {
  const asked = await fill('waits');
  const waits = ask('/api/v1/events?wait=20', 'waits');
  await until('it waits', () => open.length === MOST_AT_ONCE + 1);
  expect(await ask('/api/v1/events?since=0', 'waits')).toBe(429);
  answerAll();
  expect(await waits).toBe(200);
  await Promise.all(asked);
});
