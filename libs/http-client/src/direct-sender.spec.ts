import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { startStopwatch } from '../../../test/support/stopwatch.js';
import { OutboundHttp, type OutboundOptions, type OutboundRequest } from './http-client.js';
import { OutboundError } from './outbound-error.js';
import {
  cert,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  goaway,
  h2Site,
  type H2Site,
  HEADERS,
  httpsSite,
  OK_200,
  rawSite,
  reset,
  speaker,
} from '../../../test/support/h2-site.js';
import { until } from '../../../test/support/until.js';

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function site(...args: Parameters<typeof h2Site>): Promise<H2Site> {
  const open = await h2Site(...args);
  closers.push(open.close);
  return open;
}
async function oldSite(): Promise<Awaited<ReturnType<typeof httpsSite>>> {
  const open = await httpsSite();
  closers.push(open.close);
  return open;
}
function client(options: OutboundOptions = {}, ca: { ca?: string } = { ca: cert }): OutboundHttp {
  const http = new OutboundHttp({ allow: ['127.0.0.0/8'], ...ca, ...options });
  closers.push(() => http.onApplicationShutdown());
  return http;
}
const LIMITS = { deadlineMs: 60_000, maxBytes: 1_000_000, maxRedirects: 5 };
async function failure(
  http: OutboundHttp,
  request: Partial<OutboundRequest> & { url: string },
): Promise<OutboundError> {
  const error: unknown = await http.request({ ...LIMITS, ...request }).then(
    ({ status }) => new Error(`did not fail: ${status}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('HTTP/2 where a server offers it', () => {
  test('carries the request in its fields and gives the answer as HTTP/1.1 would', async () => {
    let seen: Record<string, string> = {};
    const { url, port } = await site((stream, headers) => {
      seen = headers;
      stream.respond({ ':status': 200, 'x-twice': ['a', 'b'], 'set-cookie': ['c=1', 'd=2'], etag: '"x"' });
      stream.end('hello');
    });
    const response = await client({ userAgent: 'Tester/1' }).request({
      ...LIMITS,
      url: `${url}/feed?x=1#part`,
      headers: { 'If-None-Match': ' "x" ', Connection: 'keep-alive', 'Keep-Alive': '5', TE: 'gzip', Upgrade: 'h2c' },
    });
    expect(response).toMatchObject({ status: 200, url: `${url}/feed?x=1`, truncated: false });
    expect(response.headers).toEqual({
      'x-twice': 'a, b',
      'set-cookie': 'c=1, d=2',
      etag: '"x"',
      date: expect.any(String),
    });
    expect(response.body.toString()).toBe('hello');
    expect(Object.fromEntries(Object.entries(seen))).toEqual({
      ':method': 'GET',
      ':scheme': 'https',
      ':authority': `127.0.0.1:${port}`,
      ':path': '/feed?x=1',
      'user-agent': 'Tester/1',
      'accept-encoding': expect.stringContaining('gzip'),
      'if-none-match': '"x"',
    });
  });

  test('sends bodies, HEAD and a host of the caller’s', async () => {
    const { url } = await site((stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        stream.respond({
          ':status': 201,
          'x-length': headers['content-length'] ?? '',
          'x-host': headers[':authority'],
        });
        stream.end(headers[':method'] === 'HEAD' ? undefined : Buffer.concat(chunks));
      });
    });
    const http = client();
    const body = 'ä'.repeat(200_000);
    const posted = await http.request({ ...LIMITS, url, method: 'POST', body, headers: { host: 'other.example' } });
    expect(posted.headers).toMatchObject({ 'x-length': '400000', 'x-host': 'other.example' });
    expect(posted.body.toString()).toBe(body);
    expect((await http.request({ ...LIMITS, url, method: 'POST' })).headers['x-length']).toBe('0');
    expect(await http.request({ ...LIMITS, url, method: 'HEAD' })).toMatchObject({
      status: 201,
      body: Buffer.alloc(0),
    });
  });

  test('uses one session for 50 requests at once and for those that follow', async () => {
    const { url, sessions } = await site((stream) => stream.respond({ ':status': 304 }, { endStream: true }));
    const http = client();
    await Promise.all(times(50, (i) => http.request({ ...LIMITS, url: `${url}/${i}` })));
    await http.request({ ...LIMITS, url });
    expect(sessions.length).toBe(1);
    expect(http.sent).toEqual({ 'HTTP/1.1': 0, 'HTTP/2': 51 });
  });

  test('heeds the server’s limit of streams: 4,000 requests, 50 at once, none fails', async () => {
    let running = 0;
    let most = 0;
    const { url, sessions } = await site(
      (stream) => {
        most = Math.max(most, ++running);
        stream.on('close', () => running--);
        setImmediate(() => stream.respond({ ':status': 304 }, { endStream: true }));
      },
      { settings: { maxConcurrentStreams: 10 } },
    );
    const http = client();
    let left = 4_000;
    const statuses = new Set<number>();
    const worker = async () => {
      while (left-- > 0) statuses.add((await http.request({ ...LIMITS, url })).status);
    };
    await Promise.all(times(50, worker));
    expect([...statuses]).toEqual([304]);
    expect(sessions.length).toBe(1);
    expect(most).toBeLessThanOrEqual(10);
    expect(most).toBeGreaterThan(1);
  });

  test('closes a session that nobody used for the keep-alive time', async () => {
    const { url, sockets } = await site((stream) => (stream.respond({ ':status': 200 }), stream.end('x')));
    const http = client({ keepAliveMs: 50 });
    await http.request({ ...LIMITS, url });
    await until('the socket is closed', () => sockets.size === 0);
    expect((await http.request({ ...LIMITS, url })).status).toBe(200);
  });

  test('keeps a bounded number of sessions, the least used one goes first', async () => {
    const sites = await Promise.all(
      times(3, () => site((stream) => (stream.respond({ ':status': 200 }), stream.end('x')))),
    );
    const http = client({ maxSessions: 2, keepAliveMs: 60_000 });
    for (const { url } of sites) await http.request({ ...LIMITS, url });
    await until('the first is closed', () => sites[0]?.sockets.size === 0);
    expect(sites.map(({ sockets }) => sockets.size)).toEqual([0, 1, 1]);
  });

  test('ends an aborted request alone: the others of its session go on', async () => {
    const reset: number[] = [];
    const { url, sessions } = await site((stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.on('close', () => headers[':path'] === '/slow' && reset.push(stream.rstCode));
      if (headers[':path'] === '/slow') stream.write('x');
      else setTimeout(() => stream.end('done'), 150);
    });
    const http = client();
    await http.request({ ...LIMITS, url });
    const [slow, other] = await Promise.all([
      failure(http, { url: `${url}/slow`, deadlineMs: 50 }),
      http.request({ ...LIMITS, url }),
    ]);
    expect(slow.kind).toBe('timeout');
    expect(other.body.toString()).toBe('done');
    await until('the stream is reset', () => reset.length === 1);
    expect(reset).toEqual([8]);
    expect((await http.request({ ...LIMITS, url })).status).toBe(200);
    expect(sessions.length).toBe(1);
  });

  test('serves a way out with an authority of its own, and HTTP/1.1 alone where told so', async () => {
    const { url, sessions, server } = await site((stream) => (stream.respond({ ':status': 200 }), stream.end('two')), {
      allowHTTP1: true,
    });
    server.on('request', (request, response) => {
      if (request.httpVersion === '1.1') response.end('one');
    });
    const strict = client({}, {});
    expect((await failure(strict, { url })).kind).toBe('tls');
    const wayOut = await strict.request({ ...LIMITS, url, wayOut: { ca: cert } });
    const anyCertificate = await strict.request({ ...LIMITS, url, wayOut: { allowInvalidCertificate: true } });
    const old = await client({ allowH2: false }).request({ ...LIMITS, url });
    expect([wayOut, anyCertificate, old].map(({ body }) => body.toString())).toEqual(['two', 'two', 'one']);
    expect(sessions.length).toBe(2);
  });
});

describe('a server of HTTP/1.1 alone', () => {
  test('is asked once which it speaks, and the socket of that question is used', async () => {
    const sockets = new Set<unknown>();
    const { url, server } = await oldSite();
    server.on('request', (request, response) => {
      sockets.add(request.socket);
      response.end(request.httpVersion);
    });
    const http = client();
    for (let i = 0; i < 3; i++) expect((await http.request({ ...LIMITS, url })).body.toString()).toBe('1.1');
    expect(sockets.size).toBeLessThanOrEqual(2);
    const answers = await Promise.all(times(20, () => http.request({ ...LIMITS, url })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test('gets many first requests at once', async () => {
    let connections = 0;
    const { url, server } = await oldSite();
    server.on('secureConnection', () => connections++);
    server.on('request', (_request, response) => response.end('ok'));
    const http = client({ socketsPerOrigin: 4 });
    const answers = await Promise.all(times(40, () => http.request({ ...LIMITS, url })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(connections).toBeLessThanOrEqual(4);
  });
});

describe('a session that ends', () => {
  test('by a polite GOAWAY lets its requests finish; the next ones get a new session', async () => {
    const { url, sessions } = await site((stream) => {
      stream.respond({ ':status': 200 });
      stream.session?.goaway(0, stream.id);
      setTimeout(() => stream.end('done'), 50);
    });
    const http = client();
    for (let i = 0; i < 3; i++) expect((await http.request({ ...LIMITS, url })).body.toString()).toBe('done');
    expect(sessions.length).toBe(3);
  });

  test.each([0, 2])('by GOAWAY %d has what it left unprocessed sent again, once, on a new session', async (code) => {
    const served: string[] = [];
    const { url, sessions } = await site((stream, headers) => {
      const isFirst = stream.session === sessions[0];
      if (isFirst && headers[':path'] !== '/warm') {
        // Everything after the first stream is given back.
        if (stream.session?.destroyed === false) stream.session.goaway(code, 1);
        return;
      }
      let body = '';
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
      stream.on('end', () => {
        served.push(headers[':path'] + body);
        stream.respond({ ':status': 200 });
        stream.end('ok');
      });
    });
    const http = client();
    await http.request({ ...LIMITS, url: `${url}/warm` });
    const answers = await Promise.all(
      times(20, (i) => http.request({ ...LIMITS, url: `${url}/${i}`, method: 'POST', body: `-${i}` })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(served.sort()).toEqual(['/warm', ...times(20, (i) => `/${i}-${i}`)].sort());
    expect(sessions.length).toBe(2);
  });

  test('by refusing a stream has it tried once more, not for ever', async () => {
    let asked = 0;
    const { url, sessions } = await site((stream, headers) => {
      if (headers[':path'] === '/refused') asked++;
      if (headers[':path'] === '/refused' || (headers[':path'] === '/once' && stream.session === sessions[0])) {
        stream.close(7);
      } else {
        stream.respond({ ':status': 200 });
        stream.end('ok');
      }
    });
    const http = client();
    await http.request({ ...LIMITS, url });
    expect((await http.request({ ...LIMITS, url: `${url}/once` })).status).toBe(200);
    expect(await failure(http, { url: `${url}/refused` })).toMatchObject({ kind: 'reset', scope: 'remote' });
    expect(asked).toBe(2);
  });

  test('by refusing a stream after its answer began is not mended by another half', async () => {
    const raw = await rawSite(
      speaker((socket, stream) => {
        socket.write(frame(HEADERS, END_HEADERS | (stream === 1 ? END_STREAM : 0), stream, OK_200));
        if (stream > 1) socket.write(Buffer.concat([frame(DATA, 0, stream, Buffer.from('half')), reset(7, stream)]));
      }),
    );
    closers.push(raw.close);
    const http = client();
    await http.request({ ...LIMITS, url: raw.url });
    expect((await failure(http, { url: raw.url })).kind).toBe('reset');
    expect(raw.connections()).toBe(1);
  });

  test('by HTTP_1_1_REQUIRED is followed by HTTP/1.1', async () => {
    const { url, server } = await site((stream) => stream.close(13), { allowHTTP1: true });
    server.on('request', (request, response) => {
      if (request.httpVersion === '1.1') response.end('one');
    });
    expect((await client().request({ ...LIMITS, url })).body.toString()).toBe('one');
  });

  const LENGTH_1000 = Buffer.from([0x0f, 0x0d, 4, ...Buffer.from('1000')]);
  test.each([
    ['a closed socket', 'reset', (socket: TLSSocket) => socket.destroy()],
    ['an inner error', 'protocol', (socket: TLSSocket) => socket.write(reset(2))],
    ['a refusal', 'reset', (socket: TLSSocket) => socket.write(reset(7))],
    ['a wish for HTTP/1.1', 'protocol', (socket: TLSSocket) => socket.write(reset(13))],
    ['a cancellation', 'reset', (socket: TLSSocket) => socket.write(reset(8))],
    ['a reset without an error but less than was announced', 'reset', (socket: TLSSocket) => socket.write(reset(0))],
    ['blame', 'protocol', (socket: TLSSocket) => socket.write(reset(1))],
    ['a GOAWAY that blames us', 'protocol', (socket: TLSSocket) => socket.write(goaway(1, 1))],
    ['an end before what was announced', 'protocol', (socket: TLSSocket) => socket.write(frame(DATA, END_STREAM, 1))],
  ] as const)('in the middle of an answer by %s is %s, never half an answer', async (_name, kind, end) => {
    const raw = await rawSite(
      speaker((socket) => {
        socket.write(frame(HEADERS, END_HEADERS, 1, Buffer.concat([OK_200, LENGTH_1000])));
        socket.write(frame(DATA, 0, 1, Buffer.from('part')));
        setTimeout(() => end(socket), 20);
      }),
    );
    closers.push(raw.close);
    expect(await failure(client(), { url: raw.url })).toMatchObject({ kind, scope: 'remote' });
    expect(raw.connections()).toBe(1);
  });

  test('with the hub ends its requests as ours', async () => {
    let asked = 0;
    const { url } = await site(() => void asked++);
    const http = client();
    const pending = failure(http, { url });
    await until('it is asked', () => asked === 1);
    await http.onApplicationShutdown();
    expect(await pending).toMatchObject({ kind: 'aborted', scope: 'ours' });
    expect(await failure(http, { url })).toMatchObject({ kind: 'aborted', scope: 'ours' });
  });

  test('by a dead way to the server is not asked again after a request timed out on it', async () => {
    const { url, sessions } = await site((stream) => {
      if (stream.session === sessions[0] && sessions.length === 1 && Number(stream.id) > 1) return;
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
    const http = client();
    await http.request({ ...LIMITS, url });
    expect((await failure(http, { url, deadlineMs: 200 })).kind).toBe('timeout');
    expect((await http.request({ ...LIMITS, url })).status).toBe(200);
    expect(sessions.length).toBe(2);
  });
});

describe('the rules of every request', () => {
  test('addresses are judged, for names too, before a handshake', async () => {
    const { url, sessions, port } = await site(() => undefined);
    expect((await failure(client({ allow: [] }), { url })).kind).toBe('blocked');
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const error = await failure(client({ allow: [], lookup }), { url: `https://gazette.example:${port}/` });
    expect(error).toMatchObject({ kind: 'blocked', message: expect.stringContaining('gazette.example') });
    expect(sessions.length).toBe(0);
  });

  test('a certificate must be good, and of the name', async () => {
    const { url, port } = await site((stream) => (stream.respond({ ':status': 200 }), stream.end('ok')));
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const http = client({ lookup });
    expect((await http.request({ ...LIMITS, url: `https://gazette.example:${port}/` })).status).toBe(200);
    expect((await failure(http, { url: `https://other.example:${port}/` })).kind).toBe('tls');
    expect((await failure(client({}, {}), { url })).kind).toBe('tls');
  });

  test('redirects lead from HTTP/2 to HTTP/1.1 and back', async () => {
    const two = await site((stream, headers) => {
      if (headers[':path'] === '/end') return (stream.respond({ ':status': 200 }), void stream.end('end'));
      stream.respond({ ':status': 302, location: base });
      return stream.end('x'.repeat(100_000));
    });
    const server = createServer((_request, response) => response.writeHead(301, { location: `${two.url}/end` }).end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closers.push(() => (server.closeAllConnections(), new Promise((done) => server.close(done))));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const response = await client().request({ ...LIMITS, url: two.url });
    expect(response.body.toString()).toBe('end');
    expect(response.redirects.map(({ status }) => status)).toEqual([302, 301]);
    expect(two.sessions.length).toBe(1);
  });

  test('a request that waits for a handshake is ended at once by its caller or its deadline', async () => {
    const http = client({ lookup: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const elapsed = startStopwatch();
    const pending = ['a', 'b'].map((path) =>
      failure(http, { url: `https://slow.example/${path}`, signal: abort.signal }),
    );
    const late = failure(http, { url: 'https://slow.example/', deadlineMs: 200 });
    setTimeout(() => abort.abort(), 50);
    expect((await Promise.all(pending)).map(({ kind }) => kind)).toEqual(['aborted', 'aborted']);
    expect((await late).kind).toBe('timeout');
    expect(elapsed()).toBeLessThan(5_000);
  });

  test('a header that would be cut to a line break is never sent', async () => {
    const { url } = await site(() => undefined);
    const error = await failure(client(), { url, headers: { 'if-none-match': 'a\u010ax: y' } });
    expect(error).toMatchObject({ kind: 'protocol', scope: 'ours' });
  });

  test('a refused connection and a port without TLS are told apart', async () => {
    const server = createServer((_request, response) => response.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closers.push(() => new Promise((done) => server.close(done)));
    const http = client();
    expect((await failure(http, { url: 'https://127.0.0.1:1/' })).kind).toBe('refused');
    expect((await failure(http, { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/` })).kind).toBe(
      'tls',
    );
  });
});
