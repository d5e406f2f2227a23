/** Processes that count side by side lose nothing, whatever fails; everything is halved by one of them. */
import { sql } from 'kysely';
import { HashCounters, type StoredSlice } from '#domain/hash-counters.js';
import { HashCountsRepository } from '#storage/hash-counts.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { StoredCounters } from './stored-counters.js';

const BUCKETS = 1 << 16;
const [FIRST, SECOND] = [7, 40_000];
const TABLE = 'fingerprint_frequencies';

let t: TestDatabase;
let repository: HashCountsRepository;
beforeEach(async () => {
  t = await testDatabase();
  repository = new HashCountsRepository(t.database);
});
afterEach(() => t?.drop());

/** A process: its counters, and how it stores them. */
function process(textsRemembered = 1_000, on = repository) {
  const counters = new HashCounters(BUCKETS, 1, textsRemembered);
  return {
    counters,
    count: (hash: number) => {
      counters.add(hash);
      counters.addText();
    },
    exchange: () => new StoredCounters(on).exchange(TABLE, counters),
  };
}
type Process = ReturnType<typeof process>;
const known = ({ counters }: Process) => [counters.texts, counters.of(FIRST), counters.of(SECOND)];

test('only slices that changed are written, and another process reads them', async () => {
  const [one, other] = [process(), process()];
  one.count(FIRST);
  await one.exchange();
  one.count(SECOND);
  await one.exchange();
  one.count(SECOND);
  await one.exchange();
  expect([...(await repository.versions(TABLE))]).toEqual([
    [0, 1],
    [1, 2],
  ]);
  other.count(FIRST);
  await other.exchange();
  expect(known(other)).toEqual([4, 2, 2]);
  await one.exchange();
  expect(known(one)).toEqual([4, 2, 2]);
});

test('who has nothing new reads what others counted, and writes nothing', async () => {
  const [one, idle] = [process(), process()];
  await idle.exchange();
  one.count(FIRST);
  await one.exchange();
  const written = () =>
    t.database.db
      .selectFrom('counted_texts')
      .select(sql`xmin::text`.as('by'))
      .execute();
  const before = await written();
  await idle.exchange();
  expect(known(idle)).toEqual([1, 1, 0]);
  expect(await written()).toEqual(before);
});

test('processes that store at once lose nothing', async () => {
  const all = Array.from({ length: 5 }, () => process());
  for (let round = 0; round < 4; round += 1) {
    for (const one of all) for (const hash of [FIRST, SECOND]) one.count(hash);
    await Promise.all(all.map((one) => one.exchange()));
  }
  // Who was overtaken again and again has some left.
  for (let round = 0; round < 2; round += 1) for (const one of all) await one.exchange();
  for (const one of all) expect(known(one)).toEqual([40, 20, 20]);
});

test('what could not be stored is stored the next time', async () => {
  class Failing extends HashCountsRepository {
    fails = true;
    override async write(...args: [typeof TABLE, number, StoredSlice]): Promise<boolean> {
      if (this.fails) throw new Error('the connection broke');
      return super.write(...args);
    }
  }
  const failing = new Failing(t.database);
  const one = process(1_000, failing);
  one.count(FIRST);
  await expect(one.exchange()).rejects.toThrow('broke');
  one.count(FIRST);
  expect(known(one)).toEqual([2, 2, 0]);
  failing.fails = false;
  await one.exchange();
  const other = process();
  await other.exchange();
  expect(known(other)).toEqual([2, 2, 0]);
});

test('after so many texts everything is halved once, also what others know', async () => {
  const [one, other] = [process(10), process(10)];
  for (let n = 0; n < 5; n += 1) one.count(FIRST);
  await one.exchange();
  for (let n = 0; n < 6; n += 1) other.count(SECOND);
  await Promise.all([other.exchange(), one.exchange()]);
  for (const each of [one, other, one, other]) await each.exchange();
  expect(known(one)).toEqual(known(other));
  const [texts, first, second] = known(one);
  expect([texts, first]).toEqual([5, 2]);
  // Stored before the halving or after it.
  expect([3, 6]).toContain(second);
});
