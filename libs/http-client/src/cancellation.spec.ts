import { Cancellation } from './cancellation.js';

describe('a cancellation', () => {
  const told = (cancellation: Cancellation) => new Promise((resolve) => (cancellation.onCancel = resolve));

  test('comes from the deadline, with its reason', async () => {
    const cancellation = new Cancellation(5);
    await expect(told(cancellation)).resolves.toMatchObject({ kind: 'timeout', scope: 'remote' });
    expect(cancellation.reason?.message).toBe('no complete answer within 0.005 s');
    cancellation.end();
  });

  test('comes from the caller to every request that shares the signal, and to none that has ended', async () => {
    const caller = new AbortController();
    const all = Array.from({ length: 3 }, () => new Cancellation(60_000, caller.signal));
    const [first, second, ended] = all as [Cancellation, Cancellation, Cancellation];
    ended.end();
    const both = Promise.all([told(first), told(second)]);
    caller.abort();
    expect(await both).toEqual([first.reason, second.reason]);
    expect(first.reason).toMatchObject({ kind: 'aborted', scope: 'ours' });
    expect(ended.reason).toBeUndefined();
    all.forEach((each) => each.end());
  });

  test('is there from the start when the caller has given up before', () => {
    const cancellation = new Cancellation(60_000, AbortSignal.abort());
    expect(cancellation.reason).toMatchObject({ kind: 'aborted' });
    cancellation.end();
  });

  test('has one reason: the first', () => {
    const caller = new AbortController();
    const cancellation = new Cancellation(60_000, caller.signal);
    caller.abort();
    const { reason } = cancellation;
    cancellation.cancel(Object.assign(new Error('late')) as never);
    expect(cancellation.reason).toBe(reason);
    cancellation.end();
  });
});
