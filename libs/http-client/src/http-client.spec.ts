import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import zlib from 'node:zlib';
import { startStopwatch } from '../../../test/support/stopwatch.js';
import { OutboundHttp, type OutboundRequest } from './http-client.js';
import { OutboundError } from './outbound-error.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => (server.closeAllConnections(), new Promise((done) => server.close(done))));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveRaw(talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => (sockets.forEach((socket) => socket.destroy()), new Promise((done) => server.close(done))));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(options: ConstructorParameters<typeof OutboundHttp>[0] = {}): OutboundHttp {
  const http = new OutboundHttp({ allow: ['127.0.0.0/8'], ...options });
  closers.push(() => http.onApplicationShutdown());
  return http;
}

const LIMITS = { deadlineMs: 60_000, maxBytes: 1_000_000, maxRedirects: 5 };
async function failure(
  http: OutboundHttp,
  request: Partial<OutboundRequest> & { url: string },
): Promise<OutboundError> {
  const error: unknown = await http.request({ ...LIMITS, ...request }).then(
    () => new Error('did not fail'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}

describe('OutboundHttp', () => {
  test('answers with status, headers, body and final address', async () => {
    const base = await serve((request, response) => {
      response.setHeader('x-twice', ['a', 'b']);
      response.end(`${request.method} ${request.url} ${request.headers['user-agent']}`);
    });
    const response = await client({ userAgent: 'Tester/1' }).request({ ...LIMITS, url: `${base}/feed?x=1#part` });
    expect(response).toMatchObject({ status: 200, url: `${base}/feed?x=1`, redirects: [], truncated: false });
    expect(response.headers['x-twice']).toBe('a, b');
    expect(response.body.toString()).toBe('GET /feed?x=1 Tester/1');
  });

  test('reuses its connections', async () => {
    const ports = new Set<number | undefined>();
    const base = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const http = client();
    for (let i = 0; i < 5; i++) await http.request({ ...LIMITS, url: base });
    // A second one may open while the first is still settling its last answer.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test.each(['gzip', 'deflate', 'raw deflate', 'br', 'gzip, br', 'wrongly labelled gzip'])(
    'decodes %s',
    async (encoding) => {
      const text = Buffer.from('dateline '.repeat(1000));
      const encode: Record<string, (bytes: Buffer) => Buffer> = {
        gzip: zlib.gzipSync,
        deflate: zlib.deflateSync,
        'raw deflate': zlib.deflateRawSync,
        br: zlib.brotliCompressSync,
        'gzip, br': (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes)),
        'wrongly labelled gzip': (bytes) => bytes,
      };
      const base = await serve((_request, response) => {
        response.setHeader('content-encoding', encoding.replace('raw ', '').replace('wrongly labelled ', ''));
        response.end(encode[encoding]?.(text));
      });
      const response = await client().request({ ...LIMITS, url: base });
      expect(response.body.equals(text)).toBe(true);
    },
  );

  describe('the guard', () => {
    test.each([
      'http://127.0.0.1:1/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://169.254.169.254/latest/meta-data',
      'http://[fd00:ec2::254]/',
      'https://10.0.0.1/',
    ])('refuses %s', async (url) => {
      const error = await failure(client({ allow: [] }), { url });
      expect(error).toMatchObject({ kind: 'blocked', scope: 'remote' });
    });

    test('refuses a name that leads to a private address', async () => {
      const http = client({ allow: [], lookup: async () => [{ address: '10.1.2.3', family: 4 }] });
      const error = await failure(http, { url: 'http://news.example/feed' });
      expect(error).toMatchObject({ kind: 'blocked' });
      expect(error.message).toContain('news.example');
    });

    test('connects to the address it checked, however the name answers next (DNS rebinding)', async () => {
      const base = await serve((_request, response) => response.end('public'));
      const port = Number(new URL(base).port);
      let asked = 0;
      const http = client({
        allow: ['127.0.0.1/32'],
        // 127.0.0.2 plays the inside address: listening servers would answer there as well.
        lookup: async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }],
      });
      const response = await http.request({ ...LIMITS, url: `http://rebind.example:${port}/` });
      expect(response.body.toString()).toBe('public');
      expect(asked).toBe(1);
    });

    test('uses only the open ones of several addresses', async () => {
      const base = await serve((_request, response) => response.end('ok'));
      const port = Number(new URL(base).port);
      const lookup = async () => ['10.0.0.1', '127.0.0.1'].map((address) => ({ address, family: 4 }));
      const response = await client({ lookup }).request({ ...LIMITS, url: `http://mixed.example:${port}/` });
      expect(response.status).toBe(200);
    });

    test.each(['http://127.0.0.1:1/', 'http://169.254.169.254/', 'http://0/'])(
      'refuses a redirect to %s',
      async (target) => {
        const base = await serve((_request, response) => response.writeHead(302, { location: target }).end());
        const port = new URL(base).port;
        const error = await failure(client({ allow: [`127.0.0.1/32:${port}`] }), { url: base });
        expect(error.kind).toBe('blocked');
      },
    );
  });

  describe('redirects', () => {
    test('are followed and reported, relative ones too', async () => {
      const base = await serve((request, response) => {
        if (request.url === '/old') response.writeHead(301, { location: '/newer' }).end('moved');
        else if (request.url === '/newer') response.writeHead(308, { location: 'newest?a=b#c' }).end('moved');
        else response.end(request.url);
      });
      const response = await client().request({ ...LIMITS, url: `${base}/old` });
      expect(response.body.toString()).toBe('/newest?a=b');
      expect(response.redirects).toEqual([
        { from: `${base}/old`, to: `${base}/newer`, status: 301 },
        { from: `${base}/newer`, to: `${base}/newest?a=b`, status: 308 },
      ]);
    });

    test('are the answer itself when none may be followed', async () => {
      const base = await serve((_request, response) => response.writeHead(302, { location: '/x' }).end());
      expect((await client().request({ ...LIMITS, maxRedirects: 0, url: base })).status).toBe(302);
    });

    test('keep credentials within their origin', async () => {
      const seen: (string | undefined)[] = [];
      const other = await serve((request, response) => (seen.push(request.headers.authorization), response.end()));
      const base = await serve((request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(302, { location: request.url === '/' ? '/again' : other }).end();
      });
      await client().request({ ...LIMITS, url: base.replace('//', '//me:secret@') });
      const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
      expect(seen).toEqual([basic, basic, undefined]);
    });

    test('keep credentials of the caller’s own names so, also after a POST became a GET', async () => {
      const seen: (string | string[] | undefined)[] = [];
      const other = await serve((request, response) => (seen.push(request.headers['x-key']), response.end()));
      const base = await serve((request, response) => {
        seen.push(request.headers['x-key']);
        response.writeHead(303, { location: request.url === '/' ? '/again' : other }).end();
      });
      const credentials = { 'X-Key': 'secret' };
      await client().request({ ...LIMITS, url: base, method: 'POST', body: 'x', credentials });
      expect(seen).toEqual(['secret', 'secret', undefined]);
    });

    test.each([
      [303, 'GET'],
      [302, 'GET'],
      [307, 'POST'],
    ])('after %d a POST becomes %s', async (status, method) => {
      const base = await serve((request, response) => {
        if (request.url === '/') response.writeHead(status, { location: '/next' }).end();
        else response.end(request.method);
      });
      const response = await client().request({ ...LIMITS, url: base, method: 'POST', body: 'x' });
      expect(response.body.toString()).toBe(method);
    });

    test.each([
      ['http://[bad/', 'bad-redirect'],
      ['file:///etc/passwd', 'bad-redirect'],
      ['/', 'too-many-redirects'],
      ['', 'bad-redirect'],
    ])('to "%s" end as %s', async (location, kind) => {
      const base = await serve((_request, response) => response.writeHead(301, { location }).end());
      expect((await failure(client(), { url: base })).kind).toBe(kind);
    });

    test('without end are ended', async () => {
      const base = await serve((request, response) => response.writeHead(302, { location: `${request.url}x` }).end());
      expect((await failure(client(), { url: base })).kind).toBe('too-many-redirects');
    });
  });

  describe('hostile servers', () => {
    test('an endless body ends at the limit', async () => {
      const base = await serve((_request, response) => {
        const send = () => {
          while (response.write(Buffer.alloc(65_536, 'x')));
        };
        response.on('drain', send);
        send();
      });
      expect((await failure(client(), { url: base })).kind).toBe('too-large');
    });

    test('an announced 300 MB is not read', async () => {
      const base = await serve((_request, response) =>
        response.writeHead(200, { 'content-length': 300_000_000 }).write('x'),
      );
      expect((await failure(client(), { url: base })).kind).toBe('too-large');
    });

    test.each(['gzip', 'br', 'deflate'])('a %s bomb ends at the limit of decoded bytes', async (encoding) => {
      const zeros = Buffer.alloc(50_000_000);
      const bomb =
        encoding === 'br'
          ? zlib.brotliCompressSync(zeros)
          : encoding === 'gzip'
            ? zlib.gzipSync(zeros)
            : zlib.deflateSync(zeros);
      const base = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
      );
      expect((await failure(client(), { url: base })).kind).toBe('too-large');
    });

    test('a truncated gzip body is a decoding error', async () => {
      const cut = zlib.gzipSync(Buffer.from('dateline '.repeat(1000))).subarray(0, 40);
      const base = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(cut),
      );
      expect((await failure(client(), { url: base })).kind).toBe('decode');
    });

    test('silence, dripping headers and dripping bodies end at the deadline', async () => {
      const silent = await serveRaw(() => undefined);
      const drip = (start: string) => (socket: Socket) => {
        socket.write(start);
        const timer = setInterval(() => socket.write('a'), 50);
        socket.on('close', () => clearInterval(timer));
      };
      const headers = await serveRaw(drip('HTTP/1.1 200 OK\r\nx-slow: '));
      const body = await serveRaw(drip('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'));
      const elapsed = startStopwatch();
      const http = client();
      const errors = await Promise.all([silent, headers, body].map((url) => failure(http, { url, deadlineMs: 300 })));
      expect(errors.map((error) => error.kind)).toEqual(['timeout', 'timeout', 'timeout']);
      expect(elapsed()).toBeLessThan(5_000);
    });

    test('the deadline covers a name server that does not answer', async () => {
      const http = client({ lookup: () => new Promise(() => undefined) });
      expect((await failure(http, { url: 'http://slow.example/', deadlineMs: 200 })).kind).toBe('timeout');
    });

    test.each([
      ['a reset', (socket: Socket) => socket.resetAndDestroy(), 'reset'],
      [
        'a body shorter than announced',
        (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
        'reset',
      ],
      ['something else than HTTP', (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'protocol'],
      ['endless headers', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`), 'protocol'],
    ])('%s is %s', async (_name, talk, kind) => {
      const url = await serveRaw((socket) => socket.once('data', () => talk(socket)));
      expect((await failure(client(), { url })).kind).toBe(kind);
    });

    test('a refused connection, an unknown name and an https port that speaks no TLS are told apart', async () => {
      const plain = await serveRaw((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      );
      const notFound = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      const http = client({ lookup: () => Promise.reject(notFound) });
      expect((await failure(http, { url: 'http://127.0.0.1:1/' })).kind).toBe('refused');
      expect(await failure(http, { url: 'http://nowhere.example/' })).toMatchObject({ kind: 'dns', scope: 'remote' });
      const failed = await failure(http, { url: plain.replace('http:', 'https:') });
      expect(failed.kind).toBe('tls');
      expect(failed.message).toMatch(
        /^127\.0\.0\.1:\d+: no secure connection \(wrong version number: no TLS is spoken there\)$/,
      );
    });

    test('a silent resolver is our own trouble until a name has resolved', async () => {
      const again = Object.assign(new Error('again'), { code: 'EAI_AGAIN' });
      const http = client({
        lookup: async (name) =>
          name === 'good.example' ? [{ address: '127.0.0.1', family: 4 }] : Promise.reject(again),
      });
      expect(await failure(http, { url: 'http://bad.example/' })).toMatchObject({ kind: 'dns', scope: 'ours' });
      await failure(http, { url: 'http://good.example:1/' });
      expect(await failure(http, { url: 'http://worse.example/' })).toMatchObject({ kind: 'dns', scope: 'remote' });
    });
  });

  test('truncate keeps the first bytes of whatever comes', async () => {
    const base = await serve((_request, response) => {
      response.on('error', () => undefined);
      for (let i = 0; i < 100; i++) response.write(Buffer.alloc(10_000, 'y'));
      response.end();
    });
    const response = await client().request({ ...LIMITS, url: base, maxBytes: 16_384, overflow: 'truncate' });
    expect(response).toMatchObject({ status: 200, truncated: true });
    expect(response.body.length).toBe(16_384);
  });

  test('a cancelled request ends at once', async () => {
    const silent = await serveRaw(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    expect((await failure(client(), { url: silent, signal: abort.signal })).kind).toBe('aborted');
  });

  test.each(['upgrade: x\r\nconnection: upgrade\r\n', ''])(
    'a change of protocol that was not asked for is called that (%j)',
    async (headers) => {
      const url = await serveRaw((socket) => {
        socket.once('data', () => socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`));
      });
      expect(await failure(client(), { url, method: 'POST', body: Buffer.from('x') })).toMatchObject({
        kind: 'protocol',
        message: expect.stringMatching(/: the host answered 101, a change of protocol that was not asked for$/),
      });
    },
  );

  test.each(['ftp://x/', 'nonsense', 'http://', 'javascript:1'])('%s is not an address', async (url) => {
    expect((await failure(client(), { url })).kind).toBe('protocol');
  });

  test('a header with a line break is never sent', async () => {
    const error = await failure(client(), { url: 'http://127.0.0.1:1/', headers: { 'if-none-match': 'a\r\nx: y' } });
    expect(error).toMatchObject({ kind: 'protocol', scope: 'ours' });
  });
});
