/** Counters in slices: what is taken, stored, refused and adopted always adds up to what was counted. */
import fc from 'fast-check';
import { HashCounters, type StoredSlice } from './hash-counters.js';

const BUCKETS = 1 << 16;
const NEVER = Number.POSITIVE_INFINITY;
/** Of two slices of bytes: hashes of the first and of the second. */
const [FIRST, SECOND] = [7, 40_000];

test('a hash is counted, and again; others are not', () => {
  const counters = new HashCounters(BUCKETS, 1, NEVER);
  counters.add(FIRST);
  counters.add(FIRST);
  counters.add(-1);
  expect([counters.of(FIRST), counters.of(FIRST + BUCKETS), counters.of(BUCKETS - 1), counters.of(SECOND)]).toEqual([
    2, 2, 1, 0,
  ]);
  expect(counters.load).toBe(3 / BUCKETS);
});

test('a counter stops at its most, also when what two processes counted is put together', () => {
  const counters = new HashCounters(BUCKETS, 1, NEVER);
  for (let n = 0; n < 300; n += 1) counters.add(FIRST);
  expect(counters.of(FIRST)).toBe(255);
  counters.adopt(0, { version: 1, counts: new Uint8Array(1 << 15).fill(200) });
  expect([counters.of(FIRST), counters.of(8)]).toEqual([255, 200]);
});

test('only slices that hold something fresh are to be stored', () => {
  const counters = new HashCounters(BUCKETS, 1, NEVER);
  counters.add(SECOND);
  expect([counters.slices, counters.isFresh(0), counters.isFresh(1)]).toEqual([2, false, true]);
  expect(counters.take(1).counts[SECOND - (1 << 15)]).toBe(1);
  counters.stored(1, 1);
  expect(counters.isFresh(1)).toBe(false);
  counters.add(SECOND);
  expect(counters.isFresh(1)).toBe(true);
});

test('texts count while they are being stored, and once', () => {
  const counters = new HashCounters(BUCKETS, 1, NEVER);
  counters.addText();
  counters.addText();
  expect([counters.texts, counters.textsToStore]).toEqual([2, 2]);
  counters.addText();
  // Another process had stored forty.
  counters.textsStored(2, 42);
  expect([counters.texts, counters.textsToStore]).toEqual([43, 1]);
});

test('halving rounds down', () => {
  const bytes = new HashCounters(BUCKETS, 1, NEVER);
  expect([...bytes.halved(Uint8Array.of(0, 1, 5, 255))]).toEqual([0, 0, 2, 127]);
  const words = new HashCounters(BUCKETS, 2, NEVER);
  // At an odd place of a larger buffer, as a driver may leave it.
  const found = new Uint8Array(new Uint16Array([0, 1, 5, 65_535]).buffer);
  const apart = Buffer.alloc(9);
  apart.set(found, 1);
  expect([...new Uint16Array(words.halved(apart.subarray(1)).buffer)]).toEqual([0, 0, 2, 32_767]);
  words.adopt(0, { version: 1, counts: apart.subarray(1) });
  expect([0, 1, 2, 3].map((hash) => words.of(hash))).toEqual([0, 1, 5, 65_535]);
});

/** What may happen to one of two processes, which share a store: it counts, stores a slice (which fails when another was first), or reads. */
const step = fc.record({
  who: fc.nat(1),
  what: fc.constantFrom('count', 'store', 'fail', 'read'),
  hash: fc.constantFrom(FIRST, 8, SECOND),
});

test('whatever two processes do, each knows what is stored and what it counted, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.constantFrom(1 as const, 2 as const), fc.array(step, { maxLength: 60 }), (bytes, steps) => {
      const both = [new HashCounters(BUCKETS, bytes, NEVER), new HashCounters(BUCKETS, bytes, NEVER)];
      const store = new Map<number, StoredSlice>();
      const read = (slice: number): StoredSlice => store.get(slice) ?? { version: 0, counts: new Uint8Array() };
      const counted = new Map<number, number>();
      const put = (counters: HashCounters, slice: number, answers: boolean): void => {
        const taken = counters.take(slice);
        if (answers && taken.version === read(slice).version) {
          store.set(slice, { version: taken.version + 1, counts: taken.counts });
          counters.stored(slice, taken.version + 1);
        } else {
          counters.notStored(slice, taken);
          counters.adopt(slice, read(slice));
        }
      };
      for (const { who, what, hash } of steps) {
        const counters = both[who] as HashCounters;
        const slice = Math.floor((hash * bytes) / (1 << 15));
        if (what === 'count') {
          counters.add(hash);
          counted.set(hash, (counted.get(hash) ?? 0) + 1);
        } else if (what === 'read') counters.adopt(slice, read(slice));
        else if (counters.isFresh(slice)) put(counters, slice, what === 'store');
      }
      for (const counters of [...both, ...both])
        for (let slice = 0; slice < counters.slices; slice += 1) {
          counters.adopt(slice, read(slice));
          if (counters.isFresh(slice)) put(counters, slice, true);
        }
      for (const counters of both) {
        for (const hash of [FIRST, 8, SECOND]) expect(counters.of(hash)).toBe(counted.get(hash) ?? 0);
        expect(counters.load * BUCKETS).toBeCloseTo([...counted.values()].reduce((sum, n) => sum + n, 0));
      }
    }),
    { numRuns: 25 },
  );
});
