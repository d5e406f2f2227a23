/** When a feed is polled next, and why, in a sentence: a pure decision from what the last fetch showed. */
import type { ScheduleHints } from '#contracts/parsed-feed.js';

/** Limits of the hub, in seconds. */
export interface FetchRhythm {
  defaultSeconds: number;
  floorSeconds: number;
}

/**
 * What the last fetch came to. `ours` is a failure of this machine or network, `later` a partner that asks for less
 * (429, 503), `failed` the partner's failure, the `failures`-th in a row.
 */
export type FetchResultForSchedule =
  { kind: 'ok' } | { kind: 'failed'; failures: number } | { kind: 'ours' } | { kind: 'later' };

export interface NextFetchFacts {
  now: Date;
  result: FetchResultForSchedule;
  rhythm: FetchRhythm;
  /** Set by an operator for this feed; beats every hint but Retry-After. */
  intervalSeconds: number | null;
  hints: ScheduleHints;
  /** Cache-Control max-age of the answer, a 304's too. */
  maxAgeSeconds: number | null;
  /** Retry-After of a 429 or 503 (RFC 9110, 10.2.3). */
  retryAfterSeconds: number | null;
  /** 0 to 1: spreads feeds that would otherwise move in step. */
  random: number;
}

export interface NextFetch {
  at: Date;
  reason: string;
}

const DAY = 86_400;
/** Hints may not put a feed off for longer than this. */
const CEILING_SECONDS = DAY;
/** A feed that fails is still asked every three days: partners come back. */
const MAX_BACKOFF_SECONDS = 3 * DAY;
/** After trouble of our own the feeds should be back soon. */
const AFTER_OURS_SECONDS = 60;
const JITTER = 0.1;

/** Decides; never earlier than now, never later than three days and jitter. */
export function decideNextFetch(facts: NextFetchFacts): NextFetch {
  const { seconds, reason } = wait(facts);
  const jittered = seconds * (1 + JITTER * facts.random);
  return { at: new Date(facts.now.getTime() + Math.round(jittered * 1000)), reason };
}

function wait(facts: NextFetchFacts): { seconds: number; reason: string } {
  const usual = interval(facts);
  const { result, retryAfterSeconds } = facts;
  switch (result.kind) {
    case 'ok':
      return usual;
    case 'later': {
      if (retryAfterSeconds === null) {
        const seconds = Math.min(usual.seconds * 2, MAX_BACKOFF_SECONDS);
        return { seconds, reason: `the partner asks for fewer requests: after ${words(seconds)}` };
      }
      const seconds = clamp(retryAfterSeconds, usual.seconds, MAX_BACKOFF_SECONDS);
      return { seconds, reason: `the partner asks to wait (Retry-After): after ${words(seconds)}` };
    }
    case 'ours': {
      const seconds = Math.min(usual.seconds, AFTER_OURS_SECONDS);
      return { seconds, reason: `trouble on our side: after ${words(seconds)}` };
    }
    case 'failed': {
      const doublings = Math.min(result.failures - 1, 30);
      const seconds = Math.min(usual.seconds * 2 ** doublings, MAX_BACKOFF_SECONDS);
      const times = result.failures === 1 ? 'once' : `${result.failures} times in a row`;
      return { seconds, reason: `failed ${times}: after ${words(seconds)}` };
    }
  }
}

/** The rhythm while all is well. A feed's own rhythm may be faster than the default, cache lifetimes only slow it down. */
function interval({ intervalSeconds, hints, maxAgeSeconds, rhythm }: NextFetchFacts): {
  seconds: number;
  reason: string;
} {
  if (intervalSeconds !== null) {
    return { seconds: intervalSeconds, reason: `every ${words(intervalSeconds)}, as set for this feed` };
  }
  const own = Math.max(hints.ttlMinutes ?? 0, hints.updatePeriodMinutes ?? 0) * 60;
  const wanted = own > 0 ? own : rhythm.defaultSeconds;
  const source = own > 0 ? 'as the feed asks' : 'the default';
  if (maxAgeSeconds !== null && maxAgeSeconds > wanted) {
    return limited(maxAgeSeconds, 'as the server caches it (max-age)', rhythm);
  }
  return limited(wanted, source, rhythm);
}

function limited(wanted: number, source: string, rhythm: FetchRhythm): { seconds: number; reason: string } {
  const ceiling = Math.max(CEILING_SECONDS, rhythm.defaultSeconds);
  const seconds = clamp(wanted, rhythm.floorSeconds, ceiling);
  if (seconds > wanted)
    return { seconds, reason: `every ${words(seconds)}, the least allowed (${source}: ${words(wanted)})` };
  if (seconds < wanted)
    return { seconds, reason: `every ${words(seconds)}, the most allowed (${source}: ${words(wanted)})` };
  return { seconds, reason: `every ${words(seconds)}, ${source}` };
}

/** `floor` wins over `ceiling`. */
function clamp(value: number, floor: number, ceiling: number): number {
  return Math.max(floor, Math.min(value, ceiling));
}

/** `90` → "90 s", `900` → "15 min", `7200` → "2 h", `172800` → "2 days". */
function words(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / DAY)} days`;
}
