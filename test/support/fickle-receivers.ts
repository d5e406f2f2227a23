/** Many partner sites on one server that fail at random, each with a record of everything that reached it, in order. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One request. `began` and `ended` count what happened at all sites, so that they say what was before what. */
export interface Visit {
  id: string;
  verified: boolean;
  /** Of the body's bytes. */
  print: string;
  /** What it tells: type, story, version. */
  about: string;
  began: number;
  ended: number;
  accepted: boolean;
}

/** Of one webhook a site refuses so many visits in a row at most: being given up is not what is tried here. */
const MOST_REFUSALS = 4;
/** Longer than a job waits for its attempts. */
const HANG_MS = 1_200;

type Refusal = (response: ServerResponse) => void;
const refuse500: Refusal = (response) => response.writeHead(500).end('it broke');
const refuse503: Refusal = (response) => response.writeHead(503).end();
const reset: Refusal = (response) => response.socket?.resetAndDestroy();
const hang: Refusal = (response) => void setTimeout(() => response.writeHead(503).end(), HANG_MS);
/** Each as often as it stands here; few hang. */
const REFUSALS = [...Array<Refusal[]>(6).fill([refuse500, refuse503, reset]).flat(), hang];

class Site {
  readonly visits: Visit[] = [];
  private readonly refusals = new Map<string, number>();
  secret = '';

  /** Whether this visit is to be refused: at random, but not for ever. */
  refuses(id: string, wants: boolean): boolean {
    const before = this.refusals.get(id) ?? 0;
    const refuses = wants && before < MOST_REFUSALS;
    this.refusals.set(id, refuses ? before + 1 : 0);
    return refuses;
  }
}

export class FickleReceivers {
  private readonly sites: Site[];
  private clock = 0;
  /** Visits that were accepted, at all sites. */
  accepted = 0;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    count: number,
  ) {
    this.sites = Array.from({ length: count }, () => new Site());
  }

  /** `share` of the visits is refused, as `random` has it. */
  static async start(count: number, share: number, random: () => number): Promise<FickleReceivers> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receivers = new FickleReceivers(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      // Whoever is killed in the middle of a request has told us nothing.
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const site = receivers.sites[Number(/\d+$/.exec(request.url ?? '')?.[0])];
        if (site === undefined) return response.writeHead(404).end();
        const visit = receivers.note(site, request.headers, Buffer.concat(chunks));
        response.on('close', () => (visit.ended = ++receivers.clock));
        const wants = random() < share;
        const refusal = REFUSALS[Math.floor(random() * REFUSALS.length)] as Refusal;
        if (site.refuses(visit.id, wants)) return refusal(response);
        visit.accepted = true;
        receivers.accepted += 1;
        response.writeHead(204).end();
      });
    });
    return receivers;
  }

  url(site: number): string {
    return `${this.origin}/hook/${site}`;
  }

  /** What verifies the site's webhooks: the answer to the call that made its endpoint holds it. */
  know(site: number, secret: string): void {
    (this.sites[site] as Site).secret = secret;
  }

  visits(site: number): readonly Visit[] {
    return (this.sites[site] as Site).visits;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private note(site: Site, headers: IncomingHttpHeaders, raw: Buffer): Visit {
    const { type, data } = JSON.parse(raw.toString('utf8')) as {
      type: string;
      data: { story: { id: string; version: number } };
    };
    const visit = {
      id: String(headers['webhook-id']),
      verified: verifies(site.secret, raw, headers as Record<string, string>),
      print: createHash('sha256').update(raw).digest('base64'),
      about: `${type} ${data.story.id} ${data.story.version}`,
      began: ++this.clock,
      ended: Infinity,
      accepted: false,
    };
    site.visits.push(visit);
    return visit;
  }
}

function verifies(secret: string, raw: Buffer, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(raw.toString('utf8'), headers);
    return true;
  } catch {
    return false;
  }
}
