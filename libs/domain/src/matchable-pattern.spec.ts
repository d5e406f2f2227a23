/** Expressions as texts are: what a class or a range names is found in texts, and nothing else comes into it. */
import fc from 'fast-check';
import { matchablePattern } from './matchable-pattern.js';
import { matchableText } from './matchable-text.js';
import { ruleRegex } from './regex-literals.js';

const finds = (pattern: string, text: string): boolean => ruleRegex(pattern).test(matchableText(text).cased);

test.each([
  ['katakana of full width', '^[゠-ヿ]+$', 'ニュース', true],
  ['that katakana by nothing else', '[゠-ヿ]', 'Ａ ひ', false],
  ['hiragana', '^[぀-ゟ]+$', 'ゆりより', true],
  ['katakana of half width, which texts have in full width', '^[ｦ-ﾟ]+$', 'ｶﾀｶﾅ', true],
  ['letters of full width', '^[Ａ-Ｚ]+$', 'ＮＨＫ', true],
  ['signs of full width, which are some of the syntax', '^[！-～]+$', '（［＾－］）＼', true],
  ['ideographs for compatibility, and not all between', '[\uf900-\ufaff]', '龠', false],
  ['ideographs for compatibility as texts have them', '^[\uf900-\ufaff]$', '\uf90a', true],
  ['quotes, and not all between', '[‘-”]', 'a', false],
  ['an apostrophe of any kind', 'O[‘-”]B', 'O’B', true],
  ['an end whose mark is written apart', '^[a-e\u0301]$', 'd', true],
  ['a range of marks behind a letter', '[a\u0300-\u036f]', 'b', false],
  ['a mark written apart', '^[e\u0301]$', 'é', true],
  ['from an escape', '^[\\x{30a2}-ン]$', 'カ', true],
  ['to an escape', '^[ア-\\x{30f3}]$', 'カ', true],
  ['none of a range', '[^ｦ-ﾟ]', 'ｶﾀｶﾅ', false],
  ['a bracket first in its class', '^[]ａ]+$', 'a]', true],
  ['a named class', '^[[:digit:]ａ-ｚ]+$', '1a', true],
  ['no class in quotes', '^\\Q[ａ-（\\E$', '[a-(', true],
  ['no class behind an escape', '^\\[ａ-ｂ\\]$', '[a-b]', true],
])('finds %s', (_, pattern, text, expected) => {
  expect(finds(pattern, text)).toBe(expected);
});

test('an expression in ASCII stays as it is', () => {
  const ascii = String.raw`(?i)^[]a-z\]\-[:alpha:]+--]\[\d[^\w-](a|b){2,3}\p{Lu}[\p{Lu}-]\Q[a\E.$`;
  expect(matchablePattern(ascii)).toBe(ascii);
});

const letter = fc
  .integer({ min: 0x21, max: 0xfffd })
  .map(String.fromCharCode)
  .filter((sign) => /\p{L}/u.test(sign));

test('a range of letters is understood, and finds what each of its letters is in a text', () => {
  fc.assert(
    fc.property(fc.tuple(letter, letter, letter), (letters) => {
      const [from = '', between = '', to = ''] = letters.sort();
      const { test: isFound } = ruleRegex(`^[${from}-${to}]$`);
      for (const sign of [from, between, to]) {
        const { cased } = matchableText(sign);
        if (Array.from(cased).length === 1) expect([sign, isFound(cased)]).toEqual([sign, true]);
      }
    }),
    { numRuns: 2_000 },
  );
});
