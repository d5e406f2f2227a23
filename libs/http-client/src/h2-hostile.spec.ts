/** What a hostile server of HTTP/2 can do to a request, to its session, and to nobody else. */
import type { TLSSocket } from 'node:tls';
import { startStopwatch } from '../../../test/support/stopwatch.js';
import { OutboundHttp, type OutboundRequest } from './http-client.js';
import { OutboundError } from './outbound-error.js';
import {
  cert,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  goaway,
  h2Site,
  HEADERS,
  OK_200,
  PING,
  rawSite,
  type RawSite,
  reset,
  setting,
  SETTINGS,
  speaker,
} from '../../../test/support/h2-site.js';
import { until } from '../../../test/support/until.js';

const closers: (() => Promise<unknown> | void)[] = [];
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
beforeAll(() => process.on('unhandledRejection', note).on('uncaughtExceptionMonitor', note));
afterAll(() => process.off('unhandledRejection', note).off('uncaughtExceptionMonitor', note));
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  expect(unhandled.splice(0)).toEqual([]);
});

async function hostile(talk: (socket: TLSSocket) => void): Promise<RawSite> {
  const site = await rawSite(talk);
  closers.push(site.close);
  return site;
}
const LIMITS = { deadlineMs: 60_000, maxBytes: 1_000_000 };
let http: OutboundHttp;
beforeEach(() => {
  http = new OutboundHttp({ allow: ['127.0.0.0/8'], ca: cert, keepAliveMs: 200 });
  closers.push(() => http.onApplicationShutdown());
});
async function failure(request: Partial<OutboundRequest> & { url: string }): Promise<OutboundError> {
  const error: unknown = await http.request({ ...LIMITS, ...request }).then(
    ({ status }) => new Error(`did not fail: ${status}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}
/** Another origin of the same client answers as if nothing happened. */
async function expectOthersUntouched(): Promise<void> {
  const site = await h2Site((stream) => (stream.respond({ ':status': 200 }), stream.end('fine')));
  closers.push(site.close);
  expect((await http.request({ ...LIMITS, url: site.url })).body.toString()).toBe('fine');
}

/** Writes `bytes` for as long as the socket takes them. */
function flood(socket: TLSSocket, bytes: Buffer): void {
  const send = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', send);
  send();
}
const many = (bytes: Buffer): Buffer => Buffer.concat(Array.from({ length: 500 }, () => bytes));
/** A literal field without indexing, RFC 7541, 6.2.2; up to 126 bytes each. */
const field = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);

describe('a hostile server of HTTP/2', () => {
  test.each([
    ['floods of pings', many(frame(PING, 0, 0, Buffer.alloc(8)))],
    ['floods of settings', many(frame(SETTINGS, 0, 0, setting(3, 100)))],
  ])('%s end the session', async (_name, bytes) => {
    const site = await hostile(speaker((socket) => flood(socket, bytes)));
    const elapsed = startStopwatch();
    expect(await failure({ url: site.url })).toMatchObject({ kind: 'protocol', scope: 'remote' });
    expect(elapsed()).toBeLessThan(5_000);
    await until('the socket is closed', () => site.sockets.size === 0);
    await expectOthersUntouched();
  });

  const BIG = Buffer.concat(Array.from({ length: 100 }, (_, i) => field(`x-${i}`, 'y'.repeat(120))));
  test.each([
    ['more header fields than 200', Array.from({ length: 300 }, (_, i) => field(`x-${i}`, 'y'))],
    ['headers of 48 KB', [BIG, BIG, BIG, BIG]],
    ['no status', null],
  ])('%s are a protocol error', async (_name, fields) => {
    const site = await hostile(
      speaker((socket, stream) => {
        const block = fields === null ? field('a', 'b') : Buffer.concat([OK_200, ...fields]);
        const pieces = Array.from({ length: Math.ceil(block.length / 16_384) }, (_, i) =>
          block.subarray(i * 16_384, (i + 1) * 16_384),
        );
        pieces.forEach((piece, i) =>
          socket.write(
            frame(
              i === 0 ? HEADERS : CONTINUATION,
              (i === 0 ? END_STREAM : 0) | (i === pieces.length - 1 ? END_HEADERS : 0),
              stream,
              piece,
            ),
          ),
        );
      }),
    );
    expect(await failure({ url: site.url })).toMatchObject({ kind: 'protocol', scope: 'remote' });
    await expectOthersUntouched();
  });

  test('endless continuations end the session', async () => {
    const site = await hostile(
      speaker((socket, stream) => {
        socket.write(frame(HEADERS, 0, stream, OK_200));
        flood(socket, frame(CONTINUATION, 0, stream, field('x', 'y')));
      }),
    );
    expect(await failure({ url: site.url })).toMatchObject({ kind: 'protocol', scope: 'remote' });
    await expectOthersUntouched();
  });

  test('a stream that is never answered ends at the deadline, and so does one of 1xx alone', async () => {
    const silent = await hostile(speaker(() => undefined));
    const early = await hostile(
      speaker((socket, stream) =>
        socket.write(frame(HEADERS, END_HEADERS, stream, Buffer.from([0x08, 3, 0x31, 0x30, 0x33]))),
      ),
    );
    const mute = await hostile((socket) => void socket.resume());
    const errors = await Promise.all([silent, early, mute].map(({ url }) => failure({ url, deadlineMs: 300 })));
    expect(errors.map(({ kind }) => kind)).toEqual(['timeout', 'timeout', 'timeout']);
    await until('the sockets are closed', () => [silent, early, mute].every(({ sockets }) => sockets.size === 0));
    await expectOthersUntouched();
  });

  test('an endless body ends at the limit, 60 times on one session, and the next request is served there', async () => {
    let sessions = 0;
    const site = await h2Site((stream, headers) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/small') return void stream.end('small');
      const send = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(65_536, 'x')));
      };
      stream.on('drain', send);
      send();
    });
    closers.push(site.close);
    site.server.on('session', () => sessions++);
    const errors = await Promise.all(Array.from({ length: 60 }, () => failure({ url: site.url, maxBytes: 100_000 })));
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['too-large']));
    expect((await http.request({ ...LIMITS, url: `${site.url}/small` })).body.toString()).toBe('small');
    expect(sessions).toBe(1);
    await expectOthersUntouched();
  });

  test('data that goes on after the stream was reset ends with the idle session', async () => {
    const site = await hostile(
      speaker((socket, stream) => {
        socket.write(frame(HEADERS, END_HEADERS, stream, OK_200));
        flood(socket, frame(DATA, 0, stream, Buffer.alloc(16_384)));
      }),
    );
    expect(['too-large', 'protocol']).toContain((await failure({ url: site.url, maxBytes: 50_000 })).kind);
    await until('the socket is closed', () => site.sockets.size === 0);
    await expectOthersUntouched();
  });

  test('a window that never opens holds a body no longer than the deadline', async () => {
    const site = await hostile(speaker(() => undefined, setting(4, 0)));
    const body = Buffer.alloc(500_000);
    const errors = await Promise.all(
      Array.from({ length: 5 }, () => failure({ url: site.url, method: 'POST', body, deadlineMs: 400 })),
    );
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['timeout']));
    await until('the socket is closed', () => site.sockets.size === 0);
    await expectOthersUntouched();
  });

  test('a server that allows no streams is waited for until the deadline', async () => {
    const site = await hostile(speaker(() => undefined, setting(3, 0)));
    await until('the settings have come', async () => {
      await failure({ url: site.url, deadlineMs: 100 });
      return true;
    });
    const errors = await Promise.all(Array.from({ length: 20 }, () => failure({ url: site.url, deadlineMs: 300 })));
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['timeout']));
    await expectOthersUntouched();
  });

  test('a server that says GOAWAY to everybody is not asked for ever', async () => {
    const site = await hostile((socket) => {
      speaker(() => undefined)(socket);
      socket.end(goaway(0, 0));
    });
    const errors = await Promise.all(Array.from({ length: 20 }, () => failure({ url: site.url })));
    expect(errors.every(({ scope }) => scope === 'remote')).toBe(true);
    expect(errors.filter(({ kind }) => kind === 'timeout')).toEqual([]);
    expect(site.connections()).toBeLessThan(30);
    await expectOthersUntouched();
  });

  test('a server that refuses every stream is asked twice a request', async () => {
    let asked = 0;
    const site = await hostile(speaker((socket, stream) => (asked++, socket.write(reset(7, stream)))));
    const errors = await Promise.all(Array.from({ length: 20 }, () => failure({ url: site.url })));
    expect(errors.every(({ kind }) => kind === 'reset')).toBe(true);
    expect(asked).toBeLessThanOrEqual(40);
  });

  // Of some of these Node tells nobody; then the deadline ends the request, and the session with it.
  test.each([
    ['data before headers', frame(DATA, 0, 1, Buffer.from('x'))],
    ['a push that nobody wants', frame(5, END_HEADERS, 1, Buffer.from([0, 0, 0, 2, 0x82]))],
    ['headers that are no HPACK', frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.alloc(100, 0xff))],
    ['a frame longer than allowed', Buffer.concat([frame(DATA, 0, 1, Buffer.alloc(20_000))])],
    ['something else than frames', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
  ])('%s end the session for good', async (_name, bytes) => {
    const site = await hostile(speaker((socket) => socket.write(bytes)));
    for (let asked = 1; asked <= 2; asked++) {
      expect(['protocol', 'timeout']).toContain((await failure({ url: site.url, deadlineMs: 500 })).kind);
      expect(site.connections()).toBe(asked);
    }
    await until('the sockets are closed', () => site.sockets.size === 0);
    await expectOthersUntouched();
  });
});

describe('a server that chooses HTTP/2 and does not speak it', () => {
  test('is spoken to in HTTP/1.1, now and the next time', async () => {
    const site = await rawSite(
      (socket) =>
        socket.once('data', (bytes: Buffer) =>
          bytes.toString('latin1').startsWith('GET / HTTP/1.1')
            ? socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok')
            : socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
        ),
      ['h2', 'http/1.1'],
    );
    closers.push(site.close);
    expect((await http.request({ ...LIMITS, url: site.url })).body.toString()).toBe('ok');
    const before = site.connections();
    expect((await http.request({ ...LIMITS, url: site.url })).body.toString()).toBe('ok');
    expect(site.connections()).toBe(before + 1);
    await expectOthersUntouched();
  });

  test('loses a POST rather than send it twice, and gets the next one', async () => {
    const site = await rawSite(
      (socket) =>
        socket.once('data', (bytes: Buffer) =>
          socket.end(
            bytes.toString('latin1').startsWith('POST')
              ? 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok'
              : 'SSH-2.0-OpenSSH_9.2\r\n',
          ),
        ),
      ['h2', 'http/1.1'],
    );
    closers.push(site.close);
    const post = { ...LIMITS, url: site.url, method: 'POST', body: 'x' } as const;
    expect((await failure(post)).kind).toBe('protocol');
    expect((await http.request(post)).body.toString()).toBe('ok');
  });
});
