/** Slows down guessing: counts wrong tokens by address, and refuses an address that tries many different ones. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const WINDOW_MS = 60_000;
/** A script with an old token repeats itself; a guesser does not. Only the guesser locks its address out. */
const MAX_DIFFERENT_TOKENS = 20;
const MAX_FAILURES = 60;

interface Failures {
  count: number;
  tokens: Set<string>;
  since: number;
}

export class FailedAttempts {
  private readonly addresses = new LRUCache<string, Failures>({ max: 10_000, ttl: WINDOW_MS });

  /** Notes a wrong token. True when the address has now failed so often that it is to be told to wait. */
  record(address: string, token: string, now = Date.now()): boolean {
    const failures = this.addresses.get(address) ?? { count: 0, tokens: new Set<string>(), since: now };
    failures.count += 1;
    if (failures.tokens.size <= MAX_DIFFERENT_TOKENS)
      failures.tokens.add(createHash('sha256').update(token).digest('base64'));
    // The window begins with the first failure: later ones do not lengthen it.
    this.addresses.set(address, failures, { ttl: Math.max(1, failures.since + WINDOW_MS - now) });
    return failures.count > MAX_FAILURES || this.isGuessing(address);
  }

  /** True while an address has tried so many different tokens that even a right one is refused. */
  isGuessing(address: string): boolean {
    return (this.addresses.get(address)?.tokens.size ?? 0) > MAX_DIFFERENT_TOKENS;
  }

  /** Seconds until the address may try again. */
  waitSeconds(address: string): number {
    return Math.ceil(this.addresses.getRemainingTTL(address) / 1_000);
  }
}
