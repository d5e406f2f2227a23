/** The line of searches: no more at once than there are places, first come first served, refused when it is full or slow. */
import fc from 'fast-check';
import { Metrics } from '#observability/metrics.js';
import { SearchesBusyError, SearchLine } from './search-line.js';

const PLACES = 3;
const WAITING = 32;

/** A search that ends when the test says so. */
function held(): { search: () => Promise<void>; end: () => void; begun: () => boolean } {
  let [end, begun] = [(): void => undefined, false];
  const ended = new Promise<void>((resolve) => (end = resolve));
  const search = (): Promise<void> => {
    begun = true;
    return ended;
  };
  return { search, end, begun: () => begun };
}

describe('SearchLine', () => {
  let metrics: Metrics;
  let line: SearchLine;

  beforeEach(() => {
    metrics = new Metrics();
    line = new SearchLine({ databasePool: 10 }, metrics);
  });

  const gauge = async (name: string): Promise<number | undefined> =>
    (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value;

  it('has each search begin in its turn, never more at once than places, whether others end well or badly', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ turns: fc.nat(4), fails: fc.boolean() }), { minLength: 1, maxLength: PLACES + WAITING }),
        async (searches) => {
          let running = 0;
          const begun: number[] = [];
          const outcomes = await Promise.allSettled(
            searches.map(({ turns, fails }, index) =>
              line.run(async () => {
                begun.push(index);
                expect(++running).toBeLessThanOrEqual(PLACES);
                for (let turn = 0; turn < turns; turn++) await Promise.resolve();
                running--;
                if (fails) throw new Error('no database');
                return index;
              }),
            ),
          );
          expect(begun).toEqual(searches.map((_, index) => index));
          expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(searches.map(({ fails }) => fails));
        },
      ),
    );
    expect(await gauge('dateline_searches_running')).toBe(0);
    expect(await gauge('dateline_searches_waiting')).toBe(0);
  });

  it('refuses at once when the line is full, and has room again when one has ended', async () => {
    const searches = Array.from({ length: PLACES + WAITING }, held);
    const all = searches.map(({ search }) => line.run(search));
    await expect(line.run(held().search)).rejects.toThrow(SearchesBusyError);
    expect(await gauge('dateline_searches_refused_total')).toBe(1);
    expect(searches.filter(({ begun }) => begun())).toHaveLength(PLACES);
    searches[0]?.end();
    await all[0];
    const late = held();
    const last = line.run(late.search);
    for (const { end } of [...searches, late]) end();
    await Promise.all([...all, last]);
  });

  it('refuses who has waited two seconds, and gives the place to the next', async () => {
    jest.useFakeTimers();
    try {
      const first = Array.from({ length: PLACES }, held);
      const all = first.map(({ search }) => line.run(search));
      const [late, next] = [held(), held()];
      const refused = expect(line.run(late.search)).rejects.toThrow('Try again in 5 s');
      await jest.advanceTimersByTimeAsync(1_500);
      const served = line.run(next.search);
      await jest.advanceTimersByTimeAsync(600);
      await refused;
      for (const { end } of [...first, next]) end();
      await Promise.all([...all, served]);
      expect([late.begun(), next.begun()]).toEqual([false, true]);
    } finally {
      jest.useRealTimers();
    }
  });
});
