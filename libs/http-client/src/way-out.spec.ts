import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { projectFile } from '#config/project-file.js';
import { OutboundHttp, type OutboundRequest } from './http-client.js';
import { OutboundError } from './outbound-error.js';

const cert = readFileSync(projectFile('test/fixtures/tls/certificate.pem'), 'utf8');
const key = readFileSync(projectFile('test/fixtures/tls/key.pem'), 'utf8');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
async function serve(handler: Handler, tls = false): Promise<number> {
  const server = tls ? createTlsServer({ cert, key }, handler) : createServer(handler);
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return listen(server);
}

/** A proxy that leads every name to this machine, and says what it was asked for. `status` refuses tunnels. */
async function proxy(status = 200): Promise<{ url: string; asked: string[]; users: (string | undefined)[] }> {
  const asked: string[] = [];
  const users: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    users.push(request.headers['proxy-authorization']);
    if (status !== 200) response.writeHead(status).end();
    else response.end(`by proxy for ${request.headers.host}`);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    users.push(request.headers['proxy-authorization']);
    socket.on('error', () => undefined);
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const target = connect(Number(new URL(`http://${request.url}`).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Open\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    closers.push(() => (target.destroy(), socket.destroy()));
  });
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return { url: `http://127.0.0.1:${await listen(server)}`, asked, users };
}

/** `gazette.example` and its like are at a public address, as far as the hub knows. */
const lookup = async (name: string) => [
  { address: name.startsWith('inside') ? '10.1.2.3' : '93.184.216.34', family: 4 },
  ...(name.startsWith('both') ? [{ address: '192.168.1.1', family: 4 }] : []),
];
function client(allow = ['127.0.0.0/8']): OutboundHttp {
  const http = new OutboundHttp({ allow, lookup });
  closers.push(() => http.onApplicationShutdown());
  return http;
}
const LIMITS = { deadlineMs: 60_000, maxBytes: 100_000, maxRedirects: 5 };
async function failure(
  http: OutboundHttp,
  request: Partial<OutboundRequest> & { url: string },
): Promise<OutboundError> {
  const error: unknown = await http.request({ ...LIMITS, ...request }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}
const USER = { username: 'out', password: 'tuna' };

describe('a proxy', () => {
  test('is asked in absolute form for http, and for a tunnel for https, with its own user', async () => {
    const port = await serve((_request, response) => response.end('inside the tunnel'), true);
    const { url, asked, users } = await proxy();
    const wayOut = { proxy: { url, ...USER }, ca: cert };
    const http = client();
    const plain = await http.request({ ...LIMITS, url: 'http://gazette.example/feed?x=1', wayOut });
    expect(plain.body.toString()).toBe('by proxy for gazette.example');
    const tunnelled = await http.request({ ...LIMITS, url: `https://gazette.example:${port}/feed`, wayOut });
    expect(tunnelled.body.toString()).toBe('inside the tunnel');
    expect(asked).toEqual(['GET http://gazette.example/feed?x=1', `CONNECT gazette.example:${port}`]);
    expect(users).toEqual(Array(2).fill(`Basic ${Buffer.from('out:tuna').toString('base64')}`));
  });

  test.each([
    'http://127.0.0.2/',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'http://inside.example/',
    'https://inside.example/',
    'http://both.example/',
    'https://both.example/',
  ])('is never asked for %s, which is private', async (target) => {
    const { url, asked } = await proxy();
    const http = client([`127.0.0.1/32:${new URL(url).port}`]);
    expect(await failure(http, { url: target, wayOut: { proxy: { url } } })).toMatchObject({ kind: 'blocked' });
    expect(asked).toEqual([]);
  });

  test('must itself be at an address that may be reached', async () => {
    const { url, asked } = await proxy();
    for (const target of ['http://gazette.example/', 'https://gazette.example/']) {
      const error = await failure(client([]), { url: target, wayOut: { proxy: { url } } });
      expect(error).toMatchObject({ kind: 'proxy', scope: 'ours' });
      expect(error.message).toContain('OUTBOUND_ALLOW');
    }
    expect(asked).toEqual([]);
  });

  test.each([
    [407, 'https://gazette.example/', 'ours', 'wants another user or password'],
    [407, 'http://gazette.example/', 'ours', 'wants another user or password'],
    [403, 'https://gazette.example/', 'ours', 'opened no way to gazette.example:443 (status 403)'],
    [502, 'https://gazette.example/', 'remote', 'status 502'],
  ])('that answers %d for %s is named in the error, without its password', async (status, target, scope, words) => {
    const { url } = await proxy(status);
    const error = await failure(client(), { url: target, wayOut: { proxy: { url, ...USER } } });
    expect(error).toMatchObject({ kind: 'proxy', scope });
    expect(error.message).toContain(words);
    expect(`${error.message}${String(error.stack)}`).not.toMatch(/tuna|b3V0OnR1bmE/);
  });

  test('that is away is our trouble', async () => {
    const wayOut = { proxy: { url: 'http://127.0.0.1:1' } };
    for (const url of ['http://gazette.example/', 'https://gazette.example/'])
      expect(await failure(client(), { url, wayOut })).toMatchObject({ kind: 'proxy', scope: 'ours' });
  });
});

describe('certificates', () => {
  test('are strict by default, and may be any or of one more authority', async () => {
    const port = await serve((_request, response) => response.end('hello'), true);
    const http = client();
    const url = `https://127.0.0.1:${port}/`;
    expect(await failure(http, { url })).toMatchObject({ kind: 'tls' });
    expect((await http.request({ ...LIMITS, url, wayOut: { allowInvalidCertificate: true } })).status).toBe(200);
    expect((await http.request({ ...LIMITS, url, wayOut: { ca: cert } })).status).toBe(200);
    // What one feed allows is allowed to no other.
    expect(await failure(http, { url })).toMatchObject({ kind: 'tls' });
    expect(await failure(http, { url, wayOut: { allowInvalidCertificate: false } })).toMatchObject({ kind: 'tls' });
  });

  test('may be any of the host that is asked, not of those that it redirects to', async () => {
    const other = await serve((_request, response) => response.end('elsewhere'), true);
    const port = await serve((_request, response) => {
      response.writeHead(302, { location: `https://127.0.0.1:${other}/` }).end();
    }, true);
    expect(
      await failure(client(), { url: `https://127.0.0.1:${port}/`, wayOut: { allowInvalidCertificate: true } }),
    ).toMatchObject({ kind: 'tls' });
  });
});

test('credentials of any name stay with their origin, also when a redirect leads back', async () => {
  const seen: string[] = [];
  const second: { port: number } = { port: 0 };
  const first = await serve((request, response) => {
    seen.push(`first ${String(request.headers['x-press-pass'])}`);
    if (request.url === '/same') response.writeHead(302, { location: '/away' }).end();
    else if (request.url === '/away')
      response.writeHead(302, { location: `http://127.0.0.1:${second.port}/back` }).end();
    else response.end('done');
  });
  second.port = await serve((request, response) => {
    seen.push(`second ${String(request.headers['x-press-pass'])}`);
    response.writeHead(302, { location: `http://127.0.0.1:${first}/done` }).end();
  });
  const url = `http://127.0.0.1:${first}/same`;
  await client().request({ ...LIMITS, url, credentials: { 'X-Press-Pass': 'swordfish' } });
  expect(seen).toEqual(['first swordfish', 'first swordfish', 'second undefined', 'first undefined']);
});

test('many ways out take turns, and one that is in use stays open', async () => {
  let release = (): void => undefined;
  const port = await serve((request, response) => {
    if (request.url === '/slow') release = () => void response.end('slow');
    else response.end('quick');
  });
  const http = client();
  const url = `http://127.0.0.1:${port}`;
  const slow = http.request({ ...LIMITS, url: `${url}/slow`, wayOut: { ca: 'way 0' } });
  for (let way = 1; way <= 60; way++) {
    const answer = await http.request({ ...LIMITS, url: `${url}/quick`, wayOut: { ca: `way ${way}` } });
    expect(answer.status).toBe(200);
  }
  release();
  expect((await slow).body.toString()).toBe('slow');
});
