/**
 * Sends requests through an HTTP proxy: https in a tunnel (CONNECT, RFC 9110, 9.3.6), http in absolute form (RFC 9112, 3.2.2).
 * The proxy resolves the target's name, so the target is checked here first, as if it were connected to.
 */
import type { Socket } from 'node:net';
import { Agent, type buildConnector, Client, Dispatcher, Pool } from 'undici';
import { checkedAddresses, type ConnectorOptions, guardedConnector, startTlsOn } from './guarded-connector.js';
import { OutboundError, toOutboundError } from './outbound-error.js';
import type { PoolOptions, WayOut } from './way-out.js';

interface ProxyRooms {
  /** How the target is connected to, once the tunnel stands. */
  target: ConnectorOptions;
  /** How the proxy is connected to: always strictly. */
  proxy: ConnectorOptions;
  pools: PoolOptions;
}

export class ProxyDispatcher extends Dispatcher {
  private readonly url: URL;
  private readonly authorization: Record<string, string>;
  private readonly plain: Pool;
  private readonly tunnels: Agent;

  /** @throws {OutboundError} `proxy` when the address is none of a proxy. */
  constructor(
    proxy: NonNullable<WayOut['proxy']>,
    private readonly rooms: ProxyRooms,
  ) {
    super();
    this.url = proxyUrl(proxy.url);
    this.authorization = proxyAuthorization(proxy);
    this.plain = new Pool(this.url.origin, { ...poolOnly(rooms.pools), connect: guardedConnector(rooms.proxy) });
    this.tunnels = new Agent({ ...rooms.pools, connect: (target, done) => this.connect_(target, done) });
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const target = new URL(String(options.origin));
    if (target.protocol === 'https:') return this.tunnels.dispatch(options, handler);
    const port = Number(target.port) || 80;
    checkedAddresses(this.rooms.target, bare(target.hostname), port, 'all').then(
      () =>
        this.plain.dispatch(
          {
            ...options,
            origin: this.url.origin,
            path: target.origin + options.path,
            headers: { ...(options.headers as Record<string, string>), host: target.host, ...this.authorization },
          },
          handler,
        ),
      (error: unknown) => handler.onResponseError?.(undefined as never, error as Error),
    );
    return true;
  }

  override async close(): Promise<void> {
    await Promise.all([this.plain.close(), this.tunnels.close()]);
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.plain.destroy(), this.tunnels.destroy()]);
  }

  private connect_(target: buildConnector.Options, done: buildConnector.Callback): void {
    const port = Number(target.port) || 443;
    checkedAddresses(this.rooms.target, bare(target.hostname), port, 'all')
      .then(() => this.tunnelTo(target.hostname, port))
      .then(
        (socket) => startTlsOn(this.rooms.target, target, socket, done),
        (error: unknown) => done(error as Error, null),
      );
  }

  /** A socket to the target by way of the proxy. @throws {OutboundError} */
  private async tunnelTo(hostname: string, port: number): Promise<Socket> {
    const client = new Client(this.url.origin, { connect: guardedConnector(this.rooms.proxy) });
    const authority = `${hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname}:${port}`;
    try {
      const { statusCode, socket } = await client.connect({
        path: authority,
        headers: { host: authority, ...this.authorization },
        signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
      });
      if (statusCode >= 200 && statusCode < 300) return socket as Socket;
      socket.on('error', () => undefined).destroy();
      throw proxyRefusal(statusCode, this.url.host, authority);
    } catch (error) {
      void client.destroy();
      if (error instanceof OutboundError) throw error;
      const { kind, message } = toOutboundError(error, this.url.host);
      throw new OutboundError('proxy', `the proxy ${message}`, kind === 'aborted' ? 'remote' : 'ours');
    }
  }
}

const CONNECT_TIMEOUT_MS = 10_000;

/** What a proxy's own status means: its 5xx speak of the target, the others of our permission to use it. */
export function proxyRefusal(status: number, proxyHost: string, target: string): OutboundError {
  if (status === 407)
    return new OutboundError('proxy', `the proxy ${proxyHost} wants another user or password (407)`, 'ours');
  return new OutboundError(
    'proxy',
    `the proxy ${proxyHost} opened no way to ${target} (status ${status})`,
    status >= 500 ? 'remote' : 'ours',
  );
}

function proxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new OutboundError('proxy', 'the proxy must be an http or https address', 'ours');
  return url;
}

function proxyAuthorization({ username, password }: NonNullable<WayOut['proxy']>): Record<string, string> {
  if (username === undefined) return {};
  return {
    'proxy-authorization': `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`,
  };
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** An Agent's options that its pools share. */
function poolOnly({ maxOrigins: _agents, factory: _factory, ...pool }: PoolOptions): Pool.Options {
  return pool as Pool.Options;
}
