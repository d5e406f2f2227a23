/** A receiver of webhooks that behaves as each path says: well, or badly in its own way. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

const BEHAVIOURS: Record<string, (response: ServerResponse, seen: SeenRequest[]) => void> = {
  '/ok': (response) => response.writeHead(204).end(),
  '/ok-with-body': (response) => response.writeHead(200).end('x'.repeat(50_000)),
  '/hang': () => undefined,
  '/error': (response) => response.writeHead(500).end('it broke'),
  '/redirect': (response) => response.writeHead(307, { location: '/trap' }).end(),
  '/reset': (response) => response.socket?.resetAndDestroy(),
  '/gone': (response) => response.writeHead(410).end(),
  '/busy': (response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
  /** Good status, but a body that never ends, as fast as it goes. */
  '/endless': (response) => {
    response.writeHead(200);
    const pour = () => {
      while (response.write('x'.repeat(16_384)));
      response.once('drain', pour);
    };
    pour();
  },
  /** Good status, then a byte now and then. */
  '/drip': (response) => {
    response.writeHead(200).write('x');
    const timer = setInterval(() => response.write('x'), 50);
    response.on('close', () => clearInterval(timer));
  },
  /** Fails the first time for each webhook-id. */
  '/second-time': (response, seen) => {
    const last = seen.at(-1);
    const times = seen.filter((one) => one.headers['webhook-id'] === last?.headers['webhook-id']).length;
    response.writeHead(times > 1 ? 204 : 503).end();
  },
};

export class HostileReceiver {
  readonly seen: SeenRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<HostileReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new HostileReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      response.on('error', () => undefined);
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = new URL(request.url ?? '/', receiver.origin).pathname;
        receiver.seen.push({
          path,
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          at: Date.now(),
        });
        (BEHAVIOURS[path] ?? ((answer) => answer.writeHead(404).end()))(response, receiver.seen);
      });
    });
    return receiver;
  }

  /** What came to a path, oldest first. */
  at(path: string): SeenRequest[] {
    return this.seen.filter((one) => one.path === path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
