import fc from 'fast-check';
import { decideNextFetch, type NextFetchFacts } from './next-fetch.js';

const now = new Date('2026-11-23T12:00:00Z');
const quiet: NextFetchFacts = {
  now,
  result: { kind: 'ok' },
  rhythm: { defaultSeconds: 900, floorSeconds: 300 },
  intervalSeconds: null,
  hints: {},
  maxAgeSeconds: null,
  retryAfterSeconds: null,
  random: 0,
};
const decide = (facts: Partial<NextFetchFacts>) => {
  const { at, reason } = decideNextFetch({ ...quiet, ...facts });
  return [(at.getTime() - now.getTime()) / 1000, reason];
};

describe('decideNextFetch', () => {
  test.each<[string, Partial<NextFetchFacts>, number, string]>([
    ['nothing known', {}, 900, 'every 15 min, the default'],
    ['a faster ttl', { hints: { ttlMinutes: 10 } }, 600, 'every 10 min, as the feed asks'],
    [
      'a ttl below the floor',
      { hints: { ttlMinutes: 1 } },
      300,
      'every 5 min, the least allowed (as the feed asks: 60 s)',
    ],
    [
      'a ttl above the ceiling',
      { hints: { ttlMinutes: 10_080 } },
      86_400,
      'every 24 h, the most allowed (as the feed asks: 7 days)',
    ],
    ['sy:update', { hints: { updatePeriodMinutes: 120 } }, 7_200, 'every 2 h, as the feed asks'],
    ['a long max-age', { maxAgeSeconds: 3_600 }, 3_600, 'every 60 min, as the server caches it (max-age)'],
    ['a short max-age', { maxAgeSeconds: 60 }, 900, 'every 15 min, the default'],
    [
      'an operator’s interval below the floor',
      { intervalSeconds: 10, maxAgeSeconds: 9_999 },
      10,
      'every 10 s, as set for this feed',
    ],
    [
      'Retry-After',
      { result: { kind: 'later' }, retryAfterSeconds: 7_200 },
      7_200,
      'the partner asks to wait (Retry-After): after 2 h',
    ],
    [
      'a short Retry-After',
      { result: { kind: 'later' }, retryAfterSeconds: 5 },
      900,
      'the partner asks to wait (Retry-After): after 15 min',
    ],
    ['429 alone', { result: { kind: 'later' } }, 1_800, 'the partner asks for fewer requests: after 30 min'],
    ['a first failure', { result: { kind: 'failed', failures: 1 } }, 900, 'failed once: after 15 min'],
    ['a third failure', { result: { kind: 'failed', failures: 3 } }, 3_600, 'failed 3 times in a row: after 60 min'],
    [
      'many failures',
      { result: { kind: 'failed', failures: 400 } },
      259_200,
      'failed 400 times in a row: after 3 days',
    ],
    ['our own trouble', { result: { kind: 'ours' } }, 60, 'trouble on our side: after 60 s'],
  ])('%s', (_name, facts, seconds, reason) => {
    expect(decide(facts)).toEqual([seconds, reason]);
  });

  const seconds = fc.integer({ min: 1, max: 10_000_000 });
  const facts = fc.record({
    result: fc.oneof(
      fc.constant({ kind: 'ok' as const }),
      fc.constant({ kind: 'ours' as const }),
      fc.constant({ kind: 'later' as const }),
      fc.record({ kind: fc.constant('failed' as const), failures: fc.integer({ min: 1, max: 100_000 }) }),
    ),
    hints: fc.record(
      {
        ttlMinutes: fc.integer({ min: 1, max: 1e9 }),
        updatePeriodMinutes: fc.double({ min: 0.1, max: 1e9, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
    maxAgeSeconds: fc.option(fc.integer({ min: 0, max: 2 ** 40 })),
    retryAfterSeconds: fc.option(seconds),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test('is never sooner than the floor (our own trouble apart) nor later than three days and jitter', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const [wait] = decide(given) as [number, string];
        expect(wait).toBeGreaterThanOrEqual(given.result.kind === 'ours' ? 60 : 300);
        expect(wait).toBeLessThanOrEqual(3 * 86_400 * 1.1 + 1);
      }),
    );
  });

  test('waits longer with every failure', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 1000 }), (given, failures) => {
        const [one] = decide({ ...given, result: { kind: 'failed', failures } }) as [number, string];
        const [two] = decide({ ...given, result: { kind: 'failed', failures: failures + 1 } }) as [number, string];
        expect(two).toBeGreaterThanOrEqual(one);
      }),
    );
  });
});
