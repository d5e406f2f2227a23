/** What a reader of two texts is shown. */
import fc from 'fast-check';
import { expectCpuBelow } from '../../../test/support/cpu-time.js';
import { wordDiff } from './word-diff.js';

const shown = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ kind, text }) => (kind === 'added' ? `[+${text}]` : kind === 'removed' ? `[-${text}]` : text))
    .join('');

test.each([
  ['Ferries run every 10 minutes.', 'Ferries run every 12 minutes.', 'Ferries run every [-10][+12] minutes.'],
  ['同じ文章です。', '同じ記事です。', '同じ[-文章][+記事]です。'],
  ['', 'New.', '[+New.]'],
  ['equal', 'equal', ''],
])('%s and %s', (before, after, expected) => expect(shown(before, after)).toBe(expected));

test('a long text shows the surroundings of what changed', () => {
  const text = Array.from({ length: 400 }, (_, i) => `w${i}`).join(' ');
  const diff = shown(text, text.replace('w200', 'changed'));
  expect(diff).toContain('w199 [-w200][+changed] w201');
  expect(diff.length).toBeLessThan(500);
});

test('two texts that have nothing in common cost little', async () => {
  const text = (letter: string) => Array.from({ length: 19_000 }, (_, i) => `${letter}${i * 7}`).join(' ');
  await expectCpuBelow(2_000, () => expect(wordDiff(text('a'), text('b')).length).toBeGreaterThan(0));
});

test('the pieces of short texts put together are the two texts', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
      const pieces = wordDiff(before, after);
      const without = (kind: string) => pieces.filter((piece) => piece.kind !== kind).map(({ text }) => text);
      if (before === after) return;
      expect(without('added').join('')).toBe(before);
      expect(without('removed').join('')).toBe(after);
    }),
  );
});
