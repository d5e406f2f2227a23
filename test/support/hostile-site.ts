/** Partners at their worst: every way a feed's server is known to misbehave, one path each. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');

export class HostileSite {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<HostileSite> {
    const server = createServer((request, response) => {
      response.on('error', () => undefined);
      (BEHAVIOUR[request.url ?? ''] ?? ((answer: ServerResponse) => answer.writeHead(404).end()))(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HostileSite(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const redirect = (to: string) => (response: ServerResponse) => response.writeHead(302, { location: to }).end();

const BEHAVIOUR: Record<string, (response: ServerResponse) => void> = {
  '/hang': () => undefined,
  '/500': (response) => response.writeHead(500).end('out of order'),
  '/page': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>No feed here</body></html>'),
  '/endless': (response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' });
    response.write('<rss version="2.0"><channel><title>Endless</title>');
    const timer = setInterval(() => response.write('<item><title>again</title></item>'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/huge': (response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml', 'content-length': String(300 * MEGABYTE.length) });
    pour(response, 300);
  },
  '/loop': redirect('/loop'),
  '/to-loopback': redirect('http://127.0.0.2:1/feed'),
  '/to-metadata': redirect('http://169.254.169.254/latest/meta-data/'),
};

/** Writes megabyte after megabyte, as fast as the reader takes them. */
function pour(response: ServerResponse, megabytes: number): void {
  let left = megabytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(MEGABYTE)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
