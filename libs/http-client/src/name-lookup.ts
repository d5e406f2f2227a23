/** Host names to addresses, remembered for seconds: getaddrinfo has four threads, which one dead name server would fill. */
import { lookup as systemLookup } from 'node:dns/promises';
import { LRUCache } from 'lru-cache';
import { OutboundError, toOutboundError } from './outbound-error.js';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Resolves a host name to all its addresses, or throws the system's error. Injectable, so that tests can change DNS. */
export type LookupFunction = (hostname: string) => Promise<ResolvedAddress[]>;

const FOUND_MS = 30_000;
const FAILED_MS = 5_000;
const MAX_NAMES = 5_000;
/** After a name resolved within this time, a silent name server is the other side's. */
const RESOLVER_ALIVE_MS = 120_000;

export class NameLookup {
  private readonly answers = new LRUCache<string, Promise<ResolvedAddress[]>>({ max: MAX_NAMES, ttl: FOUND_MS });
  private lastSuccess = -Infinity;

  constructor(private readonly resolve: LookupFunction = (hostname) => systemLookup(hostname, { all: true })) {}

  /** @throws {OutboundError} of kind `dns`; its scope is `ours` when no name at all resolves at the moment. */
  addresses(hostname: string): Promise<ResolvedAddress[]> {
    const known = this.answers.get(hostname);
    if (known) return known;
    const answer = this.ask(hostname);
    this.answers.set(hostname, answer);
    // The failure is kept for a moment too: many feeds of a dead host must not queue for the same answer.
    answer.catch(() => this.answers.set(hostname, answer, { ttl: FAILED_MS }));
    return answer;
  }

  private async ask(hostname: string): Promise<ResolvedAddress[]> {
    try {
      const found = await this.resolve(hostname);
      if (found.length === 0) throw Object.assign(new Error('no address'), { code: 'ENODATA' });
      this.lastSuccess = Date.now();
      return found;
    } catch (error) {
      const failure = toOutboundError(error, hostname);
      const resolverAlive = Date.now() - this.lastSuccess < RESOLVER_ALIVE_MS;
      const scope = resolverAlive ? 'remote' : failure.scope;
      throw new OutboundError('dns', failure.message, scope, { cause: error });
    }
  }
}
