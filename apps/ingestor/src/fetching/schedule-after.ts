/** When a feed is fetched again after an answer, and the facts that explain it later: from headers to a decision. */
import { decideNextFetch, type FetchResultForSchedule } from '#domain/next-fetch.js';
import type { FetchRhythm } from '#domain/poll-interval.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import type { FetchOutcome } from '#storage/fetch.repository.js';
import { freshForSeconds, retryAfterSeconds } from './cache-headers.js';

/** What of a feed bears on its schedule. */
type ScheduledFeed = Pick<FeedInHand, 'intervalSeconds' | 'scheduleHints' | 'observed' | 'pushWorks'>;

const SCOPES = { failed: 'remote', ours: 'ours', later: 'backpressure' } as const;

/** `headers` of the answer, a 304's too; empty when there was none. */
export function scheduleAfter(
  feed: ScheduledFeed,
  result: FetchResultForSchedule,
  headers: Record<string, string>,
  rhythm: FetchRhythm,
): Pick<FetchOutcome, 'nextFetchAt' | 'nextFetchReason' | 'answerFacts'> {
  const now = new Date();
  const maxAgeSeconds = freshForSeconds(headers);
  const retryAfter = result.kind === 'later' ? retryAfterSeconds(headers, now) : null;
  const { intervalSeconds, scheduleHints: hints, observed, pushWorks } = feed;
  const facts = { now, result, rhythm, intervalSeconds, hints, maxAgeSeconds, observed, pushWorks };
  const { at, reason } = decideNextFetch({ ...facts, retryAfterSeconds: retryAfter }, Math.random());
  if (result.kind === 'ok' && !isFresh(maxAgeSeconds)) {
    return { nextFetchAt: at, nextFetchReason: reason, answerFacts: null };
  }
  const answerFacts = {
    ...(isFresh(maxAgeSeconds) ? { freshSeconds: maxAgeSeconds } : {}),
    ...(retryAfter === null ? {} : { retryAfterSeconds: retryAfter }),
    ...(result.kind === 'ok' ? {} : { scope: SCOPES[result.kind] }),
  };
  return { nextFetchAt: at, nextFetchReason: reason, answerFacts };
}

function isFresh(seconds: number | null): seconds is number {
  return seconds !== null && seconds > 0;
}
