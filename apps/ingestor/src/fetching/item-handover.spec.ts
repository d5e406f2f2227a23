import type { JobPublisher } from '#messaging/job-publisher.js';
import type { FetchedDocument } from '#storage/fetched-document.repository.js';
import { ItemHandover } from './item-handover.js';

let published: string[][];
let handover: ItemHandover;

beforeEach(() => {
  jest.useFakeTimers();
  published = [];
  const jobs = {
    publish: (_: string, batch: { id: string }[]) => {
      if (batch.length > 0) published.push(batch.map(({ id }) => id));
      return Promise.resolve(true);
    },
  };
  handover = new ItemHandover(jobs as unknown as JobPublisher);
});
afterEach(() => jest.useRealTimers());

const fetched = (fetchId: string, isFirst: boolean) =>
  ({ isFirst, outcome: { fetchId, correlationId: 'c_1' } }) as FetchedDocument;

test('what a known feed brings is handed over at once', async () => {
  await handover.handOver(fetched('a', false));
  expect(published).toEqual([['items-a-0']]);
});

test('the first items of a feed wait for a pause, and news do not wait for them', async () => {
  for (const id of ['a', 'b', 'c']) {
    await handover.handOver(fetched(id, true));
    jest.advanceTimersByTime(99);
  }
  await handover.handOver(fetched('news', false));
  expect(published).toEqual([['items-news-0']]);
  jest.advanceTimersByTime(1);
  expect(published).toEqual([['items-news-0'], ['items-a-0', 'items-b-0', 'items-c-0']]);
});

test('however long the rush, nothing is held for more than four seconds, nor more than a thousand', async () => {
  for (let ms = 0; ms < 8_000; ms += 50) {
    await handover.handOver(fetched(String(ms), true));
    jest.advanceTimersByTime(50);
  }
  expect(published.map((batch) => batch.length)).toEqual([80, 80]);
  for (let feed = 0; feed < 2_500; feed++) await handover.handOver(fetched(`f${feed}`, true));
  expect(published.slice(2).map((batch) => batch.length)).toEqual([1_000, 1_000]);
});

test('what is held when the process ends is handed over', async () => {
  await handover.handOver(fetched('a', true));
  await handover.beforeApplicationShutdown();
  expect(published).toEqual([['items-a-0']]);
  jest.advanceTimersByTime(10_000);
  expect(published).toHaveLength(1);
});
