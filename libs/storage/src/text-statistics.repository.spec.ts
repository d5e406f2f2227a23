/** Counters of several processes add up, and only what changed is written. */
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { type HashCounts, TextStatisticsRepository } from './text-statistics.repository.js';

const COUNTERS = 1 << 16;
const none = (): Uint8Array => new Uint8Array(COUNTERS);

let t: TestDatabase;
let repository: TextStatisticsRepository;
beforeAll(async () => {
  t = await testDatabase();
  repository = new TextStatisticsRepository(t.database);
});
afterAll(() => t?.drop());

const counted = (bucket: number) => (stored: HashCounts<Uint8Array>) => {
  const counts = stored.counts.slice();
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  return { counts, texts: stored.texts + 1 };
};
const halved = ({ counts, texts }: HashCounts<Uint8Array>) => ({
  counts: counts.map((n) => n >> 1),
  texts: texts >> 1,
});
const merge = (change: (stored: HashCounts<Uint8Array>) => HashCounts<Uint8Array>) =>
  repository.mergeCounts('fingerprint_frequencies', none(), change);
const stored = () => repository.readCounts('fingerprint_frequencies', none());
const slices = async () =>
  (await t.database.db.selectFrom('fingerprint_frequencies').select(['slice', 'texts']).orderBy('slice').execute()).map(
    ({ slice, texts }) => [slice, texts],
  );

test('only slices that changed are written, and the newest number of texts counts', async () => {
  expect(await stored()).toEqual({ counts: none(), texts: 0 });
  await merge(counted(3));
  await merge(counted(40_000));
  await merge(counted(40_000));
  expect(await slices()).toEqual([
    [0, 1],
    [1, 3],
  ]);
  const { counts, texts } = await stored();
  expect([texts, counts[3], counts[40_000]]).toEqual([3, 1, 2]);
});

test('processes that merge at once lose nothing, and a halving is written whole', async () => {
  await Promise.all(Array.from({ length: 5 }, () => merge(counted(3))));
  await merge(halved);
  const { counts, texts } = await stored();
  expect([texts, counts[3], counts[40_000]]).toEqual([4, 3, 1]);
  expect((await slices()).map(([, count]) => count)).toEqual([4, 4]);
});

test('texts that can be found are counted as PostgreSQL last saw them', async () => {
  expect(await repository.textsInWindow()).toBe(0);
});
