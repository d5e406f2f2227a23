/** Decides what follows an attempt at a delivery: done, another attempt at a certain time, or the end. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits before the second, third, … attempt; about 3 days in all. Beside Svix's schedule (5 s to 10 h), longer at its end. */
const RETRY_DELAYS_MS = [
  5 * SECOND,
  1 * MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
export const MAX_ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/** Each wait is spread by ±20 %, so that a receiver that comes back is not met by everything at once. */
const JITTER = 0.2;
/** Longest wait that a receiver can ask for. */
const MAX_RETRY_AFTER_MS = 24 * HOUR;

/** What says that it is elsewhere; 304 does not. */
const REDIRECTS: ReadonlySet<number> = new Set([300, 301, 302, 303, 305, 307, 308]);

/** What came of one attempt: an answer, or why there was none. */
export type AttemptResult =
  | { kind: 'answered'; status: number; retryAfter?: string | undefined }
  | { kind: 'failed'; errorClass: string; message: string };

export type AfterAttempt =
  | { status: 'delivered'; reason: null }
  | { status: 'pending'; reason: string; nextAttemptAt: Date }
  /** `disableEndpoint`: the receiver said that it is gone for good. */
  | { status: 'failed'; reason: string; disableEndpoint: boolean };

/**
 * `attempt` counts from 1; `now` is when the attempt ended; `random` lies in [0, 1).
 * Only 2xx is success. 410 ends everything. `Retry-After` (seconds or an HTTP date, RFC 9110 10.2.3) on 429 and 503
 * can postpone the next attempt, up to 24 h, never advance it: the number of attempts is limited.
 */
export function afterAttempt(attempt: number, result: AttemptResult, now: Date, random: number): AfterAttempt {
  if (result.kind === 'answered' && result.status >= 200 && result.status < 300)
    return { status: 'delivered', reason: null };
  const what = result.kind === 'failed' ? result.message : describeAnswer(result.status);
  if (result.kind === 'answered' && result.status === 410)
    return { status: 'failed', reason: what, disableEndpoint: true };
  const delay = RETRY_DELAYS_MS[attempt - 1];
  if (delay === undefined)
    return { status: 'failed', reason: `${what}; given up after ${attempt} attempts`, disableEndpoint: false };
  const spread = delay * (1 - JITTER + 2 * JITTER * random);
  const waitMs = Math.round(Math.max(spread, askedWaitMs(result, now)));
  return { status: 'pending', reason: what, nextAttemptAt: new Date(now.getTime() + waitMs) };
}

function describeAnswer(status: number): string {
  if (status === 410) return 'answered 410 (gone): the endpoint is disabled';
  if (REDIRECTS.has(status)) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}

function askedWaitMs(result: AttemptResult, now: Date): number {
  if (result.kind !== 'answered' || result.retryAfter === undefined) return 0;
  if (result.status !== 429 && result.status !== 503) return 0;
  const text = result.retryAfter.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
