import { after, lowest, type Sample, slope, watch } from './memory-trend.js';

const line = (start: number, perMinute: number): Sample[] =>
  Array.from({ length: 60 }, (_, index) => ({ minute: index / 6, mb: start + (perMinute * index) / 6 }));

describe('the trend of memory', () => {
  it('is the slope of a line, and nothing without two samples', () => {
    expect(slope(line(200, 0.5))).toBeCloseTo(0.5);
    expect(slope(line(200, -3))).toBeCloseTo(-3);
    expect([slope([]), slope([{ minute: 1, mb: 7 }])]).toEqual([0, 0]);
  });

  it('leaves out the beginning', () => {
    const warmedUp = line(0, 0).map(({ minute }) => ({ minute, mb: Math.min(100, 40 * minute) }));
    expect(slope(warmedUp)).toBeGreaterThan(1);
    expect(slope(after(1 / 3, warmedUp))).toBeCloseTo(0);
  });

  it('of a heap that is collected is that of what collections leave', () => {
    const sawtooth = line(50, 2).map(({ minute, mb }, index) => ({ minute, mb: mb + (index % 6) * 30 }));
    expect(slope(lowest(1, sawtooth))).toBeCloseTo(2);
  });

  it('is looked at until the work ends, which may fail', async () => {
    let looks = 0;
    let end = (): void => undefined;
    const work = new Promise<void>((resolve) => (end = resolve));
    const seen = await watch(work, 1, async () => {
      if (++looks === 3) end();
      return { some: looks, none: undefined };
    });
    expect(seen.get('some')?.map(({ mb }) => mb)).toEqual([1, 2, 3]);
    expect(seen.has('none')).toBe(false);
    await expect(watch(Promise.reject(new Error('broke')), 1, async () => ({}))).rejects.toThrow('broke');
  });
});
