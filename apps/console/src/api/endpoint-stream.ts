/** Answers receivers who ask instead of being called: page by page, with a wait for what is to come, or as a stream. */
import { once } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { thinData } from '#domain/webhook-body.js';
import type { AccessScope } from '#storage/access-token.repository.js';
import { EndpointStreamRepository, type StreamEvent, type StreamPage } from '#storage/endpoint-stream.repository.js';
import { EndpointRepository, type EndpointRow } from '#storage/endpoint.repository.js';
import { EventWatch } from './event-watch.js';
import { eventView } from './events.schemas.js';
import { pageFrom } from './lists.js';
import { notFound, ProblemException, problemBody } from './problem.js';

export interface StreamAsked {
  endpointId: string;
  /** What the asker's token opens. */
  scope: AccessScope | undefined;
  since: number;
  limit: number;
}

/** Proxies close what is silent; a comment now and then keeps it open. */
const HEARTBEAT_MS = 15_000;
/** A stream ends after this and is asked for again, so that a token that was revoked meanwhile is found out. */
const LONGEST_STREAM_MS = 10 * 60_000;

@Injectable()
export class EndpointStream {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly events: EndpointStreamRepository,
    private readonly watch: EventWatch,
  ) {}

  /** Up to `limit` events; while there is none, waits up to `waitMs`. Throws 404, 410 when `since` is too old, 429. */
  async page(asked: StreamAsked, waitMs: number, reply: FastifyReply) {
    const endpoint = await this.opened(asked);
    let since = await this.begin(endpoint, asked.since);
    const giveBack = waitMs > 0 ? this.watch.takePlace(asked.endpointId) : () => undefined;
    const gone = goneSignal(reply);
    const deadline = Date.now() + waitMs;
    try {
      for (;;) {
        const mark = waitMs > 0 ? await this.watch.mark() : '';
        const page = await this.events.read(asked.endpointId, since, asked.limit);
        since = page.nextSince;
        const isOver = Date.now() >= deadline || gone.aborted || this.watch.isEnded;
        if (page.items.length > 0 || isOver) return view(page, endpoint);
        if (!page.hasMore) await this.watch.wait(mark, deadline - Date.now(), gone);
      }
    } finally {
      giveBack();
    }
  }

  /** Server-sent events (WHATWG HTML, 9.2): each event's id is its seq. Writes no faster than it is read. */
  async follow(asked: StreamAsked, reply: FastifyReply): Promise<void> {
    const endpoint = await this.opened(asked);
    let since = await this.begin(endpoint, asked.since);
    const giveBack = this.watch.takePlace(asked.endpointId);
    const gone = goneSignal(reply);
    const until = Date.now() + LONGEST_STREAM_MS;
    reply.hijack();
    const { raw } = reply;
    const write = async (text: string) => {
      if (!raw.write(text)) await once(raw, 'drain', { signal: gone });
    };
    try {
      const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      raw.writeHead(200, headers as Record<string, string>);
      await write(': hello\n\n');
      while (Date.now() < until && !gone.aborted && !this.watch.isEnded) {
        const mark = await this.watch.mark();
        const page = await this.events.read(asked.endpointId, since, asked.limit);
        since = page.nextSince;
        for (const event of page.items.map((item) => shown(item, endpoint)))
          await write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        if (page.hasMore) continue;
        await this.watch.wait(mark, HEARTBEAT_MS, gone);
        await write(': \n\n');
      }
    } catch {
      // The receiver went away, or Postgres did: it asks again, with the id of the last event it got.
    } finally {
      giveBack();
      raw.end();
    }
  }

  private async opened({ endpointId, scope }: StreamAsked): Promise<EndpointRow> {
    const endpoint = await this.endpoints.get(endpointId, scope);
    if (endpoint === undefined) throw notFound('endpoint', endpointId);
    return endpoint;
  }

  /** Where to begin: zero is the oldest that is kept. */
  private async begin(endpoint: EndpointRow, since: number): Promise<number> {
    const firstKept = await this.events.firstKept(since);
    if (firstKept === null) return Math.max(since, endpoint.since_seq);
    if (since === 0) return Math.max(firstKept, endpoint.since_seq);
    throw new ProblemException(
      problemBody(
        410,
        `What came right after ${since} is not kept any more. Take older stories from the feeds, and go on here with since=${firstKept}.`,
        { kind: 'no-longer-kept', oldestSince: firstKept },
      ),
    );
  }
}

function view({ items, hasMore, nextSince }: StreamPage, endpoint: EndpointRow) {
  const nextCursor = hasMore ? String(nextSince) : null;
  return { ...pageFrom({ items, nextCursor }, (item) => shown(item, endpoint)), nextSince };
}

/** In the form of the endpoint's webhooks. */
function shown(event: StreamEvent, endpoint: EndpointRow) {
  const view = eventView(event);
  return endpoint.body_form === 'thin' ? { ...view, data: thinData(view.data) } : view;
}

/** Fires when the receiver hangs up. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.on('close', () => gone.abort());
  return gone.signal;
}
