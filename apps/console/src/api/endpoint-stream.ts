/** Answers receivers who ask instead of being called: page by page, with a wait for what is to come, or as a stream. */
import { once } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { thinData } from '#domain/webhook-body.js';
import { AccessTokenRepository } from '#storage/access-token.repository.js';
import { EventLogRepository } from '#storage/event-log.repository.js';
import { EndpointStreamRepository, type StreamEvent, type StreamPage } from '#storage/endpoint-stream.repository.js';
import { EndpointRepository, type EndpointRow } from '#storage/endpoint.repository.js';
import type { Asker } from '../auth/asker.js';
import { EventWatch } from './event-watch.js';
import { beyondNewest } from './beyond-newest.js';
import { eventView } from './events.schemas.js';
import { pageFrom } from './lists.js';
import { notFound, ProblemException, problemBody } from './problem.js';

export interface StreamAsked {
  endpointId: string;
  /** Undefined: the operator. */
  asker: Asker | undefined;
  since: number;
  limit: number;
}

/** Proxies close what is silent; a comment now and then keeps it open. */
const HEARTBEAT_MS = 15_000;
/** A stream ends after this, also one that nobody reads: it must not keep its place for ever. */
const LONGEST_STREAM_MS = 10 * 60_000;

@Injectable()
export class EndpointStream {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly events: EndpointStreamRepository,
    private readonly log: EventLogRepository,
    private readonly tokens: AccessTokenRepository,
    private readonly watch: EventWatch,
  ) {}

  /** Up to `limit` events; while there is none, waits up to `waitMs`. Throws 401, 404, 410 when `since` is too old or was never given, 429. */
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
        if (page.items.length > 0 || isOver) return view(page, waitMs > 0 ? await this.stillOpened(asked) : endpoint);
        if (!page.hasMore) await this.watch.wait(mark, deadline - Date.now(), gone);
      }
    } finally {
      giveBack();
    }
  }

  /**
   * Server-sent events (WHATWG HTML, 9.2): each event's id is its seq. Between them an id alone says how far the log was read, so
   * that who connects again does not begin at the last event that was for it. Writes no faster than it is read. What the
   * asker's token does not open any more is not written, however long ago the stream began.
   */
  async follow(asked: StreamAsked, reply: FastifyReply): Promise<void> {
    const begun = await this.opened(asked);
    let since = await this.begin(begun, asked.since);
    const giveBack = this.watch.takePlace(asked.endpointId);
    const over = AbortSignal.any([goneSignal(reply), AbortSignal.timeout(LONGEST_STREAM_MS)]);
    reply.hijack();
    const { raw } = reply;
    const write = async (text: string) => {
      if (!raw.write(text)) await once(raw, 'drain', { signal: over });
    };
    try {
      const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      raw.writeHead(200, headers as Record<string, string>);
      await write(': hello\n\n');
      let toldAt = Date.now();
      while (!over.aborted && !this.watch.isEnded) {
        const mark = await this.watch.mark();
        const page = await this.events.read(asked.endpointId, since, asked.limit);
        since = page.nextSince;
        // Most of what wakes a stream is for other endpoints.
        if (page.items.length > 0 || Date.now() - toldAt >= HEARTBEAT_MS) {
          const endpoint = await this.stillOpened(asked);
          for (const event of page.items.map((item) => shown(item, endpoint)))
            await write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
          await write(`id: ${since}\n\n`);
          toldAt = Date.now();
        }
        if (!page.hasMore) await this.watch.wait(mark, toldAt + HEARTBEAT_MS - Date.now(), over);
      }
    } catch {
      // The receiver went away or its token ended, or Postgres did: it asks again, with the id that it got last.
    } finally {
      giveBack();
      // What is left unread would keep the connection.
      if (raw.writableNeedDrain) raw.destroy();
      else raw.end();
    }
  }

  private async opened({ endpointId, asker }: StreamAsked): Promise<EndpointRow> {
    const endpoint = await this.endpoints.get(endpointId, asker?.scope);
    if (endpoint === undefined) throw notFound('endpoint', endpointId);
    return endpoint;
  }

  /** The endpoint as it is by now, after a wait. Throws 401 when the token that began it was ended. */
  private async stillOpened(asked: StreamAsked): Promise<EndpointRow> {
    if (asked.asker !== undefined && !(await this.tokens.isLive(asked.asker.tokenId)))
      throw new ProblemException(problemBody(401, 'This token was ended. Ask the operator of the hub for another.'));
    return this.opened(asked);
  }

  /** Where to begin: zero is the oldest that is kept. Throws 410 for what was before that, or is of another past. */
  private async begin(endpoint: EndpointRow, since: number): Promise<number> {
    const newest = since === 0 ? 0 : await this.log.newestSeq();
    if (since > newest) throw beyondNewest(since, newest, await this.begin(endpoint, 0));
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
  // Perhaps while it was looked up what may be told: then nothing more is said of it.
  if (reply.raw.destroyed) gone.abort();
  else reply.raw.on('close', () => gone.abort());
  return gone.signal;
}
