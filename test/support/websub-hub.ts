/** A partner that pushes, and its hub: serves feeds, takes subscriptions, asks back, pushes signed content, or misbehaves. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a subscriber asked for. */
export interface SeenSubscription {
  path: string;
  headers: IncomingHttpHeaders;
  form: URLSearchParams;
}

export interface PushOptions {
  method?: string;
  secret?: string;
  /** Sent as they are, instead of a signature. */
  headers?: Record<string, string>;
  contentType?: string;
  /** Another origin to push to, instead of the one of the callback. */
  origin?: string;
}

type Answer = (response: ServerResponse, seen: SeenSubscription) => void;

export class WebSubHub {
  readonly seen: SeenSubscription[] = [];
  /** Documents served by path; `link` is a Link header. */
  readonly documents = new Map<string, { body: string; link?: string; contentType?: string }>();
  /** Polls answered, by path. */
  readonly polled = new Map<string, number>();
  /** How each path below /hub answers a subscription; others accept and verify. */
  readonly answers = new Map<string, Answer>();
  leaseSeconds = 86_400;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<WebSubHub> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const hub = new WebSubHub(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST') {
          const form = new URLSearchParams(Buffer.concat(chunks).toString());
          const seen = { path, headers: request.headers, form };
          hub.seen.push(seen);
          (hub.answers.get(path) ?? hub.accept)(response, seen);
          return;
        }
        const found = hub.documents.get(path);
        hub.polled.set(path, (hub.polled.get(path) ?? 0) + 1);
        if (!found) return void response.writeHead(404).end();
        const type = found.contentType ?? 'application/atom+xml';
        response.writeHead(200, { 'content-type': type, ...(found.link === undefined ? {} : { link: found.link }) });
        response.end(found.body);
      });
    });
    return hub;
  }

  /** Answers 202 and asks back, as a hub should. */
  readonly accept: Answer = (response, seen) => {
    response.writeHead(202).end();
    void this.verify(seen);
  };

  /** Asks a subscriber whether it meant it; what it answered, and whether it echoed the challenge. */
  async verify({ form }: SeenSubscription, changes: Record<string, string> = {}) {
    const challenge = `challenge-${Math.random()}`;
    const query = new URLSearchParams({
      'hub.mode': form.get('hub.mode') ?? '',
      'hub.topic': form.get('hub.topic') ?? '',
      'hub.challenge': challenge,
      'hub.lease_seconds': String(this.leaseSeconds),
      ...changes,
    });
    const response = await fetch(`${form.get('hub.callback')}?${query.toString()}`);
    return { status: response.status, echoed: (await response.text()) === challenge };
  }

  /** Pushes to who subscribed; answers the status. */
  async push({ form }: SeenSubscription, body: string | Buffer, options: PushOptions = {}): Promise<number> {
    const { method = 'sha256', secret = form.get('hub.secret') ?? '', headers } = options;
    const signature = `${method}=${createHmac(method, secret).update(body).digest('hex')}`;
    const callback = new URL(form.get('hub.callback') ?? '');
    const response = await fetch(options.origin === undefined ? callback : new URL(callback.pathname, options.origin), {
      method: 'POST',
      headers: {
        'content-type': options.contentType ?? 'application/atom+xml',
        ...(headers ?? { 'x-hub-signature': signature }),
      },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Requests for a topic, oldest first. */
  askedFor(topic: string, mode = 'subscribe'): SeenSubscription[] {
    return this.seen.filter(({ form }) => form.get('hub.topic') === topic && form.get('hub.mode') === mode);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** An Atom document. `hub` and `self` become links, `ids` entries that were published now. */
export function atomDocument(facts: {
  hub?: string;
  self?: string;
  title?: string;
  ids: string[];
  /** Of the feed and its entries; now by default. */
  updated?: string;
  /** Of each entry, beside its id. */
  headline?: string;
}): string {
  const { updated: now = new Date().toISOString(), headline = 'News' } = facts;
  const entries = facts.ids.map(
    (id) => `<entry><id>urn:test:${id}</id><title>${headline} ${id}</title><updated>${now}</updated>
<link href="https://partner.example/${id}"/><content type="html">The text of ${id}.</content></entry>`,
  );
  const links = (['hub', 'self'] as const).map((rel) =>
    facts[rel] ? `<link rel="${rel}" href="${facts[rel]}"/>` : '',
  );
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:test:feed</id>
<title>${facts.title ?? 'A partner that pushes'}</title><updated>${now}</updated>${links.join('')}${entries.join('')}</feed>`;
}
