import fc from 'fast-check';
import { type HostLimits, type HostState, shareHost } from './host-budget.js';

const FRESH: HostState = { freeAt: 0, closedUntil: 0 };
const LIMITS: HostLimits = { requestsPerMinute: 30, connections: 4 };
const NOW = 1_000_000_000;
const asking = (count: number, promised = false) =>
  Array.from({ length: count }, (_, index) => ({ id: `${promised ? 'p' : 'n'}${index}`, promised }));
const share = (
  due: { id: string; promised: boolean }[],
  { limits = LIMITS, state = FRESH, inHand = 0 }: { limits?: HostLimits; state?: HostState; inHand?: number } = {},
) => shareHost(NOW, limits, state, { due, inHand }, () => 0.5);

describe('shareHost', () => {
  test('few requests go at once', () => {
    expect(share(asking(3))).toMatchObject({ go: ['n0', 'n1', 'n2'], later: [] });
  });

  test('a burst goes at once as far as connections allow, the rest is spaced', () => {
    const { go, later } = share(asking(12), { limits: { requestsPerMinute: 30, connections: 100 } });
    expect(go).toHaveLength(8);
    expect(later.map(({ waitSeconds }) => Math.round(waitSeconds * 10) / 10)).toEqual([5, 5.2, 7.8, 10.4]);
    expect(later.every(({ promised, because }) => promised && because === 'requests')).toBe(true);
  });

  test('what is under way takes connections; who finds none comes again soon', () => {
    const { go, later } = share(asking(3), { inHand: 3 });
    expect(go).toEqual(['n0']);
    expect(later).toMatchObject([
      { id: 'n1', waitSeconds: 5, promised: true, because: 'connections' },
      { id: 'n2', promised: true, because: 'connections' },
    ]);
  });

  test('a promise is kept, and paid once', () => {
    const state = { freeAt: NOW + 600_000, closedUntil: 0 };
    const { go, later, freeAt } = share([...asking(1), ...asking(1, true)], { state });
    expect(go).toEqual(['p0']);
    expect(later.map(({ id }) => id)).toEqual(['n0']);
    expect(freeAt - state.freeAt).toBeCloseTo(60_000 / 23);
  });

  test('who would wait longer than four hours asks again, and costs nothing', () => {
    const { later, freeAt } = share(asking(10_000));
    const sentAway = later.filter(({ promised }) => !promised);
    expect(sentAway.length).toBeGreaterThan(4_000);
    expect(Math.max(...later.map(({ waitSeconds }) => waitSeconds))).toBeLessThanOrEqual(4 * 3_600);
    expect(freeAt - NOW).toBeLessThanOrEqual((4 * 3_600 + 60) * 1000);
  });

  test('a host that is closed is asked by nobody before it opens, promise or not, limit or not', () => {
    const state = { freeAt: 0, closedUntil: NOW + 120_000 };
    for (const limits of [LIMITS, { requestsPerMinute: 0, connections: 4 }]) {
      const { go, later } = share([...asking(5, true), ...asking(5)], { state, limits });
      expect(go).toEqual([]);
      expect(later.every(({ waitSeconds, because }) => waitSeconds >= 120 && because === 'closed')).toBe(true);
    }
  });

  test('no limit is no limit', () => {
    expect(share(asking(500), { limits: { requestsPerMinute: 0, connections: 1 } }).go).toHaveLength(500);
  });

  test('whatever comes when: everybody goes once, and no minute sees more than the budget allows', () => {
    const arrivals = fc.array(
      fc.record({ second: fc.integer({ min: 0, max: 600 }), count: fc.integer({ min: 1, max: 40 }) }),
      {
        maxLength: 10,
      },
    );
    const limits = fc.record({
      requestsPerMinute: fc.integer({ min: 1, max: 200 }),
      connections: fc.integer({ min: 1, max: 200 }),
    });
    fc.assert(
      fc.property(arrivals, limits, (given, limit) => {
        const waiting = given.flatMap(({ second, count }, batch) =>
          Array.from({ length: count }, (_, index) => ({ id: `${batch}-${index}`, at: second, promised: false })),
        );
        const total = waiting.length;
        const went: number[] = [];
        let { freeAt } = FRESH;
        for (let second = 0; waiting.length > 0 && second < 100_000; second++) {
          const due = waiting.filter(({ at }) => at <= second);
          if (due.length === 0) continue;
          const verdict = shareHost(second * 1000, limit, { freeAt, closedUntil: 0 }, { due, inHand: 0 }, () => 0.5);
          freeAt = verdict.freeAt;
          went.push(...verdict.go.map(() => second));
          for (const id of verdict.go)
            waiting.splice(
              waiting.findIndex((one) => one.id === id),
              1,
            );
          for (const { id, waitSeconds, promised } of verdict.later) {
            const one = waiting.find((other) => other.id === id);
            if (one) Object.assign(one, { at: second + waitSeconds, promised });
          }
        }
        expect(went).toHaveLength(total);
        // The least wait of five seconds may move some of a minute's requests into its end.
        const most = limit.requestsPerMinute + Math.ceil(limit.requestsPerMinute / 10);
        for (const from of went)
          expect(went.filter((at) => at >= from && at < from + 60).length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 200 },
    );
  });
});
