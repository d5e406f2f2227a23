/**
 * Sends requests through an HTTP proxy: https in a tunnel (CONNECT, RFC 9110, 9.3.6), http in absolute form (RFC 9112,
 * 3.2.2). The proxy resolves the target's name, so the target is checked here first, as if it were connected to.
 */
import type { Socket } from 'node:net';
import { Agent, type buildConnector, Client, type Dispatcher, Pool } from 'undici';
import type { Sender } from './exchange.js';
import {
  checkedAddresses,
  type ConnectorOptions,
  guardedConnector,
  tlsStarter,
  type TlsStarter,
} from './guarded-connector.js';
import { OutboundError, toOutboundError } from './outbound-error.js';

/** Without user and password in `url`. */
interface Proxy {
  url: string;
  username?: string;
  password?: string;
}

const TUNNEL_TIMEOUT_MS = 10_000;

export class ProxySender implements Sender {
  private readonly url: URL;
  private readonly authorization: Record<string, string>;
  private readonly plain: Pool;
  private readonly tunnels: Agent;
  private readonly startTls: TlsStarter;

  /** `toTarget` has the rules for the target's certificate; the proxy itself is connected to by `toProxy`'s. */
  constructor(
    proxy: Proxy,
    private readonly toTarget: ConnectorOptions,
    private readonly toProxy: ConnectorOptions,
    pools: Pool.Options,
  ) {
    this.url = new URL(proxy.url);
    this.authorization = authorization(proxy);
    this.startTls = tlsStarter(toTarget);
    this.plain = new Pool(this.url.origin, { ...pools, connect: guardedConnector(toProxy) });
    this.tunnels = new Agent({ ...pools, connect: (target, done) => this.tunnel(target, done) });
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const target = new URL(String(options.origin));
    if (target.protocol === 'https:') return this.tunnels.dispatch(options, handler);
    const fail = (error: unknown): void =>
      handler.onResponseError?.(undefined as unknown as Dispatcher.DispatchController, error as Error);
    this.check(target, 80)
      .then(() =>
        this.plain.dispatch(
          {
            ...options,
            origin: this.url.origin,
            path: target.origin + options.path,
            headers: { ...(options.headers as Record<string, string>), host: target.host, ...this.authorization },
          },
          { ...handler, onResponseError: (_controller, error) => fail(this.trouble(error)) },
        ),
      )
      .catch(fail);
    return true;
  }

  async destroy(): Promise<void> {
    await Promise.all([this.plain.destroy(), this.tunnels.destroy()]);
  }

  private tunnel(target: buildConnector.Options, done: buildConnector.Callback): void {
    const url = new URL(`https://${target.host ?? target.hostname}`);
    this.check(url, 443)
      .then(() => this.openTunnel(`${url.hostname}:${url.port || 443}`))
      .then(
        (socket) => this.startTls(target, socket, done),
        (error: unknown) => done(error as Error, null),
      );
  }

  /** @throws {OutboundError} when any address of the target is private: the proxy may choose that one. */
  private async check(target: URL, defaultPort: number): Promise<void> {
    const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1');
    await checkedAddresses(this.toTarget, hostname, Number(target.port) || defaultPort, 'all');
  }

  /** A socket to `authority` by way of the proxy. @throws {OutboundError} */
  private async openTunnel(authority: string): Promise<Socket> {
    const client = new Client(this.url.origin, { connect: guardedConnector(this.toProxy) });
    try {
      const { statusCode, socket } = await client.connect({
        path: authority,
        headers: { host: authority, ...this.authorization },
        signal: AbortSignal.timeout(TUNNEL_TIMEOUT_MS),
      });
      // The socket left the client, which has nothing more to do.
      if (statusCode >= 200 && statusCode < 300) return socket as Socket;
      socket.on('error', () => undefined).destroy();
      throw proxyRefusal(statusCode, this.url.host, authority);
    } catch (error) {
      void client.destroy();
      throw this.trouble(error);
    }
  }

  /** Trouble on the way to the proxy is the operator's to mend, not the partner's. */
  private trouble(error: unknown): OutboundError {
    if (error instanceof OutboundError && (error.kind === 'proxy' || error.kind === 'aborted')) return error;
    const { kind, message } = toOutboundError(error, this.url.host);
    if (kind === 'aborted')
      return new OutboundError('proxy', `the proxy ${this.url.host} did not answer in time`, 'ours');
    return new OutboundError('proxy', `the proxy cannot be used: ${message}`, 'ours', { cause: error });
  }
}

/** What a proxy's own status means: its 5xx speak of the target, the others of our permission to use it. */
export function proxyRefusal(status: number, proxyHost: string, target: string): OutboundError {
  if (status === 407)
    return new OutboundError('proxy', `the proxy ${proxyHost} wants another user or password (407)`, 'ours');
  const scope = status >= 500 ? 'remote' : 'ours';
  return new OutboundError('proxy', `the proxy ${proxyHost} opened no way to ${target} (status ${status})`, scope);
}

function authorization({ username, password }: Proxy): Record<string, string> {
  if (username === undefined) return {};
  const pair = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
  return { 'proxy-authorization': `Basic ${pair}` };
}
