import fc from 'fast-check';
import { type AfterAttempt, afterAttempt, type AttemptResult, MAX_ATTEMPTS } from './retry-schedule.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;
/** As documented for partners in docs/webhooks.md. */
const WAITS_S = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const answered = (status: number, retryAfter?: string): AttemptResult => ({ kind: 'answered', status, retryAfter });
const reset: AttemptResult = { kind: 'failed', errorClass: 'reset', message: 'the host closed the connection' };

function waitMs(after: AfterAttempt): number {
  if (after.status !== 'pending') throw new Error(`not pending but ${after.status}`);
  return after.nextAttemptAt.getTime() - NOW.getTime();
}

test.each(WAITS_S.map((seconds, index) => [index + 1, seconds]))('attempt %i waits %i s', (attempt, seconds) => {
  expect(waitMs(afterAttempt(attempt, answered(500), NOW, 0.5))).toBe(seconds * 1_000);
  expect(waitMs(afterAttempt(attempt, answered(500), NOW, 0))).toBe(seconds * 800);
});

test('ends after the last attempt', () => {
  expect(MAX_ATTEMPTS).toBe(11);
  expect(afterAttempt(MAX_ATTEMPTS, reset, NOW, 0.5)).toEqual({
    status: 'failed',
    reason: 'the host closed the connection; given up after 11 attempts',
    disableEndpoint: false,
  });
});

test('only what leads elsewhere is called a redirect', () => {
  const reasonOf = (status: number) => afterAttempt(1, { kind: 'answered', status }, new Date(), 0.5).reason;
  expect([301, 304, 308].map(reasonOf)).toEqual([
    'answered 301: redirects are not followed',
    'answered 304',
    'answered 308: redirects are not followed',
  ]);
});

test('410 ends everything at once', () => {
  expect(afterAttempt(1, answered(410), NOW, 0)).toMatchObject({ status: 'failed', disableEndpoint: true });
});

test.each([
  ['seconds', answered(429, '120'), 120_000],
  ['a date', answered(503, 'Mon, 23 Nov 2026 12:10:00 GMT'), 600_000],
  ['less than our own wait', answered(503, '1'), 5_000],
  ['the past', answered(503, 'Mon, 23 Nov 2020 12:10:00 GMT'), 5_000],
  ['a year', answered(429, '31536000'), 24 * HOUR],
  ['nonsense', answered(429, 'soon'), 5_000],
  ['something on another status', answered(500, '120'), 5_000],
])('Retry-After with %s', (_what, result, expected) => {
  expect(waitMs(afterAttempt(1, result, NOW, 0.5))).toBe(expected);
});

test('whatever an endpoint does, a delivery ends: delivered by a 2xx, failed by 410 or after 11 attempts, in 2.5 to 14 days', () => {
  const result = fc.oneof(
    fc.record({
      kind: fc.constant('answered' as const),
      status: fc.integer({ min: 100, max: 599 }),
      retryAfter: fc.option(fc.oneof(fc.nat().map(String), fc.string()), { nil: undefined }),
    }),
    fc.constant(reset),
  );
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(result, random), { minLength: 11, maxLength: 11 }), (script) => {
      let now = NOW;
      for (const [index, [outcome, chance]] of script.entries()) {
        const after = afterAttempt(index + 1, outcome, now, chance);
        const good = outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
        const gone = outcome.kind === 'answered' && outcome.status === 410;
        expect(after.status === 'delivered').toBe(good);
        if (after.status !== 'pending') {
          expect(after.status === 'failed').toBe(gone || (!good && index === 10));
          return;
        }
        const wait = after.nextAttemptAt.getTime() - now.getTime();
        const planned = (WAITS_S[index] ?? 0) * 1_000;
        expect(wait).toBeGreaterThanOrEqual(planned * 0.8);
        expect(wait).toBeLessThanOrEqual(Math.max(planned * 1.2, 24 * HOUR));
        now = after.nextAttemptAt;
      }
      throw new Error('pending after the last attempt');
    }),
  );
});
