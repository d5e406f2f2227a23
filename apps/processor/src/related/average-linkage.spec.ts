/** Average linkage against the plain definition of it. */
import fc from 'fast-check';
import { averageLinkage } from './average-linkage.js';

test('joins the most alike first and stops below the threshold', () => {
  const places = [0, 1, 10, 11, 12, 30];
  const groups = averageLinkage(places.length, (a, b) => 1 / (1 + Math.abs((places[a] ?? 0) - (places[b] ?? 0))), 0.3);
  expect([...groups]).toEqual([0, 0, 2, 2, 2, 5]);
});

test('nothing and one thing are no trouble', () => {
  expect([...averageLinkage(0, () => 1, 0.5)]).toEqual([]);
  expect([...averageLinkage(1, () => 1, 0.5)]).toEqual([0]);
});

test('no two groups that are left are alike enough on average', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 25 }), (values) => {
      const alike = (a: number, b: number): number => 1 - Math.abs((values[a] ?? 0) - (values[b] ?? 0)) / 1_000;
      const groups = averageLinkage(values.length, alike, 0.9);
      const byGroup = new Map<number, number[]>();
      groups.forEach((group, index) => byGroup.set(group, [...(byGroup.get(group) ?? []), index]));
      const all = [...byGroup.values()];
      all.forEach((one, at) =>
        all.slice(0, at).forEach((other) => {
          const likenesses = one.flatMap((a) => other.map((b) => alike(Math.max(a, b), Math.min(a, b))));
          expect(likenesses.reduce((sum, value) => sum + value, 0) / likenesses.length).toBeLessThan(0.9 + 1e-6);
        }),
      );
    }),
  );
});
