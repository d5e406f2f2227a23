/** The life of one WebSub subscription as a pure state machine: what to ask a hub for, and what its answers mean. */
import type { Subscription, SubscriptionOfFeed } from '#storage/feed-subscription.repository.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What we ask for; hubs grant what they like. */
export const LEASE_SECONDS = 10 * 86_400;
/** A longer lease is not believed: nobody knows a hub's future. */
const MAX_LEASE_MS = 30 * DAY;
/** However short a lease, a hub is not asked more often. */
const LEAST_RENEWAL_MS = 5 * MINUTE;
/** How long a hub may take to verify what was asked. */
const VERIFY_WITHIN_MS = 10 * MINUTE;
/** A request whose end was never noted, because its process died, is made again after this. */
const REQUEST_WITHIN_MS = 2 * MINUTE;
/** Polls in a row with news that nobody pushed. One can be a poll that was faster than the hub. */
const MISSES_TO_BREAK = 3;
const TRIES_TO_LEAVE = 3;

/** First wait and longest one; each wait is twice the one before. */
const BACKOFF = {
  trouble: [MINUTE, DAY],
  refused: [HOUR, 7 * DAY],
  unverified: [30 * MINUTE, 7 * DAY],
  broken: [HOUR, 7 * DAY],
  denied: [DAY, 14 * DAY],
} as const;

/** What a hub said to a request, or why it said nothing. `refused`: it will hardly change its mind soon (4xx). */
export type HubAnswer =
  { kind: 'accepted' } | { kind: 'refused' | 'trouble'; reason: string; retryAfterSeconds: number | null };

/** A hub's question, as it came (WebSub, 5.3). `leaseSeconds` null: it does not say. */
export interface Intent {
  mode: 'subscribe' | 'unsubscribe';
  leaseSeconds: number | null;
}

export interface Turn {
  /** What to ask the hub for now, if anything. */
  ask: 'subscribe' | 'unsubscribe' | null;
  next: Subscription | 'forget';
}

/** What is to be done when it is a subscription's turn. `callback` is the base to give to its hub, or why there is none. */
export function takeTurn(
  now: SubscriptionOfFeed,
  callback: { base: string } | { missing: string },
  at: Date,
  random: number,
): Turn {
  if (!now.wanted) return leave(now, at);
  if ('missing' in callback) {
    const lost = { ...unasked(now), state: 'unreachable', reason: callback.missing, callback: null } as const;
    return { ask: null, next: { ...lost, proven: false, nextActionAt: null } };
  }
  const sub = lapsed(now, at);
  const unverified = sub.askedUntil !== null && sub.askedUntil <= at;
  if (unverified && (sub.state === 'requested' || sub.state === 'active')) {
    const failures = sub.failures + 1;
    const reason = 'the hub accepted the request, and never asked back whether it was ours';
    const state = sub.state === 'active' ? 'active' : 'waiting';
    const nextActionAt = later(at, wait('unverified', failures, random));
    return { ask: null, next: { ...unasked(sub), state, reason, failures, nextActionAt } };
  }
  return { ask: 'subscribe', next: asking(sub, 'subscribe', callback.base, at) };
}

/** After the request that a turn asked for. */
export function afterRequest(
  now: SubscriptionOfFeed,
  answer: HubAnswer,
  at: Date,
  random: number,
): Subscription | null {
  // The hub verified, or denied, before it answered.
  if (now.askedMode === null) return null;
  const leaving = now.askedMode === 'unsubscribe';
  if (answer.kind === 'accepted') {
    const state = now.state === 'waiting' ? 'requested' : now.state;
    return { ...now, state, nextActionAt: now.askedUntil };
  }
  // Requests to leave are counted as they are made.
  const failures = leaving ? now.failures : now.failures + 1;
  const { reason, retryAfterSeconds } = answer;
  const asked = Math.min((retryAfterSeconds ?? 0) * SECOND, DAY);
  const waitMs = Math.max(wait(leaving ? 'trouble' : answer.kind, failures, random), asked);
  const next = { ...unasked(now), reason, failures, nextActionAt: later(at, waitMs) };
  return now.state === 'requested' ? { ...next, state: 'waiting' } : next;
}

/**
 * The hub asks whether we want what it was asked for. Null: we do not, answer 404. Only what was asked is confirmed, in
 * its time, and once.
 */
export function verify(
  now: SubscriptionOfFeed,
  intent: Intent,
  at: Date,
  random: number,
): Subscription | 'forget' | null {
  if (now.askedMode !== intent.mode || now.askedUntil === null || now.askedUntil <= at) return null;
  if (intent.mode === 'unsubscribe') return left(now, now.reason);
  const granted = intent.leaseSeconds ?? LEASE_SECONDS;
  const leaseMs = Math.min(granted * SECOND, MAX_LEASE_MS);
  // At half the lease, and a little before: what was subscribed together is not renewed together.
  const renewInMs = Math.max((leaseMs / 2) * (0.9 + 0.1 * random), LEAST_RENEWAL_MS);
  return {
    ...unasked(now),
    state: 'active',
    reason: leaseMs < LEAST_RENEWAL_MS ? `the hub grants ${granted} s only, too short to rely on` : null,
    leaseUntil: later(at, leaseMs),
    activeSince: now.state === 'active' ? now.activeSince : at,
    proven: now.state === 'active' && now.proven,
    misses: now.state === 'active' ? now.misses : 0,
    failures: 0,
    nextActionAt: later(at, renewInMs),
  };
}

/** The hub denies the subscription, or ends it (WebSub, 5.2). */
export function deny(now: SubscriptionOfFeed, why: string, at: Date, random: number): Subscription | 'forget' {
  if (!now.wanted) return left(now, now.reason);
  const failures = now.failures + 1;
  const reason = `the hub denies the subscription${why === '' ? '' : `: ${why}`}`;
  const nextActionAt = later(at, wait('denied', failures, random));
  return { ...unasked(now), state: 'denied', reason, failures, proven: false, leaseUntil: null, nextActionAt };
}

/** Content with a good signature was stored, or was here already: push works. Also one that was thought broken, while its lease lasts. */
export function pushed(now: SubscriptionOfFeed, at: Date): Subscription {
  const heals = now.state === 'broken' && now.leaseUntil !== null && now.leaseUntil > at;
  const works = now.state === 'active' || heals;
  return {
    ...now,
    ...(heals ? { state: 'active', reason: null, nextActionAt: later(at, LEAST_RENEWAL_MS) } : {}),
    lastPushAt: at,
    proven: works,
    misses: 0,
    breaks: works ? 0 : now.breaks,
  };
}

/** A poll that began at `polledAt` found items that nobody had pushed. */
export function missed(now: SubscriptionOfFeed, polledAt: Date, at: Date, random: number): Subscription | null {
  if (now.state !== 'active' || now.activeSince === null || polledAt <= now.activeSince) return null;
  const misses = now.misses + 1;
  if (misses < MISSES_TO_BREAK) return { ...now, misses, proven: false };
  const breaks = now.breaks + 1;
  const reason = `the hub did not push what the last ${misses} polls found`;
  const nextActionAt = later(at, wait('broken', breaks, random));
  return { ...unasked(now), state: 'broken', reason, misses, breaks, proven: false, nextActionAt };
}

/** The feed does not want it any more: the hub is told, if it may still have it, a few times at most. */
function leave(now: SubscriptionOfFeed, at: Date): Turn {
  if (now.state === 'ended') return { ask: null, next: left(now, now.reason) };
  const reason = now.followed
    ? 'the feed is not polled, or an operator wants no pushes for it'
    : 'the feed names another hub';
  const tries = now.state === 'leaving' ? now.failures : 0;
  const unverified = now.state === 'leaving' && now.askedUntil !== null && now.askedUntil <= at;
  const there = now.state === 'requested' || (now.leaseUntil !== null && now.leaseUntil > at);
  if (now.callback === null || unverified || tries >= TRIES_TO_LEAVE || (now.state !== 'leaving' && !there))
    return { ask: null, next: left(now, reason) };
  const next = { ...asking(now, 'unsubscribe', now.callback, at), state: 'leaving', reason, proven: false } as const;
  return { ask: 'unsubscribe', next: { ...next, failures: tries + 1 } };
}

/** Nothing is kept of what no document names any more. */
function left(now: SubscriptionOfFeed, reason: string | null): Subscription | 'forget' {
  if (!now.followed) return 'forget';
  const ended = {
    ...unasked(now),
    state: 'ended',
    reason,
    leaseUntil: null,
    activeSince: null,
    proven: false,
  } as const;
  return { ...ended, failures: 0, misses: 0, breaks: 0, nextActionAt: null };
}

function lapsed(now: SubscriptionOfFeed, at: Date): Subscription {
  if (now.state === 'active' && (now.leaseUntil === null || now.leaseUntil <= at))
    return { ...now, state: 'waiting', reason: now.reason ?? 'the lease ended before it was renewed', proven: false };
  return now;
}

/** Noted before the hub is asked: it may verify before it answers. An active subscription stays so meanwhile. */
function asking(sub: Subscription, mode: 'subscribe' | 'unsubscribe', base: string, at: Date): Subscription {
  const state = sub.state === 'active' ? 'active' : 'waiting';
  const askedUntil = later(at, VERIFY_WITHIN_MS);
  const nextActionAt = later(at, REQUEST_WITHIN_MS);
  return { ...sub, state, askedMode: mode, askedUntil, callback: base, nextActionAt };
}

function unasked<T extends Subscription>(sub: T): T {
  return { ...sub, askedMode: null, askedUntil: null };
}

function wait(why: keyof typeof BACKOFF, times: number, random: number): number {
  const [first, most] = BACKOFF[why];
  return Math.min(first * 2 ** Math.min(times - 1, 30), most) * (1 + 0.25 * random);
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + Math.round(ms));
}
