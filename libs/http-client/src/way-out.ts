/** Ways out that differ from the ordinary one: through a proxy, or with other rules for certificates. */
import { createHash } from 'node:crypto';
import * as tls from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { Cancellation } from './cancellation.js';
import { DirectSender, type PoolOptions } from './direct-sender.js';
import { exchange, type ExchangeRequest, type ExchangeResponse, type LimitFor, type Sender } from './exchange.js';
import type { ConnectorOptions } from './guarded-connector.js';
import { proxyRefusal, ProxySender } from './proxy-sender.js';

/** How a request leaves when not straight and strictly. */
export interface WayOut {
  /** http or https, without user and password. The proxy's address is judged as any other, and so is the target's. */
  proxy?: { url: string; username?: string; password?: string };
  /** Any certificate will do, of the host that is asked first; hosts that it redirects to must have a good one. */
  allowInvalidCertificate?: boolean;
  /** PEM certificates of authorities that count besides the usual ones. */
  ca?: string;
}

interface OpenWay {
  sender: Sender & { destroy: () => Promise<void> };
  users: number;
  isOld: boolean;
}

/** Ways kept open; more of them take turns. */
const MAX_WAYS = 50;

/** The way to `url` for a request that began at `firstHost`. */
export function wayOf(way: WayOut, firstHost: string, url: URL): WayOut {
  return url.host === firstHost ? way : { ...way, allowInvalidCertificate: false };
}

/** Keeps the connections of each way out that is in use, and closes the least used when nobody is on it. */
export class WaysOut {
  private readonly ways = new LRUCache<string, OpenWay>({
    max: MAX_WAYS,
    dispose: (way) => {
      way.isOld = true;
      if (way.users === 0) void way.sender.destroy();
    },
  });

  /** `connector` and `pools` are those of the ordinary way, from which the others differ in what they must. */
  constructor(
    private readonly connector: ConnectorOptions,
    private readonly pools: PoolOptions,
    private readonly maxSessions: number,
  ) {}

  /** As `exchange`, by this way. @throws {OutboundError} `proxy` too. */
  async exchange(
    way: WayOut,
    request: ExchangeRequest,
    limitFor: LimitFor,
    cancellation: Cancellation,
  ): Promise<ExchangeResponse> {
    const open = this.take(way);
    try {
      const response = await exchange(open.sender, request, limitFor, cancellation);
      // Nobody but a proxy asks for proxy credentials.
      if (way.proxy && response.status === 407) throw proxyRefusal(407, new URL(way.proxy.url).host, request.url.host);
      return response;
    } finally {
      open.users--;
      if (open.users === 0 && open.isOld) void open.sender.destroy();
    }
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.ways.values()].map(({ sender }) => sender.destroy()));
  }

  private take(way: WayOut): OpenWay {
    const key = keyOf(way);
    const open = this.ways.get(key) ?? { sender: this.senderOf(way), users: 0, isOld: false };
    open.users++;
    this.ways.set(key, open, { noDisposeOnSet: true });
    return open;
  }

  private senderOf({ proxy, allowInvalidCertificate, ca }: WayOut): OpenWay['sender'] {
    const connector = {
      ...this.connector,
      ...(allowInvalidCertificate === true ? { allowInvalidCertificate } : {}),
      ...(ca === undefined ? {} : { ca: [...usualAuthorities(this.connector.ca), ca] }),
    };
    if (proxy !== undefined) return new ProxySender(proxy, connector, this.connector, this.pools);
    return new DirectSender(connector, this.pools, this.maxSessions);
  }
}

/** A digest: secrets are part of a way, but not of a name that an error or a memory dump could show. */
function keyOf({ proxy, allowInvalidCertificate, ca }: WayOut): string {
  const parts = [proxy?.url, proxy?.username, proxy?.password, allowInvalidCertificate === true, ca];
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('base64');
}

/** A list of authorities replaces Node's own, so these are named too; with the system's where Node tells them. */
function usualAuthorities(given: ConnectorOptions['ca']): string[] {
  if (given !== undefined) return [given].flat();
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? [...tls.rootCertificates];
}
