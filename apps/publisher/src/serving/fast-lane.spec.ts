/** The fast lane: answers what is ready before Fastify sees it, in every way as the controllers would. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { Metrics } from '#observability/metrics.js';
import type { ContentVersion } from './content-version.js';
import { DocumentCache } from './document-cache.js';
import { FastLane } from './fast-lane.js';
import type { Rendering } from './rendered-document.js';
import { sendDocument } from './send-document.js';

const NOON = new Date('2026-11-20T12:00:00Z');
/** Not the fast lane's: the pipeline marks what it answers itself. */
const MARK = 'x-by-pipeline';

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
  isDated: boolean;
  byLane: boolean;
}

const DOCUMENTS: Record<string, Rendering> = {
  '/feeds/all.rss': {
    status: 200,
    contentType: 'application/rss+xml; charset=utf-8',
    cacheControl: 'public, max-age=60',
    body: '<item>Händel</item>'.repeat(200),
    changedAt: NOON,
    headers: { link: '<https://news.test/websub>; rel="hub"', 'surrogate-key': 'feeds channel/all' },
  },
  '/short': { status: 200, contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache', body: 'Short.' },
  '/gone': { status: 410, contentType: 'text/html; charset=utf-8', cacheControl: 'public', body: 'Gone. '.repeat(300) },
  '/old': {
    status: 301,
    contentType: 'text/plain; charset=utf-8',
    cacheControl: 'public',
    body: 'Moved to /short\n',
    headers: { location: '/short' },
  },
};

describe('the fast lane', () => {
  const agent = new Agent({ keepAlive: true });
  let version = '1';
  let cache: DocumentCache;
  let quick: FastifyInstance;
  let plain: FastifyInstance;

  /** A server whose pipeline answers as a controller does: from the cache. */
  async function server(withLane: boolean): Promise<FastifyInstance> {
    const host = new HttpAdapterHost<FastifyAdapter>();
    host.httpAdapter = new FastifyAdapter({ forceCloseConnections: true });
    const instance = host.httpAdapter.getInstance<FastifyInstance>();
    if (withLane) new FastLane(host, cache);
    instance.route({
      method: ['GET', 'HEAD', 'POST'],
      url: '/*',
      handler: async (asked, reply) => {
        const rendering = DOCUMENTS[asked.url] ?? { ...DOCUMENTS['/short'], status: 404 };
        const document = await cache.get(asked.url, async () => rendering as Rendering);
        void reply.header(MARK, 'yes');
        await sendDocument(asked, reply, document);
        return reply;
      },
    });
    await instance.listen({ port: 0, host: '127.0.0.1' });
    return instance;
  }

  beforeAll(async () => {
    cache = new DocumentCache({ current: () => version } as ContentVersion, new Metrics());
    quick = await server(true);
    plain = await server(false);
  });
  afterAll(async () => {
    await quick.close();
    await plain.close();
    agent.destroy();
  });

  function ask(of: FastifyInstance, path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<Answer>((resolve, reject) => {
      const { port } = of.server.address() as AddressInfo;
      const asked = request({ port, host: '127.0.0.1', path, method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { date, [MARK]: mark, ...rest } = response.headers;
          const body = Buffer.concat(chunks).toString('base64');
          const [isDated, byLane] = [date !== undefined, mark === undefined];
          resolve({ status: response.statusCode, headers: rest, body, isDated, byLane });
        });
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  it('answers every request that it takes as the pipeline does', async () => {
    for (const path of Object.keys(DOCUMENTS))
      for (const encoding of ['identity', 'gzip', 'br']) await ask(plain, path, { 'accept-encoding': encoding });
    const etag = String((await ask(plain, '/feeds/all.rss')).headers.etag);
    const gzipped = String((await ask(plain, '/feeds/all.rss', { 'accept-encoding': 'gzip' })).headers.etag);
    const tags = fc.constantFrom(etag, gzipped, `W/${etag}`, '*', '"other"', `"a", ${gzipped}`, '"a",W/"b"');
    const dates = fc.constantFrom(NOON.toUTCString(), new Date(+NOON + 1_000).toUTCString(), 'yesterday');
    const headers = fc.record(
      {
        'accept-encoding': fc.constantFrom('identity', 'gzip', 'br', 'gzip, br', 'br;q=0, gzip', '*', 'deflate'),
        'if-none-match': tags,
        'if-modified-since': dates,
      },
      { requiredKeys: [] },
    );
    let byLane = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(DOCUMENTS)),
        headers,
        fc.constantFrom('GET', 'HEAD'),
        async (path, asked, method) => {
          const [taken, expected] = await Promise.all([
            ask(quick, path, asked, method),
            ask(plain, path, asked, method),
          ]);
          expect({ ...taken, byLane: false }).toEqual(expected);
          if (taken.byLane) byLane++;
        },
      ),
      { numRuns: 200 },
    );
    // Not all of them where the machine is so slow that a document grows old meanwhile.
    expect(byLane).toBeGreaterThan(100);
  });

  it('leaves to the pipeline what is not ready: another method, an address not asked for before, newer content', async () => {
    await ask(quick, '/short');
    expect((await ask(quick, '/short')).byLane).toBe(true);
    expect((await ask(quick, '/short', {}, 'POST')).byLane).toBe(false);
    expect((await ask(quick, '/short?utm_source=x')).byLane).toBe(false);
    version = '2';
    expect((await ask(quick, '/short')).byLane).toBe(false);
    expect((await ask(quick, '/short')).byLane).toBe(true);
  });
});
