import fc from 'fast-check';
import { editDistance } from './edit-distance.js';

it('counts letters added, left out, changed and swapped', () => {
  const far = (from: string, to: string): number => editDistance(from, to, 5);
  expect([
    far('council', 'counicl'),
    far('forest', 'forrest'),
    far('bridge', 'bride'),
    far('harbour', 'harbor'),
  ]).toEqual([1, 1, 1, 1]);
  expect([far('wall', 'wall'), far('', 'abc'), far('kitten', 'sitting')]).toEqual([0, 3, 3]);
  expect(editDistance('short', 'a much longer word', 2)).toBe(3);
});

it('is the same both ways, and nothing between equal words only', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b, 20)).toBe(editDistance(b, a, 20));
      expect(editDistance(a, b, 20) === 0).toBe(a === b);
    }),
  );
});
