/** The HTTP server under the bench's loopback servers: nothing but Node's own, with connections that stay open. */
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Listens on a free loopback port and returns the origin. */
export async function listenOnLoopback(listener: RequestListener): Promise<string> {
  const server = createServer({ keepAliveTimeout: 120_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 511, resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
