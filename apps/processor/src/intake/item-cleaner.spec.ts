/** The cleaning threads: a hang or a flood of memory fails the item that caused it, and no other. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { RawItem } from './clean-item.js';
import { ItemCleaner } from './item-cleaner.js';

Logger.overrideLogger(false);

const item = (title: string): RawItem => ({
  parsed: { title, content: `<p>${title}</p>`, authors: [], categories: [], media: [] },
  at: '2026-11-20T08:00:00.000Z',
});

/** Cleans like the real thread, but hangs, floods or exits when a title says so. */
const playedThread = join(tmpdir(), `played-cleaning-${process.pid}.mjs`);
writeFileSync(
  playedThread,
  `export default (items) => items.map(({ parsed: { title } }) => {
     if (title === 'hang') for (;;);
     if (title === 'flood') for (let all = []; ; ) all.push(new Array(1e6).fill(title));
     return { item: { title } };
   });`,
);

test('cleans a batch in order, each item for itself', async () => {
  const cleaner = new ItemCleaner();
  const results = await cleaner.clean([
    item('One'),
    { ...item(''), parsed: { ...item('').parsed, content: '' } },
    { ...item('Der Stadtrat beschloss den Haushalt nach langer Debatte'), claims: ['en'] },
  ]);
  expect(results).toMatchObject([
    { item: { title: 'One' }, language: null },
    { failure: expect.stringContaining('nothing to show') },
    { item: { title: expect.stringMatching(/^Der/) }, language: 'de' },
  ]);
  expect(await cleaner.clean([])).toEqual([]);
  await cleaner.onApplicationShutdown();
});

test.each([
  ['hang', /longer than/],
  ['flood', /memory/],
])('an item that would %s is found and named', async (kind, reason) => {
  const cleaner = new ItemCleaner({ threadFile: playedThread, batchDeadlineMs: 2_000, itemDeadlineMs: 3_000 });
  const results = await cleaner.clean(Array.from({ length: 10 }, (_, i) => item(i === 6 ? kind : `good ${i}`)));
  const failures = results.flatMap((result, i) => ('failure' in result ? [[i, result.failure]] : []));
  expect(failures).toEqual([[6, expect.stringMatching(kind === 'flood' ? /memory|longer than/ : reason)]]);
  await cleaner.onApplicationShutdown();
});

test('threads that cannot work are no item’s fault', async () => {
  const cleaner = new ItemCleaner({ threadFile: join(tmpdir(), 'no-such-thread.mjs') });
  await expect(cleaner.clean([item('Good')])).rejects.toThrow();
  await cleaner.onApplicationShutdown();
});

test('a shutdown in the middle of a batch fails nothing for good', async () => {
  const cleaner = new ItemCleaner({ threadFile: playedThread, itemDeadlineMs: 20_000 });
  const cleaning = expect(cleaner.clean([item('hang')])).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await cleaner.onApplicationShutdown();
  await cleaning;
});
