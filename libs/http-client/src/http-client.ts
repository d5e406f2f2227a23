/** The only door out: every feed poll, webhook and callback of the hub leaves through OutboundHttp. */
import type { OnApplicationShutdown } from '@nestjs/common';
import { AddressGuard } from './address-guard.js';
import { ACCEPTED_ENCODINGS, type Overflow } from './body-decoder.js';
import type { ByteAccount } from './byte-budget.js';
import { Cancellation } from './cancellation.js';
import { DirectSender, type SentByProtocol } from './direct-sender.js';
import { exchange, type ExchangeRequest, type LimitFor } from './exchange.js';
import { type LookupFunction, NameLookup } from './name-lookup.js';
import { OutboundError, toOutboundError } from './outbound-error.js';
import { isRedirect, nextHop } from './redirects.js';
import { type WayOut, wayOf, WaysOut } from './way-out.js';
import { parseUrl } from '#domain/parse-url.js';

export interface OutboundOptions {
  /** Private ranges that may be reached: `CIDR` or `CIDR:port`. */
  allow?: readonly string[];
  /** Sent when a request brings no user-agent of its own. */
  userAgent?: string;
  /** Connections to one origin at once, or requests on its HTTP/2 session; more requests wait. */
  socketsPerOrigin?: number;
  /** HTTP/2 where the server offers it (default); false: HTTP/1.1 only. */
  allowH2?: boolean;
  /** How long an unused connection or session stays open, and how many sessions of HTTP/2 do (tests). */
  keepAliveMs?: number;
  maxSessions?: number;
  /** Replaces the system's name resolution (tests). */
  lookup?: LookupFunction;
  /** Extra certificate authorities, PEM (tests). */
  ca?: string;
}

export interface OutboundRequest {
  /** http or https; `user:password@` in it becomes basic authorisation of its origin. */
  url: string;
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  /** Headers for the first origin only: a redirect to another one goes without them. */
  credentials?: Record<string, string> | undefined;
  /** When the request does not leave straight and strictly. */
  wayOut?: WayOut | undefined;
  body?: string | Buffer;
  /** For everything together: names, connections, redirects, headers and body. */
  deadlineMs: number;
  /** Most bytes of body, on the wire and decoded. */
  maxBytes: number;
  /** 'fail' (default) makes more bytes an error; 'truncate' keeps the first ones. */
  overflow?: Overflow;
  /** 0 (default) returns a redirect as the answer it is. */
  maxRedirects?: number;
  /** What the answer takes from a budget, until the caller closes it. Reading pauses while there is no room. */
  memory?: ByteAccount | undefined;
  signal?: AbortSignal | undefined;
}

export interface Redirect {
  from: string;
  to: string;
  status: number;
}
export interface OutboundResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** The address that answered, after redirects. */
  url: string;
  redirects: Redirect[];
  truncated: boolean;
  durationMs: number;
}

/** Of a redirect's own body nothing is wanted, but reading a little of it keeps the connection usable. */
const REDIRECT_BODY = { maxBytes: 16_384, overflow: 'truncate' } as const;
/** Fifty ways out may be open. */
const SESSIONS_PER_WAY = 50;
/** Of a deadline, spent on waiting for room: beyond it what fails is ours. */
const OUR_SHARE = 0.25;
const BAD_HEADER = /[\r\n\0]/;

export class OutboundHttp implements OnApplicationShutdown {
  private readonly direct: DirectSender;
  private readonly waysOut: WaysOut;
  private readonly userAgent: string;

  constructor(options: OutboundOptions = {}) {
    this.userAgent = options.userAgent ?? 'Dateline';
    const pools = {
      connections: options.socketsPerOrigin ?? 64,
      // Deadlines cover every stage; undici's own timers would only double them.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: options.keepAliveMs ?? 4_000,
      keepAliveMaxTimeout: 30_000,
    };
    const connector = {
      guard: new AddressGuard(options.allow),
      names: new NameLookup(options.lookup),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    };
    const maxSessions = options.allowH2 === false ? 0 : (options.maxSessions ?? 1_000);
    this.direct = new DirectSender(connector, pools, maxSessions);
    this.waysOut = new WaysOut(connector, pools, Math.min(maxSessions, SESSIONS_PER_WAY));
  }

  /**
   * Sends a request, following up to `maxRedirects` redirects, each checked like the first address.
   * Any HTTP status is an answer, not an error.
   * @throws {OutboundError} and nothing else.
   */
  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const started = performance.now();
    const cancellation = new Cancellation(request.deadlineMs, request.signal);
    const waitedBefore = request.memory?.waitedMs ?? 0;
    try {
      return await this.follow(request, cancellation, started);
    } catch (error) {
      const failure = toOutboundError(error, 'request');
      const waitedMs = (request.memory?.waitedMs ?? 0) - waitedBefore;
      // Whom we let wait that long is not to blame for being late, nor for having given us up.
      const isImpatience = failure.kind === 'timeout' || failure.kind === 'reset';
      if (isImpatience && waitedMs > request.deadlineMs * OUR_SHARE) throw noRoom(request.deadlineMs);
      throw failure;
    } finally {
      cancellation.end();
    }
  }

  private async follow(
    request: OutboundRequest,
    cancellation: Cancellation,
    started: number,
  ): Promise<OutboundResponse> {
    const { maxRedirects = 0, maxBytes, overflow = 'fail' } = request;
    const redirects: Redirect[] = [];
    const seen: string[] = [];
    const first = this.firstHop(request);
    const wanted = { maxBytes, overflow };
    const limitFor: LimitFor = (status) => (maxRedirects > 0 && isRedirect(status) ? REDIRECT_BODY : wanted);
    for (let hop = first; ;) {
      const response = request.wayOut
        ? await this.waysOut.exchange(wayOf(request.wayOut, first.url.host, hop.url), hop, limitFor, cancellation)
        : await exchange(this.direct, hop, limitFor, cancellation);
      if (maxRedirects === 0 || !isRedirect(response.status)) {
        const { status, headers, body, truncated } = response;
        const durationMs = performance.now() - started;
        return { status, headers, body, truncated, url: hop.url.href, redirects, durationMs };
      }
      seen.push(`${hop.method} ${hop.url.href}`);
      const next = nextHop(hop, response);
      request.memory?.giveBack(response.body.length);
      redirects.push({ from: hop.url.href, to: next.url.href, status: response.status });
      if (seen.includes(`${next.method} ${next.url.href}`)) {
        throw new OutboundError('too-many-redirects', `redirect loop: ${next.url.href} leads back to itself`);
      }
      if (redirects.length > maxRedirects) {
        throw new OutboundError(
          'too-many-redirects',
          `more than ${maxRedirects} redirects, the last to ${next.url.href}`,
        );
      }
      hop = next;
    }
  }

  private firstHop(request: OutboundRequest): ExchangeRequest {
    const url = parseUrl(request.url);
    if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw new OutboundError('protocol', `not an http or https address: ${request.url.slice(0, 200)}`);
    }
    const headers: Record<string, string> = { 'user-agent': this.userAgent };
    headers['accept-encoding'] = request.overflow === 'truncate' ? 'identity' : ACCEPTED_ENCODINGS;
    if (url.username || url.password) {
      const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
      url.username = '';
      url.password = '';
    }
    // Setting a part of a URL parses it anew, even for nothing.
    if (url.hash) url.hash = '';
    for (const [name, value] of Object.entries({ ...request.headers, ...request.credentials })) {
      if (BAD_HEADER.test(name) || BAD_HEADER.test(value)) {
        throw new OutboundError('protocol', `the header ${JSON.stringify(name)} holds a line break`, 'ours');
      }
      headers[name.toLowerCase()] = value;
    }
    const { memory } = request;
    const first = { url, method: request.method ?? 'GET', headers, body: request.body ?? null, memory };
    if (request.credentials === undefined) return first;
    return { ...first, originHeaders: Object.keys(request.credentials).map((name) => name.toLowerCase()) };
  }

  /** Requests so far, but for those by ways out of their own. */
  get sent(): SentByProtocol {
    return this.direct.sent;
  }

  /** The hub's user agent with a word on which part of it asks. */
  userAgentFor(part: string): string {
    return this.userAgent.endsWith(')') ? `${this.userAgent.slice(0, -1)}; ${part})` : `${this.userAgent} (${part})`;
  }

  /** Ends every connection; requests under way fail as aborted. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.direct.destroy(), this.waysOut.destroy()]);
  }
}

function noRoom(deadlineMs: number): OutboundError {
  const error = `answers to other requests took all the memory that there is for them, and left too little within ${deadlineMs / 1_000} s`;
  return new OutboundError('busy', error, 'ours');
}
