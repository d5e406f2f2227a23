/** When a feed is polled next, and why: a pure decision from what the last fetch showed, so that it can be explained again later. */
import { nextAllowedTime } from './allowed-time.js';
import { durationInWords } from './duration-in-words.js';
import { type IntervalFacts, type PollInterval, pollInterval } from './poll-interval.js';

/**
 * What the last fetch came to. `ours` is a failure of this machine or network, `later` a partner that asks for less
 * (429, 503), `failed` the partner's failure, the `failures`-th in a row.
 */
export type FetchResultForSchedule =
  { kind: 'ok' } | { kind: 'failed'; failures: number } | { kind: 'ours' } | { kind: 'later' };

export interface NextFetchFacts extends IntervalFacts {
  result: FetchResultForSchedule;
  /** Retry-After of a 429 or 503 (RFC 9110, 10.2.3). */
  retryAfterSeconds: number | null;
}

/** `reason` is one sentence; `explainNextFetch` tells the others. */
export interface NextFetch {
  at: Date;
  reason: string;
}

/** A feed that fails is still asked every three days, and nobody who asks to wait is left alone for longer: partners come back. */
export const MAX_BACKOFF_SECONDS = 3 * 86_400;
/** Whoever asks for fewer requests is left alone for the usual interval at least, or for this long if that is shorter. */
const LEAST_RESPITE_SECONDS = 3_600;
/** After trouble of our own the feeds should be back soon. */
const AFTER_OURS_SECONDS = 60;
const JITTER = 0.25;
/** Feeds that were put off to the same hour do not all come at its first second. */
const HOUR_SPREAD_SECONDS = 900;

/**
 * Decides. `random`, 0 to 1, spreads feeds that would otherwise move in step. Never earlier than now; never later than
 * three days and jitter, but for days that the feed itself rules out.
 */
export function decideNextFetch(facts: NextFetchFacts, random: number): NextFetch {
  const decided = decide(facts);
  const wanted = new Date(facts.now.getTime() + Math.round(decided.seconds * (1 + JITTER * random) * 1000));
  const allowed = heedsSkips(facts) ? nextAllowedTime(wanted, facts.hints) : wanted;
  if (allowed === wanted) return { at: wanted, reason: decided.reason };
  const at = new Date(allowed.getTime() + Math.round(HOUR_SPREAD_SECONDS * random * 1000));
  return { at, reason: `${decided.reason}${PUT_OFF}` };
}

/**
 * Explains a decision from its facts: its reason, and what else was considered, strongest first. `reason` is what was stored;
 * something else may have moved the feed since.
 */
export function explainNextFetch(facts: NextFetchFacts, reason: string): string[] {
  const decided = decide(facts);
  if (reason === decided.reason || reason === `${decided.reason}${PUT_OFF}`) return [reason, ...decided.others()];
  return [reason, `its rhythm after that: ${decided.reason}`, ...decided.others()];
}

const PUT_OFF = ', put off to the next hour that the feed allows';

/** The decision without chance. */
function decide(facts: NextFetchFacts): PollInterval {
  const usual = pollInterval(facts);
  const others = () => [...usual.others(), ...skips(facts), 'up to 25 % later, so that feeds do not move in step'];
  const { result } = facts;
  if (result.kind === 'ok') return { seconds: usual.seconds, reason: usual.reason, others };
  const { seconds, reason } = afterTrouble(result, facts.retryAfterSeconds, usual.seconds);
  return { seconds, reason, others: () => [`while all is well: ${usual.reason}`, ...others()] };
}

function afterTrouble(
  result: Exclude<FetchResultForSchedule, { kind: 'ok' }>,
  retryAfterSeconds: number | null,
  usualSeconds: number,
): { seconds: number; reason: string } {
  switch (result.kind) {
    case 'later': {
      const least = Math.min(usualSeconds, LEAST_RESPITE_SECONDS);
      if (retryAfterSeconds === null) {
        const seconds = Math.max(usualSeconds, 2 * least);
        return { seconds, reason: `the partner asks for fewer requests: after ${durationInWords(seconds)}` };
      }
      const seconds = Math.max(least, Math.min(retryAfterSeconds, MAX_BACKOFF_SECONDS));
      return { seconds, reason: `the partner asks to wait (Retry-After): after ${durationInWords(seconds)}` };
    }
    case 'ours': {
      const seconds = Math.min(usualSeconds, AFTER_OURS_SECONDS);
      return { seconds, reason: `trouble on our side: after ${durationInWords(seconds)}` };
    }
    case 'failed': {
      const doublings = Math.min(result.failures - 1, 30);
      const seconds = Math.min(usualSeconds * 2 ** doublings, MAX_BACKOFF_SECONDS);
      const times = result.failures === 1 ? 'once' : `${result.failures} times in a row`;
      return { seconds, reason: `failed ${times}: after ${durationInWords(seconds)}` };
    }
  }
}

/** An operator's interval comes before the feed's wishes, and trouble of our own should be over soon. */
function heedsSkips({ intervalSeconds, result }: NextFetchFacts): boolean {
  return intervalSeconds === null && result.kind !== 'ours';
}

function skips(facts: NextFetchFacts): string[] {
  const { skipHours = [], skipDays = [] } = facts.hints;
  const parts = [
    ...(skipHours.length > 0 ? [`in the hours ${skipHours.join(', ')} UTC (skipHours)`] : []),
    ...(skipDays.length > 0 ? [`on ${skipDays.join(', ')} (skipDays)`] : []),
  ];
  if (parts.length === 0) return [];
  const wish = `the feed wants no polls ${parts.join(' nor ')}`;
  return [facts.intervalSeconds === null ? wish : `${wish}: the interval set for this feed comes first`];
}
