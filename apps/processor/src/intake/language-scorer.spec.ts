/** The scorer against the package whose method and table it has: every score, over texts of all languages and hostile ones. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile } from '#config/project-file.js';
import { eld } from 'eld/medium';
import fc from 'fast-check';
import { LanguageScorer } from './language-scorer.js';
import { LanguageTable, readLanguageTable } from './language-table.js';

const table = readLanguageTable();
const scorer = new LanguageScorer(table);

/** A verdict as one line: the language, whether it is reliable, and every score to the last bit. */
function ours(text: string): string {
  const verdict = scorer.score(text);
  return line(verdict?.language ?? '', verdict?.isReliable ?? false, verdict?.scores ?? table.languages.map(() => 0));
}

function theirs(text: string): string {
  const { language, isReliable, getScores } = eld.detect(text);
  const scores = getScores();
  return line(
    language,
    isReliable(),
    table.languages.map((code) => scores[code] ?? 0),
  );
}

function line(language: string, isReliable: boolean, scores: readonly number[]): string {
  return [language, isReliable, ...scores.map((score, index) => `${table.languages[index]} ${score}`)].join(', ');
}

/** The bytes of an n-gram by its number, upper two first; what is no whole character is left to the decoder. */
const ngramTexts = ((): string[][] => {
  const { dictionary } = jest.requireActual<{ dictionary: string[] }>(
    projectFile('node_modules/eld/src/dictionary.js'),
  );
  const { ngramsData } = jest.requireActual<{ ngramsData: { ngrams: Record<string, Record<string, number>> } }>(
    projectFile('node_modules/eld/src/ngrams/medium.js'),
  );
  const byteOf = new Map(dictionary.map((character, byte) => [character, byte]));
  const byLanguage: string[][] = table.languages.map(() => []);
  for (const [ngram, scores] of Object.entries(ngramsData.ngrams)) {
    const bytes = [...ngram].map((character) => (character === ' ' ? 0x20 : (byteOf.get(character) ?? 0x20)));
    for (const language of Object.keys(scores)) byLanguage[Number(language)]?.push(Buffer.from(bytes).toString());
  }
  return byLanguage;
})();

/** Always the same numbers, from 0 to below `below`. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('every language scores as the package scores it, in texts of its own n-grams, pure and mixed', () => {
  const next = numbers(7);
  const piece = (language: number): string => {
    const texts = ngramTexts[language] as string[];
    return `${texts[next(texts.length)] as string}${next(3) === 0 ? ' ' : ''}`;
  };
  const found = new Set<string>();
  for (let language = 0; language < table.languages.length; language++) {
    for (let round = 0; round < 50; round++) {
      const text = Array.from({ length: 1 + next(60) }, () =>
        piece(round % 5 === 0 ? next(table.languages.length) : language),
      ).join('');
      expect(ours(text)).toBe(theirs(text));
      found.add(scorer.score(text)?.language ?? '');
    }
  }
  for (const language of table.languages) expect(found).toContain(language);
});

test.each([
  ['nothing', ''],
  ['no letters', ' 12 — 3… \u0000\u{1f600}'],
  ['apostrophes', "'' don't say ''so'' `x' ‘l’été’ ' '"],
  ['an end of a word that is one', 'ΟΔΟΣ.Α ΣΑΣ’ Σ'],
  ['letters that grow when they are lowered', 'İSTANBUL İİİ \u212a\u212b ẞ'],
  ['bytes without a symbol', 'ǀǁǂ Աբգ ɐɑɒ ܐܒ ऄअ'],
  ['one long word', 'a'.repeat(999)],
  [
    'words about the length that is cut',
    [61, 64, 65, 66, 67, 68, 69, 136].map((n) => `${'b'.repeat(n)}ment`).join(' '),
  ],
  ['a word cut to six bytes with a nameless one', `${'b'.repeat(66)}ǀabc ${'c'.repeat(65)}ǀabcd`],
  ['the same long ends', `${'x'.repeat(90)} ${'x'.repeat(90)} ${'y'.repeat(90)}`],
  ['many short words', 'a b c d e f g h i j k l m n o p q r s t u v w x y z '.repeat(20)],
  ['letters behind what is looked at', `${'1'.repeat(990)} noch ein paar Wörter`],
])('as the package: %s', (_, text) => expect(ours(text)).toBe(theirs(text)));

test('a text ends at the byte at which it ends in the package', () => {
  const next = numbers(11);
  for (const [first, letters] of Object.entries({ a: 26, а: 32, क: 24, 一: 2_000 })) {
    const letter = (): string => String.fromCharCode(first.charCodeAt(0) + next(letters));
    for (let before = 0; before < 80; before++) {
      const words = Array.from({ length: 120 }, () => Array.from({ length: 1 + next(5) }, letter).join(''));
      const spaced = `${'x'.repeat(before)} ${words.join(' ')}`;
      expect(ours(spaced)).toBe(theirs(spaced));
      const long = `${'x '.repeat(before)}${words.map((word, index) => word + (index % 4 === 0 ? ' ' : '')).join('')}`;
      expect(ours(long)).toBe(theirs(long));
    }
  }
});

test('hostile text scores as in the package', () => {
  const alphabets = [
    fc.string({ unit: 'binary', maxLength: 500 }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 1_200 }),
    fc.string({
      unit: fc.constantFrom("'", '’', '`', ' ', '\u202e', '\u0000', '\ud800', '\udc00', 'a', 'Σ', 'İ', '中'),
    }),
    fc.string({ unit: fc.constantFrom(...'абвгґдеёжзийклabcdefgשלוםابتثनमस्ते  '), maxLength: 1_200 }),
  ];
  fc.assert(
    fc.property(fc.oneof(...alphabets), (text) => expect(ours(text)).toBe(theirs(text))),
    { numRuns: 1_000 },
  );
});

test('the file is what the installed package gives', () => {
  execFileSync(process.execPath, [projectFile('scripts/make-languages.mjs'), '--check']);
});

test('a table that is cut short is refused', () => {
  const file = readFileSync(join(projectFile('libs/domain/data'), 'languages.bin'));
  expect(() => new LanguageTable(file.subarray(0, file.length - 1))).toThrow(/incomplete/);
});
