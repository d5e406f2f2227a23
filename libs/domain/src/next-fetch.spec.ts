import fc from 'fast-check';
import { decideNextFetch, explainNextFetch, type NextFetchFacts } from './next-fetch.js';

const now = new Date('2026-11-23T12:00:00Z');
const quiet: NextFetchFacts = {
  now,
  result: { kind: 'ok' },
  rhythm: { defaultSeconds: 900, floorSeconds: 300, ceilingSeconds: 86_400 },
  intervalSeconds: null,
  hints: {},
  maxAgeSeconds: null,
  retryAfterSeconds: null,
  observed: null,
  pushWorks: false,
};
const decide = (facts: Partial<NextFetchFacts>, random = 0) => {
  const { at, reason } = decideNextFetch({ ...quiet, ...facts }, random);
  return [(at.getTime() - now.getTime()) / 1000, reason];
};
const lastItem = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1000);

describe('decideNextFetch', () => {
  test.each<[string, Partial<NextFetchFacts>, number, string]>([
    ['nothing known', {}, 900, 'every 15 min, the default'],
    ['a faster ttl', { hints: { ttlMinutes: 10 } }, 600, 'every 10 min, as the feed asks (ttl)'],
    [
      'a ttl below the floor',
      { hints: { ttlMinutes: 1 } },
      300,
      'every 5 min, the least allowed (as the feed asks (ttl): 60 s)',
    ],
    [
      'a ttl above the ceiling',
      { hints: { ttlMinutes: 10_080 } },
      86_400,
      'every 24 h, the most allowed (as the feed asks (ttl): 7 days)',
    ],
    ['sy:update', { hints: { updatePeriodMinutes: 120 } }, 7_200, 'every 2 h, as the feed asks (sy:updatePeriod)'],
    [
      'ttl and sy:update: the longer',
      { hints: { ttlMinutes: 180, updatePeriodMinutes: 120 } },
      10_800,
      'every 3 h, as the feed asks (ttl)',
    ],
    ['a long max-age', { maxAgeSeconds: 3_600 }, 3_600, 'every 60 min, as the server caches it (max-age)'],
    ['a short max-age', { maxAgeSeconds: 60 }, 900, 'every 15 min, the default'],
    [
      'a max-age of a year',
      { maxAgeSeconds: 31_536_000 },
      86_400,
      'every 24 h, the most allowed (as the server caches it (max-age): 365 days)',
    ],
    [
      'a lively feed',
      { observed: { spacingSeconds: 1_200, newestAt: lastItem(60) } },
      600,
      'every 10 min, by how often new items came',
    ],
    [
      'a feed that has fallen silent',
      { observed: { spacingSeconds: 1_200, newestAt: lastItem(40 * 3_600) } },
      7_200,
      'every 2 h, by how often new items came',
    ],
    [
      'a lively feed that asks for patience',
      { observed: { spacingSeconds: 1_200, newestAt: lastItem(60) }, hints: { ttlMinutes: 60 } },
      3_600,
      'every 60 min, as the feed asks (ttl)',
    ],
    [
      'push',
      { pushWorks: true },
      10_800,
      'every 3 h, 12 times less often than every 15 min (the default), as news are pushed',
    ],
    [
      'push of a slow feed',
      { pushWorks: true, hints: { ttlMinutes: 600 } },
      86_400,
      'every 24 h, the most allowed (12 times less often than every 10 h (as the feed asks (ttl)), as news are pushed: 5 days)',
    ],
    [
      'an operator’s interval below the floor',
      { intervalSeconds: 10, maxAgeSeconds: 9_999, pushWorks: true, hints: { skipHours: [12] } },
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
      'Retry-After against an operator’s interval',
      { result: { kind: 'later' }, retryAfterSeconds: 7_200, intervalSeconds: 10 },
      7_200,
      'the partner asks to wait (Retry-After): after 2 h',
    ],
    [
      'a short Retry-After',
      { result: { kind: 'later' }, retryAfterSeconds: 5 },
      900,
      'the partner asks to wait (Retry-After): after 15 min',
    ],
    [
      'Retry-After of a year',
      { result: { kind: 'later' }, retryAfterSeconds: 31_536_000 },
      259_200,
      'the partner asks to wait (Retry-After): after 3 days',
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
    [
      'skipHours',
      { hints: { skipHours: [12, 13] } },
      7_200,
      'every 15 min, the default, put off to the next hour that the feed allows',
    ],
    [
      'skipDays (it is a Monday)',
      { hints: { skipDays: ['Monday', 'Tuesday'], skipHours: [0] } },
      37 * 3_600,
      'every 15 min, the default, put off to the next hour that the feed allows',
    ],
    [
      'a week of skipDays is not believed',
      { hints: { skipHours: Array.from({ length: 24 }, (_, hour) => hour) } },
      900,
      'every 15 min, the default',
    ],
  ])('%s', (_name, facts, seconds, reason) => {
    expect(decide(facts)).toEqual([seconds, reason]);
  });

  test('says what else was considered, strongest first, and why it did not decide', () => {
    const facts: NextFetchFacts = {
      ...quiet,
      maxAgeSeconds: 300,
      hints: { ttlMinutes: 60, skipHours: [3] },
      observed: { spacingSeconds: 1_200, newestAt: lastItem(60) },
    };
    const { reason } = decideNextFetch(facts, 0.5);
    const reasons = explainNextFetch(facts, reason);
    const others = [
      'the server lets its answer be kept for 5 min (max-age): not longer than that, so it changes nothing',
      'new items came every 20 min, the last 60 s ago: what the feed asks for comes first',
      'the feed wants no polls in the hours 3 UTC (skipHours)',
      'up to 25 % later, so that feeds do not move in step',
    ];
    expect(reasons).toEqual(['every 60 min, as the feed asks (ttl)', ...others]);
    expect(explainNextFetch(facts, 'resumed by an operator')).toEqual([
      'resumed by an operator',
      'its rhythm after that: every 60 min, as the feed asks (ttl)',
      ...others,
    ]);
  });

  const seconds = fc.integer({ min: 1, max: 10_000_000 });
  const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  const hints = fc.record(
    {
      ttlMinutes: fc.integer({ min: 1, max: 1e9 }),
      updatePeriodMinutes: fc.double({ min: 0.1, max: 1e9, noNaN: true }),
      skipHours: fc.subarray(Array.from({ length: 24 }, (_, hour) => hour)),
      skipDays: fc.subarray(days),
    },
    { requiredKeys: [] },
  );
  const facts = fc.record({
    now: fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
    result: fc.oneof(
      fc.constant({ kind: 'ok' as const }),
      fc.constant({ kind: 'ours' as const }),
      fc.constant({ kind: 'later' as const }),
      fc.record({ kind: fc.constant('failed' as const), failures: fc.integer({ min: 1, max: 100_000 }) }),
    ),
    rhythm: fc.constant(quiet.rhythm),
    intervalSeconds: fc.constant(null),
    hints,
    maxAgeSeconds: fc.option(fc.integer({ min: 0, max: 2 ** 40 })),
    retryAfterSeconds: fc.option(seconds),
    observed: fc.option(
      fc.record({
        spacingSeconds: seconds,
        newestAt: fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
      }),
    ),
    pushWorks: fc.boolean(),
  });
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  const wait = (given: NextFetchFacts, chance: number) =>
    (decideNextFetch(given, chance).at.getTime() - given.now.getTime()) / 1000;

  test('is never sooner than the floor (our own trouble apart), nor later than the ceiling while all is well, plus jitter', () => {
    fc.assert(
      fc.property(facts, random, (given, chance) => {
        const waited = wait({ ...given, hints: { ...given.hints, skipHours: [], skipDays: [] } }, chance);
        expect(waited).toBeGreaterThanOrEqual(given.result.kind === 'ours' ? 60 : 300);
        expect(waited).toBeLessThanOrEqual((given.result.kind === 'ok' ? 86_400 : 3 * 86_400) * 1.25 + 1);
      }),
    );
  });

  test('keeps to the hours and days that the feed allows, and is never put off by more than a week', () => {
    fc.assert(
      fc.property(facts, random, (given, chance) => {
        const { at } = decideNextFetch(given, chance);
        const { skipHours = [], skipDays = [] } = given.hints;
        const day = days[(at.getUTCDay() + 6) % 7] ?? '';
        if (given.result.kind !== 'ours' && skipHours.length < 24 && skipDays.length < 7) {
          expect(skipHours).not.toContain(at.getUTCHours());
          expect(skipDays).not.toContain(day);
        }
        expect(wait(given, chance)).toBeLessThanOrEqual(3 * 86_400 * 1.25 + 8 * 86_400);
      }),
    );
  });

  test('waits longer with every failure', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 1000 }), (given, failures) => {
        const one = wait({ ...given, result: { kind: 'failed', failures } }, 0);
        expect(wait({ ...given, result: { kind: 'failed', failures: failures + 1 } }, 0)).toBeGreaterThanOrEqual(one);
      }),
    );
  });

  test('heeds Retry-After up to three days, whatever else is known', () => {
    fc.assert(
      fc.property(facts, seconds, random, (given, retryAfterSeconds, chance) => {
        const waited = wait({ ...given, result: { kind: 'later' }, retryAfterSeconds }, chance);
        expect(waited).toBeGreaterThanOrEqual(Math.min(retryAfterSeconds, 3 * 86_400));
      }),
    );
  });

  test('is explained from its facts in the words it was made with', () => {
    fc.assert(
      fc.property(facts, random, (given, chance) => {
        const { reason } = decideNextFetch(given, chance);
        const [first, second] = explainNextFetch(given, reason);
        expect(first).toBe(reason);
        expect(second).not.toMatch(/^its rhythm after that/);
      }),
    );
  });
});
