import fc from 'fast-check';
import { csvLine, CsvRows, UNCLOSED } from './csv-rows.js';

const read = (...pieces: string[]) => {
  const rows = new CsvRows();
  return [...pieces.flatMap((piece) => rows.push(piece)), ...rows.end()];
};

test.each([
  [
    'plain lines',
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['without a last line break', 'a,b', [['a', 'b']]],
  ['all kinds of line breaks', 'a\r\nb\rc\nd', [['a'], ['b'], ['c'], ['d']]],
  [
    'quotation marks',
    '"a, ""b""",c\n"d\ne",f',
    [
      ['a, "b"', 'c'],
      ['d\ne', 'f'],
    ],
  ],
  [
    'semicolons of a spreadsheet',
    'a;b\nc,d;e',
    [
      ['a', 'b'],
      ['c,d', 'e'],
    ],
  ],
  ['a byte order mark and space around cells', '\uFEFF a , b ', [['a', 'b']]],
  ['empty lines', '\n\na,b\n\n', [['a', 'b']]],
  ['nothing', '', []],
])('rows of %s', (_, text, expected) => {
  expect(read(text).map(({ cells }) => cells)).toEqual(expected);
});

test('a row knows its line, and what is wrong with it', () => {
  expect(read('a,b\n"c\nd",e\nf').map(({ line }) => line)).toEqual([1, 2, 4]);
  expect(read('a\n"b').at(-1)).toMatchObject({ line: 2, problem: UNCLOSED });
  expect(read(`a\n"b${',c\n'.repeat(3_000)}`).at(-1)).toMatchObject({ line: 2, problem: UNCLOSED });
  expect(read(`${'x'.repeat(3_000)},y\nz`)).toMatchObject([
    { problem: 'a cell has more than 2000 characters' },
    { cells: ['z'] },
  ]);
});

test('what was written is read again, in whatever pieces it arrives', () => {
  const cell = fc
    .string({ unit: fc.constantFrom('a', ',', ';', '"', '\n', '\r', ' ', 'é'), maxLength: 6 })
    .map((one) => `x${one}x`);
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      (rows, size) => {
        // The first line has a comma, so that no semicolon inside it counts.
        const all = [['a', 'b'], ...rows];
        const text = all.map(csvLine).join('');
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        expect(read(...pieces).map(({ cells }) => cells)).toEqual(all);
      },
    ),
  );
});
