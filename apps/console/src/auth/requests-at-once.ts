/** One partner's programs must not keep the console and its database from all others: each token has a few requests served at once. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askerOf } from './asker.js';

/** Enough for a page that shows a list with what belongs to it. */
export const MOST_AT_ONCE = 10;

export class RequestsAtOnce {
  private readonly served = new Map<string, number>();

  /** Takes a place until the answer has gone or its reader has; false when the token has none left. Operators need none. */
  enter(request: FastifyRequest, reply: FastifyReply): boolean {
    const tokenId = askerOf(request)?.tokenId;
    if (tokenId === undefined || isWait(request)) return true;
    // Who hung up while the token was looked up gets no answer, and nothing would give the place back.
    if (reply.raw.destroyed) return true;
    const served = this.served.get(tokenId) ?? 0;
    if (served >= MOST_AT_ONCE) return false;
    this.served.set(tokenId, served + 1);
    reply.raw.once('close', () => this.leave(tokenId));
    return true;
  }

  private leave(tokenId: string): void {
    const left = (this.served.get(tokenId) ?? 1) - 1;
    if (left > 0) this.served.set(tokenId, left);
    else this.served.delete(tokenId);
  }
}

/** What waits for events costs nothing meanwhile, and has places of its own (`EventWatch`). */
function isWait({ method, routeOptions, query, headers }: FastifyRequest): boolean {
  if (method === 'HEAD' || routeOptions.url !== '/api/v1/events') return false;
  return (
    Number((query as Record<string, unknown>)['wait']) > 0 || headers.accept?.includes('text/event-stream') === true
  );
}
