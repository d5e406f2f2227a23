import { PARTS, readOptions } from './options.js';

describe('the bench command line', () => {
  it('runs everything by default, smaller with --quick, and lets one size be set', () => {
    expect(readOptions([]).parts).toEqual(PARTS.filter((part) => part !== 'soak'));
    expect(readOptions(['soak', '--soak-minutes', '20'])).toMatchObject({ parts: ['soak'], soakMinutes: 20 });
    expect(readOptions(['--quick']).itemFeeds).toBeLessThan(readOptions([]).itemFeeds);
    expect(readOptions(['items', '--quick', '--item-feeds', '7'])).toMatchObject({ parts: ['items'], itemFeeds: 7 });
  });

  it('says what is wrong', () => {
    expect(() => readOptions(['nonsense'])).toThrow('nonsense is not a part');
    expect(() => readOptions(['--events', '-3'])).toThrow();
    expect(() => readOptions(['--events', 'x'])).toThrow('--events must be a whole number');
  });
});
