/** The ceiling of feed GETs, a process of its own: a bare Fastify route that sends given bytes. */
import { type AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { serveCalls } from '../ground/rpc.js';

const document = { body: Buffer.alloc(0), headers: {} as Record<string, string> };

const app = fastify();
app.get('/feed', (request, reply) => {
  void reply.headers(document.headers);
  if (request.headers['if-none-match'] === document.headers.etag) return reply.code(304).send();
  return reply.send(document.body);
});
await app.listen({ port: 0, host: '127.0.0.1' });

serveCalls({
  url: () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/feed`,
  serve: ({ body, headers }: { body: Uint8Array; headers: Record<string, string> }) => {
    document.body = Buffer.from(body);
    document.headers = headers;
  },
});
