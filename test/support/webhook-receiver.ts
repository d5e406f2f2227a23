/** A partner site that receives webhooks: verifies each with the independent `standardwebhooks` package and remembers what came. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { WebhookBody } from '#contracts/events.js';

export interface ReceivedWebhook {
  id: string;
  verified: boolean;
  body: WebhookBody;
  raw: string;
  at: number;
}

export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** Set once the endpoint is made: its answer holds the secret. */
  secret: string | undefined;
  /** Decides the answer of each request; 200 unless a test says otherwise. */
  answer: (webhook: ReceivedWebhook) => number = () => 200;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const webhook: ReceivedWebhook = {
          id: String(request.headers['webhook-id']),
          verified: receiver.verify(raw, request.headers as Record<string, string>),
          body: JSON.parse(raw) as WebhookBody,
          raw,
          at: Date.now(),
        };
        const status = receiver.answer(webhook);
        // What was refused will come again; only what was accepted counts as received.
        if (status < 300) receiver.received.push(webhook);
        response.writeHead(status).end();
      });
      request.on('error', () => undefined);
    });
    return receiver;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private verify(raw: string, headers: Record<string, string>): boolean {
    if (this.secret === undefined) return false;
    try {
      new Webhook(this.secret).verify(raw, headers);
      return true;
    } catch {
      return false;
    }
  }
}
