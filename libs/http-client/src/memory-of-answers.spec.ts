/** Answers that share a budget of memory: all of them come whole, within it, and who finds no room in time says so. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import zlib from 'node:zlib';
import { cert, h2Site } from '../../../test/support/h2-site.js';
import { until } from '../../../test/support/until.js';
import { type ByteAccount, ByteBudget } from './byte-budget.js';
import { OutboundHttp, type OutboundRequest } from './http-client.js';
import { OutboundError } from './outbound-error.js';

const MEGABYTE = 1024 * 1024;
const BODY = Buffer.alloc(MEGABYTE, 'dateline ');
const LIMITS = { deadlineMs: 60_000, maxBytes: 4 * MEGABYTE, maxRedirects: 5 };

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => (server.closeAllConnections(), new Promise((done) => server.close(done))));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(): OutboundHttp {
  const http = new OutboundHttp({ allow: ['127.0.0.0/8'], ca: cert });
  closers.push(() => http.onApplicationShutdown());
  return http;
}

async function failure(http: OutboundHttp, request: Partial<OutboundRequest> & { url: string }): Promise<unknown> {
  return http.request({ ...LIMITS, ...request }).then(
    () => new Error('did not fail'),
    (thrown: unknown) => thrown,
  );
}

/** An account that has taken everything. */
function full(budget: ByteBudget): ByteAccount {
  const account = budget.open();
  account.take(budget.limit + 1);
  return account;
}

const SITES: Record<string, () => Promise<string>> = {
  'by HTTP/1.1': () => serve((response) => response.end(BODY)),
  'by HTTP/1.1, packed': () =>
    serve((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(BODY))),
  'by HTTP/2': async () => {
    // Megabytes: a server of Node's own refuses streams while 10 of them wait to be sent.
    const options = { maxSessionMemory: 100 };
    const site = await h2Site((stream) => {
      stream.respond({ ':status': 200 });
      stream.end(BODY);
    }, options);
    closers.push(site.close);
    return site.url;
  },
};

test.each(Object.keys(SITES))('forty answers of a megabyte come whole in two megabytes, %s', async (name) => {
  const http = client();
  const url = (await SITES[name]?.()) ?? '';
  const budget = new ByteBudget(2 * MEGABYTE);
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, budget.held)), 1);
  try {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const memory = budget.open();
        const { body } = await http.request({ ...LIMITS, url, memory });
        expect(body.equals(BODY)).toBe(true);
        expect(memory.bytes).toBe(MEGABYTE);
        // As long as its taker has it.
        for (let turns = 0; turns < 5; turns++) await turn();
        memory.close();
      }),
    );
  } finally {
    clearInterval(watch);
  }
  expect(budget.pauses).toBeGreaterThan(0);
  expect(budget.held).toBe(0);
  expect(most).toBeLessThanOrEqual(budget.limit + 2 * MEGABYTE + 40 * 65_536);
});

test.each(Object.keys(SITES))('no room until the deadline is nothing against the other side, %s', async (name) => {
  const http = client();
  const url = (await SITES[name]?.()) ?? '';
  const budget = new ByteBudget(MEGABYTE);
  const others = full(budget);
  const memory = budget.open();
  const error = await failure(http, { url, memory, deadlineMs: 300 });
  expect(error).toBeInstanceOf(OutboundError);
  expect(error).toMatchObject({ kind: 'busy', scope: 'ours', message: expect.stringContaining('within 0.3 s') });
  memory.close();
  others.close();
  expect(budget.held).toBe(0);
  const again = budget.open();
  expect((await http.request({ ...LIMITS, url, memory: again })).body.length).toBe(MEGABYTE);
});

test('an answer that breaks off while it waits for room is one that broke off', async () => {
  const answers: ServerResponse[] = [];
  const url = await serve((response) => {
    answers.push(response);
    response.writeHead(200, { 'content-length': String(MEGABYTE) }).write('begun');
  });
  const budget = new ByteBudget(MEGABYTE);
  full(budget);
  const memory = budget.open();
  const failed = failure(client(), { url, memory });
  await until('it waits', () => memory.isWaiting);
  answers[0]?.socket?.resetAndDestroy();
  expect(await failed).toMatchObject({ kind: 'reset' });
});

test.each<[string, (answer: ServerResponse | undefined) => void, (others: ByteAccount) => void]>([
  ['is given up by the other side', (answer) => answer?.socket?.resetAndDestroy(), () => undefined],
  ['has room then, and is late', () => undefined, (others) => others.close()],
])('an answer that waited for much of its time and %s is nothing against it', async (_name, giveUp, makeRoom) => {
  const answers: ServerResponse[] = [];
  const url = await serve((response) => {
    answers.push(response);
    response.writeHead(200, { 'content-length': String(MEGABYTE) }).write('begun');
  });
  const budget = new ByteBudget(MEGABYTE);
  const others = full(budget);
  const memory = budget.open();
  const failed = failure(client(), { url, memory, deadlineMs: 1_500 });
  await until('it has waited', () => memory.waitedMs > 500);
  makeRoom(others);
  giveUp(answers[0]);
  expect(await failed).toMatchObject({ kind: 'busy', scope: 'ours' });
});

test('who waits for room can be cancelled', async () => {
  const url = (await SITES['by HTTP/1.1, packed']?.()) ?? '';
  const budget = new ByteBudget(MEGABYTE);
  full(budget);
  const memory = budget.open();
  const stop = new AbortController();
  const failed = failure(client(), { url, memory, signal: stop.signal });
  await until('it waits', () => memory.isWaiting);
  stop.abort();
  expect(await failed).toMatchObject({ kind: 'aborted' });
});

test('who leaves while its answer waits leaves the others of its HTTP/2 session alone', async () => {
  const streams = new Map<string, ServerHttp2Stream>();
  const site = await h2Site((stream, headers) => {
    streams.set(headers[':path'] ?? '', stream);
    stream.respond({ ':status': 200 });
    if (headers[':path'] !== '/slow') stream.end(BODY.subarray(0, 100_000));
  });
  closers.push(site.close);
  const http = client();
  const slow = http.request({ ...LIMITS, url: `${site.url}/slow` });
  await until('it is asked', () => streams.has('/slow'));
  const budget = new ByteBudget(MEGABYTE);
  full(budget);
  const memory = budget.open();
  const stop = new AbortController();
  const failed = failure(http, { url: `${site.url}/paused`, memory, signal: stop.signal });
  await until('it waits', () => memory.isWaiting && streams.get('/paused')?.closed);
  // What comes after it tells that it has come whole.
  await http.request({ ...LIMITS, url: `${site.url}/other` });
  stop.abort();
  expect(await failed).toMatchObject({ kind: 'aborted' });
  // Longer than a cancelled stream has to end.
  setTimeout(() => streams.get('/slow')?.end('late'), 3_000);
  expect((await slow).body.toString()).toBe('late');
});

test('a slow answer that never had to wait is late by itself', async () => {
  const url = await serve((response) => void response.writeHead(200).write('begun'));
  const memory = new ByteBudget(MEGABYTE).open();
  expect(await failure(client(), { url, memory, deadlineMs: 200 })).toMatchObject({ kind: 'timeout' });
});

test('nor is one that waited for a moment only and then never came', async () => {
  const url = await serve((response) => void response.writeHead(200).write('begun'));
  const budget = new ByteBudget(MEGABYTE);
  const others = full(budget);
  const memory = budget.open();
  const failed = failure(client(), { url, memory, deadlineMs: 2_000 });
  await until('it waits', () => memory.isWaiting);
  others.close();
  expect(await failed).toMatchObject({ kind: 'timeout', scope: 'remote' });
});

test('a redirect’s own body, and what an answer is decoded from, are out of hand', async () => {
  const target = await serve((response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(zlib.gzipSync(zlib.gzipSync(BODY, { level: 0 }))),
  );
  const url = await serve((response) => response.writeHead(302, { location: target }).end(BODY));
  const memory = new ByteBudget(MEGABYTE).open();
  expect((await client().request({ ...LIMITS, url, memory })).body.equals(BODY)).toBe(true);
  expect(memory.bytes).toBe(MEGABYTE);
});

test('a connection that was paused serves further requests', async () => {
  const ports = new Set<number | undefined>();
  const server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    response.end(BODY);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => (server.closeAllConnections(), new Promise((done) => server.close(done))));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = client();
  const budget = new ByteBudget(MEGABYTE);
  for (let round = 0; round < 3; round++) {
    const others = full(budget);
    const memory = budget.open();
    const answer = http.request({ ...LIMITS, url, memory });
    await until('it waits', () => memory.isWaiting);
    others.close();
    expect((await answer).body.equals(BODY)).toBe(true);
    memory.close();
  }
  expect(ports.size).toBeLessThanOrEqual(2);
});
