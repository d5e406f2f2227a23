/** Whatever an endpoint's address is spelled like and wherever its name leads: the attempt is refused and says why. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { until } from '../../../../test/support/until.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { type AttemptRow, DeliveryRepository } from '#storage/delivery.repository.js';

const DEADLINE_MS = 2_500;
const METADATA = '169.254.169.254';

/** What names lead to, look-up by look-up; the last answer stays. */
const NAMES: Record<string, string[]> = {
  localhost: ['127.0.0.1'],
  'metadata.google.internal': [METADATA],
  'loopback.attacker.example': ['127.0.0.1'],
  'mapped.attacker.example': ['::ffff:169.254.169.254'],
  'first-bad.attacker.example': [METADATA, '127.0.0.1'],
  'then-bad.attacker.example': ['127.0.0.1', METADATA],
};
const lookups: Record<string, number> = {};

let store: TestDatabase;
let room: WebhookRoom;
/** The one server that may be reached, and one beside it that may not. */
let partner: Server;
let trap: Server;
const reached = { partner: 0, trap: 0 };

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server, host?: string) => new Promise<void>((resolve) => server.listen(0, host, resolve));

const BOMB = zlib.gzipSync(Buffer.alloc(50_000_000));
const BOMB_OF_BOMBS = zlib.gzipSync(BOMB);

const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  '/redirect': (response) => response.writeHead(307, { location: `http://127.0.0.1:${portOf(trap)}/` }).end(),
  '/bomb': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
  '/bomb-of-bombs': (response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(BOMB_OF_BOMBS),
  '/drip-head': (response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\nx-long: ');
    const timer = setInterval(() => response.socket?.write('x'), 50);
    response.socket?.on('close', () => clearInterval(timer));
  },
};

beforeAll(async () => {
  partner = createServer((request, response) => {
    reached.partner++;
    request.resume().on('end', () => {
      (ANSWERS[request.url ?? ''] ?? ((answer: ServerResponse) => answer.writeHead(204).end()))(response);
    });
  });
  trap = createServer((_request, response) => {
    reached.trap++;
    response.writeHead(204).end();
  });
  await Promise.all([listen(partner, '127.0.0.1'), listen(trap)]);
  store = await testDatabase();
  room = await WebhookRoom.start(store, testConfig(store.url), DEADLINE_MS, {
    allow: [`127.0.0.1/32:${portOf(partner)}`],
    lookup: (name) => {
      const answers = NAMES[name] ?? [];
      const turn = (lookups[name] = (lookups[name] ?? 0) + 1);
      const address = answers[Math.min(turn, answers.length) - 1];
      return Promise.resolve(address === undefined ? [] : [{ address, family: address.includes(':') ? 6 : 4 }]);
    },
  });
});
afterAll(async () => {
  await room.close();
  for (const server of [partner, trap]) {
    server.closeAllConnections();
    server.close();
  }
  await store.drop();
});

/** Sends one event to all of these addresses at once. Answers each one's first attempt. */
async function attemptsAt(urls: string[]): Promise<Map<string, AttemptRow>> {
  await store.database.db.deleteFrom('endpoints').execute();
  const ids = new Map<string, string>();
  for (const url of urls) ids.set(url, (await room.endpoint(url)).id);
  await room.relay([{}]);
  const deliveries = new DeliveryRepository(store.database);
  const found = new Map<string, AttemptRow>();
  await until('each was attempted', async () => {
    for (const [url, endpointId] of ids) {
      if (found.has(url)) continue;
      const [delivery] = (await deliveries.list({ endpointId, limit: 1 })).items;
      const [attempt] = delivery === undefined ? [] : await deliveries.attempts(delivery.id);
      if (attempt) found.set(url, attempt);
    }
    return found.size === urls.length;
  });
  return found;
}

const BLOCKED: [trick: string, host: string, reason: RegExp][] = [
  ['plain', '127.0.0.1', /loopback/],
  ['another address of loopback', '127.8.9.10', /loopback/],
  ['decimal', '2130706433', /loopback/],
  ['decimal metadata', '2852039166', /link-local/],
  ['octal', '0177.0.0.01', /loopback/],
  ['hex', '0x7f000001', /loopback/],
  ['hex and short', '0x7f.1', /loopback/],
  ['short', '127.1', /loopback/],
  ['trailing dot', '127.0.0.1.', /loopback/],
  ['digits of another script', '①②⑦.0.0.1', /loopback/],
  ['behind a user', 'partner.example@127.0.0.1', /loopback/],
  ['zero', '0', /unspecified/],
  ['private', '10.0.0.1', /private/],
  ['private', '172.16.0.1', /private/],
  ['private', '192.168.0.1', /private/],
  ['CGNAT', '100.64.0.1', /carrier-grade/],
  ['CGNAT metadata', '100.100.100.200', /carrier-grade/],
  ['link-local metadata', METADATA, /link-local/],
  ['a cloud’s wire server', '168.63.129.16', /metadata/],
  ['Oracle’s metadata', '192.0.0.192', /special/],
  ['benchmarking', '198.18.0.1', /special/],
  ['multicast', '224.0.0.1', /multicast/],
  ['broadcast', '255.255.255.255', /broadcast/],
  ['IPv6 loopback', '[::1]', /loopback/],
  ['IPv6 unspecified', '[::]', /unspecified/],
  ['IPv6-mapped', '[::ffff:127.0.0.1]', /loopback/],
  ['IPv6-mapped metadata', '[::ffff:a9fe:a9fe]', /link-local/],
  ['IPv4-compatible', '[::7f00:1]', /loopback|not a public/],
  ['NAT64', '[64:ff9b::7f00:1]', /loopback/],
  ['NAT64 metadata', '[64:ff9b::169.254.169.254]', /link-local/],
  ['local NAT64', '[64:ff9b:1::7f00:1]', /special/],
  ['6to4', '[2002:7f00:1::1]', /special/],
  ['Teredo', '[2001:0:7f00:1::1]', /special/],
  ['IPv6 link-local', '[fe80::1]', /link-local/],
  ['IPv6 private', '[fd00:ec2::254]', /private/],
  ['IPv6 site-local', '[fec0::1]', /private/],
  ['documentation', '[2001:db8::1]', /special/],
  ['a name of this machine', 'localhost', /loopback/],
  ['a metadata name', 'metadata.google.internal', /link-local/],
  ['a name that leads inside', 'loopback.attacker.example', /loopback/],
  ['a name that leads inside by IPv6', 'mapped.attacker.example', /link-local/],
];

test('addresses that must not be reached are refused, each with its reason in the attempt', async () => {
  const urlOf = (host: string) => `http://${host}:${portOf(trap)}/hook`;
  const found = await attemptsAt(BLOCKED.map(([, host]) => urlOf(host)));
  const told = BLOCKED.map(([trick, host]) => {
    const attempt = found.get(urlOf(host));
    return { trick, host, status: attempt?.http_status, class: attempt?.error_class, error: attempt?.error };
  });
  expect(told).toEqual(
    BLOCKED.map(([trick, host, reason]) => ({
      ...{ trick, host, status: null, class: 'blocked' },
      error: expect.stringMatching(reason),
    })),
  );
  expect(reached.trap).toBe(0);
});

test('a name that answers differently each time is asked once, and the socket goes where the answer was checked', async () => {
  const [bad, good] = ['first-bad', 'then-bad'].map((name) => `http://${name}.attacker.example:${portOf(partner)}/`);
  const before = reached.partner;
  const found = await attemptsAt([bad as string, good as string]);
  expect(found.get(bad as string)).toMatchObject({ error_class: 'blocked', error: expect.stringContaining(METADATA) });
  expect(found.get(good as string)).toMatchObject({ http_status: 204 });
  expect(reached.partner).toBe(before + 1);
  expect([lookups['first-bad.attacker.example'], lookups['then-bad.attacker.example']]).toEqual([1, 1]);
});

test('redirects lead nowhere, bombs stay small, and one deadline ends everything', async () => {
  const at = (path: string) => `http://127.0.0.1:${portOf(partner)}${path}`;
  const elapsed = startStopwatch();
  const found = await attemptsAt(['/redirect', '/bomb', '/bomb-of-bombs', '/drip-head'].map(at));
  expect(elapsed()).toBeLessThan(DEADLINE_MS * 5);
  expect(found.get(at('/redirect'))).toMatchObject({ http_status: 307 });
  for (const path of ['/bomb', '/bomb-of-bombs']) {
    const attempt = found.get(at(path));
    expect(attempt).toMatchObject({ http_status: 200 });
    expect(attempt?.response_excerpt?.length ?? 0).toBeLessThanOrEqual(16_384);
  }
  expect(found.get(at('/drip-head'))).toMatchObject({ http_status: null, error_class: 'timeout' });
  expect(reached.trap).toBe(0);
});

test.each(['ftp://partner.example/', 'file:///etc/passwd', 'gopher://127.0.0.1:70/'])(
  '%s is not an address for webhooks',
  async (url) => {
    expect((await attemptsAt([url])).get(url)).toMatchObject({
      error_class: 'protocol',
      error: expect.stringContaining('not an http or https address'),
    });
  },
);
