/** The figures against counts made by hand, and against the plain definition over all pairs. */
import fc from 'fast-check';
import { Groups } from './groups.js';
import { adjustedRand, pairScore, score } from './pair-score.js';

test.each([
  ['everything found', 'aabbc', 'xxyyz', { right: 2, wrong: 0, missed: 0, precision: 1, recall: 1, f1: 1 }],
  ['nothing found', 'aab', 'xyz', { right: 0, wrong: 0, missed: 1, precision: null, recall: 0, f1: 0 }],
  ['all in one', 'aab', 'xxx', { right: 1, wrong: 2, missed: 0, precision: 1 / 3, recall: 1, f1: 0.5 }],
  ['a group split', 'aaaa', 'xxyy', { right: 2, wrong: 0, missed: 4, precision: 1, recall: 1 / 3, f1: 0.5 }],
  ['nothing to find', 'abc', 'xyz', { right: 0, wrong: 0, missed: 0, precision: null, recall: null, f1: null }],
])('pairs: %s', (_, expected, found, figures) => {
  expect(pairScore([...expected], [...found])).toEqual(figures);
});

test('pairs are those that one finds by looking at each', () => {
  const names = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), { maxLength: 25 });
  fc.assert(
    fc.property(names, (things) => {
      const counts = { right: 0, wrong: 0, missed: 0 };
      things.forEach(([a, x], at) =>
        things.slice(0, at).forEach(([b, y]) => {
          if (x === y) counts[a === b ? 'right' : 'wrong'] += 1;
          else if (a === b) counts.missed += 1;
        }),
      );
      expect(
        pairScore(
          things.map(([a]) => a),
          things.map(([, x]) => x),
        ),
      ).toEqual(score(counts.right, counts.wrong, counts.missed));
    }),
  );
});

test.each([
  ['the same partition', 'aabb', 'xxyy', 1],
  ['all alone, both', 'abc', 'xyz', 1],
  ['all in one against all alone', 'abcd', 'xxxx', 0],
  // Hubert and Arabie: (2 - 4·7/15) / ((4 + 7)/2 - 4·7/15).
  ['in between', 'aaabbc', 'xxyyyy', (2 - 28 / 15) / (5.5 - 28 / 15)],
])('adjusted Rand index: %s', (_, expected, found, index) => {
  expect(adjustedRand([...expected], [...found])).toBeCloseTo(index, 12);
});

test('without things there is no index', () => {
  expect(adjustedRand([], [])).toBeNull();
});

test('groups join over chains, in whatever order', () => {
  const groups = new Groups();
  for (const [one, other] of ['ab', 'cd', 'bc', 'ba']) groups.join(one ?? '', other ?? '');
  expect(new Set([...'abcd'].map((name) => groups.of(name))).size).toBe(1);
  expect(groups.of('e')).toBe('e');
});
