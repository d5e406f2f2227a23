/** Guessing is told to wait; a script with yesterday's token is not, until it hammers. */
import { FailedAttempts } from './failed-attempts.js';

describe('FailedAttempts', () => {
  it('counts one old token, however it repeats itself, as no guessing until there are too many', () => {
    const failures = new FailedAttempts();
    const told = Array.from({ length: 61 }, () => failures.record('10.0.0.1', 'old-token'));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(told.at(-1)).toBe(true);
  });

  it('takes many different tokens for guessing, by address', () => {
    const failures = new FailedAttempts();
    const told = Array.from({ length: 21 }, (_, guess) => failures.record('10.0.0.1', `guess-${guess}`));
    expect(told).toEqual([...Array.from({ length: 20 }, () => false), true]);
    expect(failures.waitSeconds('10.0.0.1')).toBeGreaterThan(50);
    expect(failures.record('10.0.0.2', 'guess-0')).toBe(false);
  });

  it('knows the wrong tokens of an address again, and no others', () => {
    const failures = new FailedAttempts();
    failures.record('10.0.0.1', 'old-token');
    expect(failures.isKnownWrong('10.0.0.1', 'old-token')).toBe(true);
    expect(failures.isKnownWrong('10.0.0.1', 'new-token')).toBe(false);
    expect(failures.isKnownWrong('10.0.0.2', 'old-token')).toBe(false);
  });

  it('forgets the addresses that were quiet longest', () => {
    const failures = new FailedAttempts();
    for (let address = 0; address < 5_001; address += 1) failures.record(`address-${address}`, 'old-token');
    expect(failures.isKnownWrong('address-0', 'old-token')).toBe(false);
    expect(failures.isKnownWrong('address-1', 'old-token')).toBe(true);
  });
});
