/** Guessing is slowed down; a script with yesterday's token locks nobody out. */
import { FailedAttempts } from './failed-attempts.js';

describe('FailedAttempts', () => {
  it('counts one old token, however often it comes, as no guessing', () => {
    const failures = new FailedAttempts();
    for (let time = 0; time < 500; time += 1) failures.record('10.0.0.1', 'old-token');
    expect(failures.isGuessing('10.0.0.1')).toBe(false);
    expect(failures.record('10.0.0.1', 'old-token')).toBe(true);
  });

  it('takes many different tokens for guessing, by address', () => {
    const failures = new FailedAttempts();
    for (let guess = 0; guess <= 20; guess += 1) failures.record('10.0.0.1', `guess-${guess}`);
    expect(failures.isGuessing('10.0.0.1')).toBe(true);
    expect(failures.waitSeconds('10.0.0.1')).toBeGreaterThan(50);
    expect(failures.isGuessing('10.0.0.2')).toBe(false);
  });
});
