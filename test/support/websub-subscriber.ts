/** A subscriber of our hub: confirms what it is told to, keeps what is pushed to it, or misbehaves. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pushed {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export class WebSubSubscriber {
  readonly asked: URL[] = [];
  readonly pushed: Pushed[] = [];
  /** What is answered to a question; by default its challenge. */
  confirm: (url: URL) => { status: number; body: string } = (url) => ({
    status: 200,
    body: url.searchParams.get('hub.challenge') ?? '',
  });
  /** Status of the answer to a push; 0: none at all. */
  pushStatus = 204;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<WebSubSubscriber> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const subscriber = new WebSubSubscriber(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST') {
          subscriber.pushed.push({ headers: request.headers, body: Buffer.concat(chunks) });
          if (subscriber.pushStatus > 0) response.writeHead(subscriber.pushStatus).end();
          return;
        }
        const url = new URL(request.url ?? '', subscriber.origin);
        subscriber.asked.push(url);
        const { status, body } = subscriber.confirm(url);
        response.writeHead(status).end(body);
      });
    });
    return subscriber;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
