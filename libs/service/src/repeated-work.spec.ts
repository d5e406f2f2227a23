import type { Logger } from '@nestjs/common';
import { RepeatedWork } from './repeated-work.js';

let warned: unknown[];
const logger = { warn: (line: unknown) => warned.push(line) } as unknown as Logger;

beforeEach(() => {
  warned = [];
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

test('one turn at a time, and a stop waits for it', async () => {
  const ends: (() => void)[] = [];
  const repeated = new RepeatedWork(() => new Promise<void>((end) => ends.push(end)), logger, 'no');
  repeated.start(100);
  await jest.advanceTimersByTimeAsync(350);
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await jest.advanceTimersByTimeAsync(100);
  expect(ends).toHaveLength(2);
  let stopped = false;
  const stop = repeated.stop().then(() => (stopped = true));
  await jest.advanceTimersByTimeAsync(500);
  expect([ends.length, stopped]).toEqual([2, false]);
  ends[1]?.();
  await stop;
});

test('what fails at every turn is said no more often than is wanted', async () => {
  let turns = 0;
  const repeated = new RepeatedWork(() => Promise.reject(new Error(`turn ${++turns}`)), logger, 'no', 1_000);
  repeated.start(100);
  await jest.advanceTimersByTimeAsync(1_150);
  await repeated.stop();
  expect(turns).toBe(11);
  expect(warned).toEqual([
    { msg: 'no', error: 'Error: turn 1' },
    { msg: 'no', error: 'Error: turn 11' },
  ]);
});

test('a turn that fails is said, and the next one comes', async () => {
  let turns = 0;
  const repeated = new RepeatedWork(() => Promise.reject(new Error(`turn ${++turns}`)), logger, 'nothing was swept');
  repeated.start(100);
  await jest.advanceTimersByTimeAsync(200);
  await repeated.stop();
  expect(warned).toEqual([
    { msg: 'nothing was swept', error: 'Error: turn 1' },
    { msg: 'nothing was swept', error: 'Error: turn 2' },
  ]);
});
