/** The life of a subscription: what is asked for and believed, whatever a hub does. */
import fc from 'fast-check';
import type { Subscription, SubscriptionOfFeed } from '#storage/feed-subscription.repository.js';
import {
  afterRequest,
  deny,
  type HubAnswer,
  LEASE_SECONDS,
  missed,
  pushed,
  takeTurn,
  verify,
} from './subscription-state.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AT = new Date('2026-11-25T12:00:00Z');
const BASE = { base: 'https://push.news.example' };

const fresh: SubscriptionOfFeed = {
  id: 'id',
  feedId: 'feed',
  hub: 'https://hub.example/',
  topic: 'https://partner.example/feed',
  generation: 1,
  wanted: true,
  followed: true,
  state: 'waiting',
  reason: null,
  askedMode: null,
  askedUntil: null,
  leaseUntil: null,
  activeSince: null,
  proven: false,
  failures: 0,
  misses: 0,
  breaks: 0,
  lastPushAt: null,
  callback: null,
  nextActionAt: AT,
};
const kept = (next: Subscription | 'forget' | null): Subscription => {
  if (next === null || next === 'forget') throw new Error(`nothing is kept: ${String(next)}`);
  return next;
};
const of = (next: Subscription | 'forget' | null, changes: Partial<SubscriptionOfFeed> = {}): SubscriptionOfFeed => ({
  ...fresh,
  ...kept(next),
  ...changes,
});
const in_ = (ms: number, from = AT) => new Date(from.getTime() + ms);
const asked = () => of(takeTurn(fresh, BASE, AT, 0).next);
const active = (leaseSeconds = LEASE_SECONDS, random = 0) =>
  of(verify(asked(), { mode: 'subscribe', leaseSeconds }, AT, random));

describe('asking', () => {
  test('a new subscription is asked for, accepted, verified and renewed at half its lease', () => {
    const turn = takeTurn(fresh, BASE, AT, 0);
    expect(turn).toMatchObject({ ask: 'subscribe', next: { askedMode: 'subscribe', callback: BASE.base } });
    const requested = of(afterRequest(of(turn.next), { kind: 'accepted' }, AT, 0));
    expect(requested).toMatchObject({ state: 'requested', nextActionAt: requested.askedUntil });
    const verified = kept(verify(requested, { mode: 'subscribe', leaseSeconds: 86_400 }, AT, 0.5));
    expect(verified).toMatchObject({ state: 'active', leaseUntil: in_(DAY), askedMode: null, reason: null });
    const renewal = (verified.nextActionAt?.getTime() ?? 0) - AT.getTime();
    expect(renewal).toBeGreaterThan(0.44 * DAY);
    expect(renewal).toBeLessThanOrEqual(0.5 * DAY);
    const renewing = takeTurn(of(verified), BASE, in_(renewal), 0);
    expect(renewing).toMatchObject({ ask: 'subscribe', next: { state: 'active', askedMode: 'subscribe' } });
  });

  test('a hub that verifies before it answers is not set back by its answer', () => {
    expect(afterRequest(active(), { kind: 'accepted' }, AT, 0)).toBeNull();
    expect(afterRequest(active(), { kind: 'trouble', reason: 'cut', retryAfterSeconds: null }, AT, 0)).toBeNull();
  });

  test('a hub that fails is asked again after longer and longer waits, and when it says', () => {
    let sub = fresh;
    const waits: number[] = [];
    for (let round = 0; round < 13; round++) {
      const answer = { kind: 'trouble', reason: 'the hub answered 500', retryAfterSeconds: null } as const;
      sub = of(afterRequest(of(takeTurn(sub, BASE, AT, 0).next), answer, AT, 0));
      waits.push((sub.nextActionAt?.getTime() ?? 0) - AT.getTime());
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8].map((minutes) => minutes * MINUTE));
    expect(waits.at(-1)).toBe(DAY);
    expect(sub).toMatchObject({ state: 'waiting', reason: 'the hub answered 500', failures: 13 });
    const asks = afterRequest(asked(), { kind: 'trouble', reason: 'busy', retryAfterSeconds: 7_200 }, AT, 0);
    expect(asks?.nextActionAt).toEqual(in_(2 * HOUR));
  });

  test('a hub that never verifies is given time, and asked again later', () => {
    const requested = of(afterRequest(asked(), { kind: 'accepted' }, AT, 0));
    const turn = takeTurn(requested, BASE, in_(10 * MINUTE), 0);
    expect(turn).toMatchObject({ ask: null, next: { state: 'waiting', failures: 1, askedMode: null } });
    expect(kept(turn.next).reason).toContain('never asked back');
  });

  test('a hub that cannot reach us is not asked, and the reason stands on the feed', () => {
    const turn = takeTurn(active(), { missing: 'CALLBACK_URL is not set' }, AT, 0);
    expect(turn).toMatchObject({ ask: null, next: { state: 'unreachable', nextActionAt: null, proven: false } });
  });
});

describe('what a hub asks back', () => {
  test('only what was asked for is confirmed, in its time, and once', () => {
    const sub = asked();
    expect(verify(fresh, { mode: 'subscribe', leaseSeconds: 60 }, AT, 0)).toBeNull();
    expect(verify(sub, { mode: 'unsubscribe', leaseSeconds: null }, AT, 0)).toBeNull();
    expect(verify(sub, { mode: 'subscribe', leaseSeconds: 60 }, in_(HOUR), 0)).toBeNull();
    const first = of(verify(sub, { mode: 'subscribe', leaseSeconds: 60 }, AT, 0));
    expect(verify(first, { mode: 'subscribe', leaseSeconds: 60 }, AT, 0)).toBeNull();
  });

  test('a lease of a second does not make us hammer, one of ten years is not believed', () => {
    const short = active(1);
    expect(short).toMatchObject({ leaseUntil: in_(SECOND), nextActionAt: in_(5 * MINUTE) });
    expect(short.reason).toContain('too short');
    const long = active(10 * 365 * 86_400);
    expect(long.leaseUntil).toEqual(in_(30 * DAY));
    expect(active(1e15).leaseUntil).toEqual(in_(30 * DAY));
    expect(of(verify(asked(), { mode: 'subscribe', leaseSeconds: null }, AT, 0)).leaseUntil).toEqual(in_(10 * DAY));
  });

  test('a denial ends it for a day or more', () => {
    const denied = kept(deny(of(pushed(active(), AT)), 'no capacity', AT, 0));
    expect(denied).toMatchObject({ state: 'denied', proven: false, nextActionAt: in_(DAY) });
    expect(denied.reason).toBe('the hub denies the subscription: no capacity');
  });
});

describe('whether push works', () => {
  test('is believed after a push, doubted after one miss, given up after three', () => {
    expect(active().proven).toBe(false);
    const works = of(pushed(active(), AT));
    expect(works.proven).toBe(true);
    const once = of(missed(works, in_(HOUR), in_(HOUR), 0));
    expect(once).toMatchObject({ state: 'active', proven: false, misses: 1 });
    expect(pushed(once, in_(HOUR))).toMatchObject({ proven: true, misses: 0 });
    const twice = of(missed(once, in_(2 * HOUR), in_(2 * HOUR), 0));
    const broken = of(missed(twice, in_(3 * HOUR), in_(3 * HOUR), 0));
    expect(broken).toMatchObject({ state: 'broken', breaks: 1, nextActionAt: in_(4 * HOUR) });
    expect(takeTurn(broken, BASE, in_(4 * HOUR), 0)).toMatchObject({ ask: 'subscribe', next: { breaks: 1 } });
    expect(pushed(broken, in_(5 * HOUR))).toMatchObject({ state: 'active', proven: true, breaks: 0 });
  });

  test('a poll that began before the subscription says nothing about it', () => {
    expect(missed(active(), AT, in_(MINUTE), 0)).toBeNull();
    expect(missed(asked(), in_(MINUTE), in_(MINUTE), 0)).toBeNull();
  });

  test('a hub that is found broken again is asked after a longer wait', () => {
    let sub = active();
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let miss = 0; miss < 3; miss++) sub = of(missed(sub, in_(MINUTE), in_(MINUTE), 0));
      waits.push((sub.nextActionAt?.getTime() ?? 0) - in_(MINUTE).getTime());
      sub = of(verify(of(takeTurn(sub, BASE, AT, 0).next), { mode: 'subscribe', leaseSeconds: 86_400 }, AT, 0));
    }
    expect(waits).toEqual([HOUR, 2 * HOUR, 4 * HOUR]);
  });
});

describe('leaving', () => {
  test('the hub is told, asks back, and nothing is left', () => {
    const turn = takeTurn({ ...active(), wanted: false, followed: false }, BASE, AT, 0);
    expect(turn).toMatchObject({ ask: 'unsubscribe', next: { state: 'leaving', askedMode: 'unsubscribe' } });
    const sub = of(turn.next, { wanted: false, followed: false });
    expect(verify(sub, { mode: 'unsubscribe', leaseSeconds: null }, AT, 0)).toBe('forget');
  });

  test('what is paused is kept, and asked for when it is wanted again', () => {
    const leaving = of(takeTurn({ ...active(), wanted: false }, BASE, AT, 0).next, { wanted: false });
    const ended = of(verify(leaving, { mode: 'unsubscribe', leaseSeconds: null }, AT, 0));
    expect(ended).toMatchObject({ state: 'ended', nextActionAt: null, leaseUntil: null });
    expect(takeTurn({ ...ended, wanted: true }, BASE, AT, 0)).toMatchObject({
      ask: 'subscribe',
      next: { state: 'waiting' },
    });
  });

  test('a hub that does not answer is told three times, and left', () => {
    let sub: SubscriptionOfFeed = { ...active(), wanted: false };
    const asks: (string | null)[] = [];
    for (let round = 0; round < 4; round++) {
      const turn = takeTurn(sub, BASE, AT, 0);
      asks.push(turn.ask);
      sub = of(turn.next, { wanted: false });
      if (turn.ask !== null)
        sub = of(afterRequest(sub, { kind: 'trouble', reason: 'reset', retryAfterSeconds: null }, AT, 0), {
          wanted: false,
        });
    }
    expect(asks).toEqual(['unsubscribe', 'unsubscribe', 'unsubscribe', null]);
    expect(sub.state).toBe('ended');
  });

  test('a hub that was never asked, or whose lease is over, is not told', () => {
    expect(takeTurn({ ...fresh, wanted: false }, BASE, AT, 0)).toMatchObject({ ask: null, next: { state: 'ended' } });
    expect(takeTurn({ ...active(60), wanted: false }, BASE, in_(HOUR), 0)).toMatchObject({ ask: null });
  });
});

test('whatever hubs, polls and operators do: never hammering, never stuck, never more trust than a lease', () => {
  const answer = fc.constantFrom<HubAnswer>(
    { kind: 'accepted' },
    { kind: 'refused', reason: '404', retryAfterSeconds: null },
    { kind: 'trouble', reason: 'timeout', retryAfterSeconds: 5 },
  );
  const step = fc.oneof(
    fc.record({ do: fc.constant('turn' as const), answer, early: fc.boolean() }),
    fc.record({
      do: fc.constant('verify' as const),
      mode: fc.constantFrom('subscribe' as const, 'unsubscribe' as const),
      lease: fc.option(fc.constantFrom(1, 60, 86_400, 1e9)),
    }),
    fc.record({ do: fc.constantFrom('deny' as const, 'push' as const, 'miss' as const) }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 1_000_000 }) }),
    fc.record({ do: fc.constant('want' as const), wanted: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.double({ min: 0, max: 1, noNaN: true }), (steps, random) => {
      let sub: SubscriptionOfFeed = fresh;
      let at = AT;
      let lastAsk: Date | null = null;
      let open: string | null = null;
      const become = (next: Subscription | 'forget' | null) => {
        if (next !== null && next !== 'forget') sub = { ...sub, ...next };
      };
      for (const one of steps) {
        if (one.do === 'wait') at = in_(one.seconds * SECOND, at);
        if (one.do === 'want' && one.wanted !== sub.wanted) {
          sub = { ...sub, wanted: one.wanted, nextActionAt: at };
          lastAsk = null;
        }
        if (one.do === 'turn' && sub.nextActionAt !== null) {
          if (sub.nextActionAt > at) at = sub.nextActionAt;
          const turn = takeTurn(sub, BASE, at, random);
          become(turn.next);
          if (turn.ask !== null) {
            if (lastAsk !== null) expect(at.getTime() - lastAsk.getTime()).toBeGreaterThanOrEqual(MINUTE);
            lastAsk = at;
            open = turn.ask;
            if (!one.early) become(afterRequest(sub, one.answer, at, random));
          }
        }
        if (one.do === 'verify') {
          const next = verify(sub, { mode: one.mode, leaseSeconds: one.lease }, at, random);
          if (next !== null) {
            expect(one.mode).toBe(open);
            open = null;
          }
          become(next);
        }
        if (one.do === 'deny') become(deny(sub, '', at, random));
        if (one.do === 'push') become(pushed(sub, at));
        if (one.do === 'miss') become(missed(sub, at, at, random));
        if (sub.proven) expect(sub).toMatchObject({ state: 'active', leaseUntil: expect.any(Date) });
        if (sub.nextActionAt === null) expect(sub.state).toBe('ended');
        expect(sub.askedMode === null).toBe(sub.askedUntil === null);
        if (sub.leaseUntil !== null) expect(sub.leaseUntil.getTime()).toBeLessThanOrEqual(at.getTime() + 30 * DAY);
      }
    }),
    { numRuns: 2_000 },
  );
});
