/** Look-ups leave out the fingerprints of many texts, never so many that copies are not found. */
import { FingerprintReach } from './fingerprint-reach.js';

/** Hashes as different as those of shingles; those of one `seed` are always the same. */
const hashesOf = (seed: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.imul(Math.imul(seed + 1, 2_654_435_761) ^ (n + 1), 0x9e3779b1) | 0);
const PHRASES = hashesOf(1_000_000, 8);

let reach: FingerprintReach;
beforeEach(() => {
  reach = new FingerprintReach();
});

/** Stories with 16 fingerprints of their own and the 8 of phrases that all of them have. */
function learn(stories: number): void {
  for (let n = 0; n < stories; n += 1) reach.add([...hashesOf(n, 16), ...PHRASES]);
  reach.setTextsInWindow(stories);
}

test('while nothing is known, all are asked', () => {
  const sketch = hashesOf(7, 24);
  expect(new Set(reach.asked(sketch))).toEqual(new Set(sketch));
});

test("phrases of many texts are not asked, a story's own fingerprints are, the rarest first", () => {
  learn(500);
  const own = hashesOf(7, 16);
  const news = hashesOf(5_000, 4);
  const asked = reach.asked([...own, ...PHRASES, ...news]);
  expect(asked.slice(0, 4).sort()).toEqual(news.sort());
  expect(new Set(asked)).toEqual(new Set([...own, ...news]));
});

test('a text of nothing but phrases is asked for by ten of them', () => {
  const phrases = hashesOf(1_000_000, 20);
  for (let n = 0; n < 500; n += 1) reach.add(phrases);
  reach.setTextsInWindow(500);
  expect(reach.asked(phrases)).toHaveLength(10);
});

test('a short sketch is asked whole, an empty one not at all', () => {
  learn(500);
  expect(new Set(reach.asked(PHRASES))).toEqual(new Set(PHRASES));
  expect(reach.asked([])).toEqual([]);
});

test('copies that were not counted do not make their story look common', () => {
  learn(500);
  reach.setTextsInWindow(50_000);
  expect(reach.asked([...hashesOf(7, 16), ...PHRASES])).toHaveLength(16);
});

test('what was added since the window was counted can be found as well', () => {
  reach.setTextsInWindow(0);
  for (let n = 0; n < 500; n += 1) reach.add([...hashesOf(n, 16), ...PHRASES]);
  expect(reach.asked([...hashesOf(7, 16), ...PHRASES])).toHaveLength(16);
});

test('counts of weeks that are gone are taken for what they say of the window', () => {
  for (let n = 0; n < 4_000; n += 1) reach.add([...hashesOf(n, 16), ...(n % 100 === 0 ? PHRASES : [])]);
  // 40 of 4,000 are 4 of the 400 that can still be found.
  reach.setTextsInWindow(400);
  expect(reach.asked([...hashesOf(7, 16), ...PHRASES])).toHaveLength(24);
  reach.setTextsInWindow(4_000);
  expect(reach.asked([...hashesOf(7, 16), ...PHRASES])).toHaveLength(16);
});

test('what several processes counted is put together, and an empty sketch counts for nothing', () => {
  learn(500);
  reach.add([]);
  const other = new FingerprintReach();
  other.add(PHRASES);
  for (let slice = 0; slice < reach.counters.slices; slice += 1)
    other.counters.adopt(slice, reach.counters.take(slice));
  other.counters.textsStored(0, reach.counters.texts);
  expect(other.counters.texts).toBe(501);
  other.setTextsInWindow(501);
  expect(other.asked([...hashesOf(7, 16), ...PHRASES])).toHaveLength(16);
  expect(other.counters.of(PHRASES[0] ?? 0)).toBe(255);
});

test('counters stop at their most, and after a million texts everything is to be halved', () => {
  const full = new Uint8Array(1 << 15).fill(255);
  for (let slice = 0; slice < reach.counters.slices; slice += 1)
    reach.counters.adopt(slice, { version: 1, counts: full });
  reach.add(PHRASES);
  expect(reach.counters.load).toBe(255);
  expect(reach.counters.textsRemembered).toBe(1_000_000);
  expect(reach.counters.halved(full)[0]).toBe(127);
});
