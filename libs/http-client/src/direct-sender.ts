/**
 * Sends requests straight to their hosts: http and old https servers through undici's pools, HTTP/2 where the server
 * chooses it. Which it is, one handshake an origin finds out, and the socket of that handshake is the first to be used.
 */
import type { TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { Agent, type buildConnector, type Dispatcher, type Pool } from 'undici';
import type { Sender } from './exchange.js';
import { type ConnectorOptions, guardedConnector } from './guarded-connector.js';
import { H2Request } from './h2-request.js';
import { H2Session } from './h2-session.js';
import { OutboundError } from './outbound-error.js';
import { TlsNegotiator } from './tls-negotiator.js';

export interface PoolOptions extends Pool.Options {
  connections: number;
  keepAliveTimeout: number;
}

/** Origins known to speak HTTP/1.1 only, asked again after a while. */
const MAX_OLD = 50_000;
const OLD_MS = 60 * 60 * 1_000;
/** Names, connection and TLS together, each of which has a limit of its own but for the names. */
const NEGOTIATION_MS = 30_000;

/** Requests by the protocol that they left by, those sent again included. */
export type SentByProtocol = Readonly<Record<'HTTP/1.1' | 'HTTP/2', number>>;

export class DirectSender implements Sender {
  readonly sent = { 'HTTP/1.1': 0, 'HTTP/2': 0 };
  private readonly agent: Agent;
  private readonly negotiator: TlsNegotiator;
  private readonly old = new LRUCache<string, true>({ max: MAX_OLD, ttl: OLD_MS });
  private readonly sessions: LRUCache<string, H2Session>;
  /** The retired ones too, while they have requests. */
  private readonly alive = new Set<H2Session>();
  /** Requests by the origin whose handshake they wait for. */
  private readonly negotiations = new Map<string, Set<H2Request>>();
  /** Sockets on which HTTP/1.1 was negotiated, on their way into the agent, by host and port. */
  private readonly spares = new Map<string, TLSSocket>();
  private isDestroyed = false;

  /**
   * `maxSessions` of HTTP/2 take requests; the least used one ends those it has and closes when there are more. 0 leaves
   * everything to undici's pools.
   */
  constructor(
    connector: ConnectorOptions,
    private readonly pools: PoolOptions,
    private readonly maxSessions: number,
  ) {
    const connect = guardedConnector(connector);
    this.agent = new Agent({
      ...pools,
      connect: (target, done) => this.takeSpare(target, done) || connect(target, done),
    });
    this.sessions = new LRUCache({ max: Math.max(maxSessions, 1), dispose: (session) => session.retire() });
    this.negotiator = new TlsNegotiator(connector);
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = options.origin as string;
    if (!origin.startsWith('https:') || this.maxSessions === 0 || this.old.get(origin)) {
      this.sent['HTTP/1.1']++;
      return this.agent.dispatch(options, handler);
    }
    this.send(new H2Request(options, handler));
    return true;
  }

  async destroy(): Promise<void> {
    this.isDestroyed = true;
    const error = new OutboundError('aborted', 'the hub is shutting down', 'ours');
    for (const waiting of this.negotiations.values()) waiting.forEach((request) => request.fail(error));
    this.negotiations.clear();
    for (const session of this.alive) session.destroy(error);
    await this.agent.destroy();
  }

  private send(request: H2Request): void {
    const { origin } = request;
    if (request.aborted) return;
    if (this.isDestroyed) return request.fail(new OutboundError('aborted', 'the hub is shutting down', 'ours'));
    if (this.old.get(origin)) {
      this.sent['HTTP/1.1']++;
      return void this.agent.dispatch(request.options, request.handler);
    }
    const session = this.sessions.get(origin);
    if (session) return session.take(request);
    const waiting = this.negotiations.get(origin) ?? this.negotiate(origin);
    request.onAbort = () => waiting.delete(request);
    waiting.add(request);
  }

  /** Finds out what `origin` speaks. Returns the set of requests that will be served by the result. */
  private negotiate(origin: string): Set<H2Request> {
    const waiting = new Set<H2Request>();
    let isOver = false;
    const end = (serve: () => void): void => {
      isOver = true;
      clearTimeout(timer);
      if (this.negotiations.get(origin) === waiting) this.negotiations.delete(origin);
      serve();
    };
    const fail = (error: Error): void => end(() => waiting.forEach((request) => request.fail(error)));
    const timer = setTimeout(
      () => fail(new OutboundError('timeout', `${origin}: no secure connection in time`)),
      NEGOTIATION_MS,
    ).unref();
    this.negotiator
      .open(origin)
      .then((socket) => {
        if (isOver || this.isDestroyed) return void socket.destroy();
        end(() => (socket.alpnProtocol === 'h2' ? this.open(origin, socket) : this.remember(origin, socket)));
        waiting.forEach((request) => this.send(request));
        // Only a pool that had no connection of its own took it.
        this.dropSpare(socket);
      })
      .catch(fail);
    this.negotiations.set(origin, waiting);
    return waiting;
  }

  private open(origin: string, socket: TLSSocket): void {
    const session = new H2Session(origin, socket, {
      maxStreams: this.pools.connections,
      idleMs: this.pools.keepAliveTimeout,
      onSent: () => this.sent['HTTP/2']++,
      resend: (request) => this.send(request),
      fallBack: () => this.old.set(origin, true),
      onRetired: () => {
        if (this.sessions.peek(origin) === session) this.sessions.delete(origin);
      },
      onClosed: () => this.alive.delete(session),
    });
    this.alive.add(session);
    this.sessions.set(origin, session);
  }

  private remember(origin: string, socket: TLSSocket): void {
    this.old.set(origin, true);
    const { hostname, port } = new URL(origin);
    this.spares.set(spareKey(hostname, port), socket);
  }

  private takeSpare({ protocol, hostname, port }: buildConnector.Options, done: buildConnector.Callback): boolean {
    if (protocol !== 'https:' || this.spares.size === 0) return false;
    const key = spareKey(hostname, port);
    const socket = this.spares.get(key);
    if (!socket || socket.destroyed) return false;
    this.spares.delete(key);
    // undici expects its connector to take time.
    queueMicrotask(() => done(null, socket));
    return true;
  }

  private dropSpare(socket: TLSSocket): void {
    for (const [key, spare] of this.spares) {
      if (spare !== socket) continue;
      this.spares.delete(key);
      socket.destroy();
    }
  }
}

function spareKey(hostname: string, port: string | number): string {
  return `${hostname.replace(/^\[(.*)\]$/, '$1')}:${Number(port) || 443}`;
}
