/** Who is merged into whom. */
import fc from 'fast-check';
import { type FoundConnection, type MergeCandidate, mergeGroups } from './merge-groups.js';

const story = (id: string, day: number, status: MergeCandidate['status'] = 'published'): [string, MergeCandidate] => [
  id,
  { id, status, publishedAt: new Date(Date.UTC(2026, 10, day)) },
];
const link = (storyId: string, otherId: string): FoundConnection => ({
  ...{ storyId, otherId, itemId: `item of ${storyId}` },
  evidence: { rule: 'text' },
});
const merged = (links: FoundConnection[], stories: [string, MergeCandidate][], parted: string[] = []) =>
  mergeGroups(links, new Map(stories), new Set(parted))
    .map(({ loserId, winnerId, isNew }) => `${loserId}${isNew ? ' (new)' : ''} into ${winnerId}`)
    .sort();

test.each<[string, FoundConnection[], [string, MergeCandidate][], string[], string[]]>([
  ['the earliest published stays', [link('b', 'a')], [story('a', 2), story('b', 1)], [], ['a into b']],
  ['one that is here before one that is being made', [link('n', 'z')], [story('z', 9)], [], ['n (new) into z']],
  ['of two that are being made the first', [link('n2', 'n1')], [], [], ['n2 (new) into n1']],
  [
    'a chain ends in one',
    [link('c', 'b'), link('b', 'a')],
    [story('a', 1), story('b', 2), story('c', 3)],
    [],
    ['b into a', 'c into a'],
  ],
  ['a withdrawn story takes nobody', [link('b', 'a')], [story('a', 1, 'withdrawn'), story('b', 2)], [], []],
  ['what an operator parted', [link('b', 'a')], [story('a', 1), story('b', 2)], ['a b', 'b a'], []],
  [
    'what an operator parted, by a third',
    [link('c', 'a'), link('c', 'b')],
    [story('a', 1), story('b', 2), story('c', 3)],
    ['a b', 'b a'],
    ['c into a'],
  ],
])('%s', (_, links, stories, parted, expected) => expect(merged(links, stories, parted)).toEqual(expected));

test('every story that goes ends in one that stays, and the earliest of each group stays', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const pair = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), fc.shuffledSubarray(ids, { minLength: 6 }), (pairs, order) => {
      const stories = new Map(order.map((id, day) => story(id, day + 1)));
      const merges = mergeGroups(
        pairs.map(([a, b]) => link(a, b)),
        stories,
        new Set(),
      );
      const losers = new Set(merges.map(({ loserId }) => loserId));
      expect(losers.size).toBe(merges.length);
      for (const { loserId, winnerId } of merges) {
        expect(losers.has(winnerId)).toBe(false);
        expect(order.indexOf(winnerId)).toBeLessThan(order.indexOf(loserId));
      }
    }),
  );
});
