/** How often a feed is polled while all is well, and why: the publisher's signals weighed against each other, strongest first. */
import type { ScheduleHints } from '#contracts/parsed-feed.js';
import { durationInWords } from './duration-in-words.js';

/** Limits of the hub, in seconds. */
export interface FetchRhythm {
  defaultSeconds: number;
  floorSeconds: number;
  ceilingSeconds: number;
}

/** The limits as the settings give them; a default above the ceiling raises it. */
export function fetchRhythm(settings: {
  fetchIntervalSeconds: number;
  fetchIntervalMinSeconds: number;
  fetchIntervalMaxSeconds: number;
}): FetchRhythm {
  return {
    defaultSeconds: settings.fetchIntervalSeconds,
    floorSeconds: settings.fetchIntervalMinSeconds,
    ceilingSeconds: Math.max(settings.fetchIntervalMaxSeconds, settings.fetchIntervalSeconds),
  };
}

/** How new items came, as the feed's last document shows it. */
export interface ObservedRhythm {
  /** Mean time between recent items. */
  spacingSeconds: number;
  newestAt: Date;
}

export interface IntervalFacts {
  now: Date;
  rhythm: FetchRhythm;
  /** Set by an operator for this feed; beats every hint, the floor and the ceiling. */
  intervalSeconds: number | null;
  hints: ScheduleHints;
  /** How long the last answer is fresh: Cache-Control or Expires, a 304's too. */
  maxAgeSeconds: number | null;
  observed: ObservedRhythm | null;
  /** A WebSub push is verified and trusted. */
  pushWorks: boolean;
}

/** `others`: what was considered too, and why it did not decide, strongest first; worked out for whoever asks. */
export interface PollInterval {
  seconds: number;
  reason: string;
  others: () => string[];
}

/** One signal: the interval it would make, where it comes from, and the bare fact. */
interface Voice {
  seconds: number;
  source: string;
  fact: () => string;
}

/** About two polls for each new item: half of the time between two, and longer once nothing has come for long. */
const POLLS_PER_ITEM = 2;
const SILENCE_SHARE = 10;
const PUSH_SLOWDOWN = 12;

export function pollInterval(facts: IntervalFacts): PollInterval {
  const { intervalSeconds, rhythm } = facts;
  const cache = cacheVoice(facts);
  const own = askedVoice(facts.hints);
  const observed = observedVoice(facts);
  if (intervalSeconds !== null) {
    const others = () =>
      [cache, own, observed].flatMap((voice) =>
        voice === null ? [] : [`${voice.fact()}: the interval set for this feed comes first`],
      );
    return {
      seconds: intervalSeconds,
      reason: `every ${durationInWords(intervalSeconds)}, as set for this feed`,
      others,
    };
  }
  const base = own ?? observed ?? defaultVoice(rhythm);
  const winner = cache !== null && cache.seconds > base.seconds ? cache : base;
  const others = () => [
    ...(cache === null || winner === cache ? [] : [`${cache.fact()}: not longer than that, so it changes nothing`]),
    ...(winner === cache ? [`${base.fact()}: the longer cache lifetime comes first`] : []),
    ...(own === null || observed === null ? [] : [`${observed.fact()}: what the feed asks for comes first`]),
  ];
  const { seconds, reason } = limited(facts.pushWorks ? slowedByPush(winner) : winner, rhythm);
  return { seconds, reason, others };
}

function cacheVoice({ maxAgeSeconds }: IntervalFacts): Voice | null {
  if (maxAgeSeconds === null || maxAgeSeconds <= 0) return null;
  return {
    seconds: maxAgeSeconds,
    source: 'as the server caches it (max-age)',
    fact: () => `the server lets its answer be kept for ${durationInWords(maxAgeSeconds)} (max-age)`,
  };
}

/** ttl and the syndication module: the longer of the two. */
function askedVoice({ ttlMinutes = 0, updatePeriodMinutes = 0 }: ScheduleHints): Voice | null {
  const seconds = Math.max(ttlMinutes, updatePeriodMinutes) * 60;
  if (seconds <= 0) return null;
  const name = ttlMinutes >= updatePeriodMinutes ? 'ttl' : 'sy:updatePeriod';
  return {
    seconds,
    source: `as the feed asks (${name})`,
    fact: () => `the feed asks for a poll every ${durationInWords(seconds)} (${name})`,
  };
}

function observedVoice({ observed, now }: IntervalFacts): Voice | null {
  if (observed === null) return null;
  const silence = Math.max(0, (now.getTime() - observed.newestAt.getTime()) / 1000);
  const expected = Math.max(observed.spacingSeconds, silence / SILENCE_SHARE);
  return {
    seconds: Math.max(1, expected / POLLS_PER_ITEM),
    source: 'by how often new items came',
    fact: () =>
      `new items came every ${durationInWords(observed.spacingSeconds)}, the last ${durationInWords(silence)} ago`,
  };
}

function defaultVoice({ defaultSeconds }: FetchRhythm): Voice {
  return {
    seconds: defaultSeconds,
    source: 'the default',
    fact: () => `the default is every ${durationInWords(defaultSeconds)}`,
  };
}

function slowedByPush(voice: Voice): Voice {
  return {
    ...voice,
    seconds: voice.seconds * PUSH_SLOWDOWN,
    source: `${PUSH_SLOWDOWN} times less often than every ${durationInWords(voice.seconds)} (${voice.source}), as news are pushed`,
  };
}

/** The floor wins over a ceiling that is below it. */
function limited({ seconds: wanted, source }: Voice, { floorSeconds, ceilingSeconds }: FetchRhythm) {
  const seconds = Math.max(floorSeconds, Math.min(wanted, ceilingSeconds));
  const every = `every ${durationInWords(seconds)}`;
  if (seconds === wanted) return { seconds, reason: `${every}, ${source}` };
  const bound = seconds > wanted ? 'the least allowed' : 'the most allowed';
  return { seconds, reason: `${every}, ${bound} (${source}: ${durationInWords(wanted)})` };
}
