import fc from 'fast-check';
import { observedRhythm } from './observed-rhythm.js';

const now = new Date('2026-11-23T12:00:00Z');
const at = (...dates: string[]) => dates.map((published) => ({ published }));
const ago = (seconds: number) => ({ published: new Date(now.getTime() - seconds * 1000).toISOString() });

describe('observedRhythm', () => {
  test.each([
    ['no items', [], null],
    ['too few dates', at('2026-11-23T11:00:00Z', '2026-11-23T10:00:00Z'), null],
    ['one date for all', at('2026-11-23T11:00:00Z', '2026-11-23T11:00:00Z', '2026-11-23T11:00:00Z'), null],
    ['dates that are none', at('', 'soon', '2026-11-23T11:00:00Z'), null],
    ['an item an hour', at('2026-11-23T11:00:00Z', '2026-11-23T10:00:00Z', '2026-11-23T09:00:00Z'), 3_600],
    ['any order', at('2026-11-23T09:00:00Z', '2026-11-23T11:00:00Z', '2026-11-23T10:00:00Z'), 3_600],
    ['dates ahead of the clock', at('2030-01-01T00:00:00Z', '2026-11-23T11:00:00Z', '2026-11-23T10:00:00Z'), null],
  ])('%s', (_name, items, spacing) => {
    expect(observedRhythm(items, now)?.spacingSeconds ?? null).toBe(spacing);
  });

  test('an old archive behind the newest items does not count', () => {
    const items = [...Array.from({ length: 20 }, (_, index) => ago(index * 600)), ago(1e8), ago(2e8)];
    expect(observedRhythm(items, now)).toEqual({ spacingSeconds: 600, newestAt: now });
  });

  test('counts the day of updating where none of publishing is given', () => {
    expect(
      observedRhythm(
        [1, 2, 3].map((hour) => ({ updated: ago(hour * 3_600).published })),
        now,
      ),
    ).toEqual({
      spacingSeconds: 3_600,
      newestAt: new Date('2026-11-23T11:00:00Z'),
    });
  });

  test('whatever the dates, it is a positive number of seconds that ends by now, whichever way they are ordered', () => {
    const dates = fc.array(fc.date({ noInvalidDate: false }), { maxLength: 60 });
    fc.assert(
      fc.property(dates, (given) => {
        const items = given.map((date) => ({ published: Number.isNaN(date.getTime()) ? 'x' : date.toISOString() }));
        const rhythm = observedRhythm(items, now);
        expect(observedRhythm(items.toReversed(), now)).toEqual(rhythm);
        if (rhythm === null) return;
        expect(rhythm.spacingSeconds).toBeGreaterThanOrEqual(1);
        expect(rhythm.newestAt.getTime()).toBeLessThanOrEqual(now.getTime());
      }),
    );
  });
});
