import fc from 'fast-check';
import { matchablePhrase, matchableText } from './matchable-text.js';
import { PhraseIndex } from './phrase-index.js';

const piece = fc.constantFrom('a', 'ab', 'b', 'abc', 'é', 'Ab', '東', '京', '-', ' ', "'", '’', '\n', 'ß', 'Σ', '7');
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const phrases = fc.array(
  fc.record({
    phrase: fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
    wholeWords: fc.boolean(),
    matchCase: fc.boolean(),
    fields: fc.constantFrom(1, 2, 3),
  }),
  { maxLength: 12 },
);
const SPACED = /(?!\p{Script=Han})[\p{L}\p{M}\p{N}]/u;

test('every occurrence is found, and nothing else', () => {
  fc.assert(
    fc.property(phrases, text, (asked, written) => {
      const index = new PhraseIndex(asked.map((phrase, owner) => ({ ...phrase, owner })));
      const { cased, folded } = matchableText(written);
      const found = new Set<string>();
      index.scan({ cased, folded }, 2, (owner, start, end) => found.add(`${owner} ${start} ${end}`));
      const expected = new Set<string>();
      asked.forEach(({ phrase, wholeWords, matchCase, fields }, owner) => {
        const wanted = matchablePhrase(phrase);
        if (wanted.folded === '' || (fields & 2) === 0) return;
        for (let at = folded.indexOf(wanted.folded); at !== -1; at = folded.indexOf(wanted.folded, at + 1)) {
          const end = at + wanted.folded.length;
          const cut = (place: number): boolean =>
            SPACED.test(folded[place - 1] ?? '') && SPACED.test(folded[place] ?? '');
          if (wholeWords && (cut(at) || cut(end))) continue;
          if (matchCase && cased.slice(at, end).replaceAll('\n', ' ') !== wanted.cased) continue;
          expected.add(`${owner} ${at} ${end}`);
        }
      });
      expect(found).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('a hundred thousand phrases are ready within a second or two, and found', () => {
  const asked = Array.from({ length: 100_000 }, (_, owner) => ({
    phrase: `name ${owner.toString(36)} of ${owner % 977}`,
    owner,
    wholeWords: owner % 2 === 0,
    matchCase: false,
    fields: 1,
  }));
  const index = new PhraseIndex(asked);
  const found: number[] = [];
  index.scan(matchableText('It is Name 2n9c of 929, not name 1 of 2.'), 1, (owner) => found.push(owner));
  const expected = asked.filter(({ phrase }) => ['name 2n9c of 929', 'name 1 of 2'].includes(phrase));
  expect(found.sort()).toEqual(expected.map(({ owner }) => owner).sort());
});
