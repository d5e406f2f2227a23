/** Places are shared without a clock of ours: the test's own time decides when an attempt has lasted long. */
import { AttemptPool } from './attempt-pool.js';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => jest.useRealTimers());

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A pool whose attempts end when told, and the order in which they began. */
function room() {
  const pool = new AttemptPool();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    pool,
    begun,
    begin: (endpointId: string, times = 1) => {
      for (let time = 0; time < times; time += 1)
        void pool.begin(endpointId, () => {
          begun.push(endpointId);
          return new Promise<void>((resolve) => ends.push(resolve));
        });
      return settled();
    },
    endFirst: (number: number) => {
      ends.splice(0, number).forEach((end) => end());
      return settled();
    },
    count: (endpointId: string) => begun.filter((one) => one === endpointId).length,
  };
}

test('attempts that hang leave their places to the others, however many they are', async () => {
  const { begin, count, begun } = room();
  for (let number = 0; number < 20; number += 1) await begin(`bad-${number}`, 16);
  await begin('good', 3);
  expect(begun).toHaveLength(250);
  expect(count('good')).toBe(0);
  jest.advanceTimersByTime(1_000);
  await settled();
  // The 70 that waited have begun, and the good one's, before any of the bad ones ended.
  expect(begun).toHaveLength(323);
  await begin('good', 177);
  expect(count('good')).toBe(180);
});

test('what follows at an endpoint that hangs takes no quick place', async () => {
  const { begin, count } = room();
  await begin('bad');
  jest.advanceTimersByTime(1_000);
  await begin('bad', 300);
  expect(count('bad')).toBe(301);
  await begin('good', 250);
  expect(count('good')).toBe(250);
});

test('slow places are bounded; whoever hangs beyond them waits, the others do not', async () => {
  const { begin, endFirst, count } = room();
  await begin('bad');
  jest.advanceTimersByTime(1_000);
  await begin('bad', 1_100);
  expect(count('bad')).toBe(1_000);
  await begin('good');
  expect(count('good')).toBe(1);
  await endFirst(5);
  expect(count('bad')).toBe(1_005);
});

test('endpoints take turns when every place is taken', async () => {
  const { begin, endFirst, begun } = room();
  await begin('first', 250);
  await begin('loud', 100);
  await begin('quiet');
  await begin('other', 2);
  await endFirst(6);
  expect(begun.slice(250)).toEqual(['loud', 'quiet', 'other', 'loud', 'other', 'loud']);
});

test('an endpoint that answers again is quick again', async () => {
  const { begin, endFirst, count } = room();
  await begin('once');
  jest.advanceTimersByTime(1_000);
  await endFirst(1);
  await begin('other', 250);
  await begin('once');
  expect(count('once')).toBe(1);
  await endFirst(1);
  expect(count('once')).toBe(2);
});
