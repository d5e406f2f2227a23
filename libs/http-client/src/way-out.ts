/** Ways out that differ from the ordinary one: through a proxy, or with other rules for certificates. */
import { createHash } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import * as tls from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { LRUCache } from 'lru-cache';
import { type ConnectorOptions, guardedConnector } from './guarded-connector.js';
import { ProxyDispatcher } from './proxy-dispatcher.js';

/** How a request leaves when not straight and strictly. */
export interface WayOut {
  /** http or https, without user and password. The proxy's own address is judged as any other, and so is the target's. */
  proxy?: { url: string; username?: string; password?: string };
  /** Any certificate will do, of the host that is asked first; hosts that it redirects to must have a good one. */
  allowInvalidCertificate?: boolean;
  /** PEM certificates of authorities that count besides the usual ones. */
  ca?: string;
}

/** Options of the agents' pools, the same for every way. */
export type PoolOptions = Omit<Agent.Options, 'connect'>;

interface Way {
  dispatcher: Dispatcher;
  users: number;
  isOld: boolean;
}

/** Ways kept open; more of them take turns. */
const MAX_WAYS = 50;

/** Keeps a dispatcher for each way out that is in use, and lets the least used go when nobody is on it. */
export class WaysOut {
  private readonly ways = new LRUCache<string, Way>({
    max: MAX_WAYS,
    dispose: (way) => {
      way.isOld = true;
      if (way.users === 0) void way.dispatcher.destroy();
    },
  });

  constructor(
    private readonly connector: Omit<ConnectorOptions, 'allowInvalidCertificate'>,
    private readonly pools: PoolOptions,
  ) {}

  /** The dispatcher of a way; `release` must be called when its request is over. @throws {OutboundError} `proxy`. */
  take(way: WayOut): { dispatcher: Dispatcher; release: () => void } {
    const key = keyOf(way);
    let taken = this.ways.get(key);
    if (!taken) {
      taken = { dispatcher: this.open(way), users: 0, isOld: false };
      this.ways.set(key, taken);
    }
    const held = taken;
    held.users++;
    return {
      dispatcher: held.dispatcher,
      release: () => {
        held.users--;
        if (held.users === 0 && held.isOld) void held.dispatcher.destroy();
      },
    };
  }

  async destroy(): Promise<void> {
    const all = [...this.ways.values()];
    await Promise.all(all.map(({ dispatcher }) => dispatcher.destroy()));
  }

  private open({ proxy, allowInvalidCertificate, ca }: WayOut): Dispatcher {
    const connector = {
      ...this.connector,
      ...(allowInvalidCertificate === true ? { allowInvalidCertificate } : {}),
      ...(ca === undefined ? {} : { ca: [...usualAuthorities(this.connector.ca), ca] }),
    };
    if (proxy === undefined) return new Agent({ ...this.pools, connect: guardedConnector(connector) });
    return new ProxyDispatcher(proxy, { target: connector, proxy: this.connector, pools: this.pools });
  }
}

/** Secrets are part of a way, but not of a key that a memory dump or an error could show. */
function keyOf({ proxy, allowInvalidCertificate, ca }: WayOut): string {
  const parts = [proxy?.url, proxy?.username, proxy?.password, allowInvalidCertificate === true, ca];
  return createHash('sha256').update(JSON.stringify(parts.map((part) => part ?? null))).digest('base64');
}

/** A list of authorities replaces Node's own, so they are named too; with those of the system where Node tells them. */
function usualAuthorities(given: ConnectorOptions['ca']): string[] {
  if (given !== undefined) return [given].flat();
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? [...rootCertificates];
}
