/** Bounds what wrong tokens cost: counts them by address, and says when an address has sent so many that it is told to wait. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const WINDOW_MS = 60_000;
/** Beyond so many addresses the one that was quiet longest is forgotten. */
const MAX_ADDRESSES = 5_000;
/** A script with an old token repeats itself; a guesser does not, and is told to wait sooner. */
const MAX_DIFFERENT_TOKENS = 20;
const MAX_FAILURES = 60;

interface Failures {
  count: number;
  tokens: Set<string>;
  since: number;
}

export class FailedAttempts {
  private readonly addresses = new LRUCache<string, Failures>({ max: MAX_ADDRESSES, ttl: WINDOW_MS });

  /** Notes a wrong token. True when the address has now failed so often that it is to be told to wait. */
  record(address: string, token: string, now = Date.now()): boolean {
    const failures = this.addresses.get(address) ?? { count: 0, tokens: new Set<string>(), since: now };
    failures.count += 1;
    if (failures.tokens.size <= MAX_DIFFERENT_TOKENS) failures.tokens.add(digest(token));
    // The window begins with the first failure: later ones do not lengthen it.
    this.addresses.set(address, failures, { ttl: Math.max(1, failures.since + WINDOW_MS - now) });
    return failures.count > MAX_FAILURES || failures.tokens.size > MAX_DIFFERENT_TOKENS;
  }

  /** True for a token that this address sent a moment ago and that was wrong then: it need not be looked up again. */
  isKnownWrong(address: string, token: string): boolean {
    return this.addresses.get(address)?.tokens.has(digest(token)) ?? false;
  }

  /** Seconds until the address is no longer told to wait; 0 when nothing is counted. */
  waitSeconds(address: string): number {
    return Math.ceil(this.addresses.getRemainingTTL(address) / 1_000);
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
