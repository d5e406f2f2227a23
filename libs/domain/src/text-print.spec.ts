/** Prints, figures, markers and frequencies: the ground that comparison stands on. */
import fc from 'fast-check';
import { FrequencyTable } from './frequency-table.js';
import { isRoundUp, unmarkedHeadline } from './headline-markers.js';
import { numbersIn } from './number-tokens.js';
import { boilerplateOf, countSentences, emptyCounts } from './partner-boilerplate.js';
import { textPrint, withoutSentences } from './text-print.js';
import { textSketch } from './text-sketch.js';
import { tokensOf } from './text-tokens.js';

it.each([
  ['two billion dlrs against 1.5 bln', ['2000000000', '1500000000']],
  ['1,234,567 and 1.234.567 and 1 234', ['1234567', '1234567', '1', '234']],
  ['7-3/8 pct on 12:30, score 2-1', ['7-3/8', '12:30', '2-1']],
  ['drei Millionen Euro, 1,5 Mrd', ['3000000', '1500000000']],
  ['0.125 and 0,5', ['0.125', '0.5']],
])('figures of "%s"', (text, figures) => expect(numbersIn(tokensOf(text))).toEqual(figures));

it('scripts without spaces are read by pairs of characters', () => {
  expect(tokensOf('東京は雨')).toEqual(['東京', '京は', 'は雨']);
  expect(textPrint('東京は今日も雨でした').shingles.length).toBeGreaterThan(4);
});

it.each([
  ['UPDATE 2-Bank cuts rates', 'Bank cuts rates', true],
  ['UPDATE 1-CORRECTED-Bank cuts rates', 'Bank cuts rates', true],
  ['CORRECTED: Bank cuts rates', 'Bank cuts rates', true],
  ['Bank cuts rates (Aktualisiert)', 'Bank cuts rates', true],
  ['Korrektur: Bank senkt Zinsen', 'Bank senkt Zinsen', true],
  ['Update on the flood', 'Update on the flood', false],
  ['Bank updates its rates', 'Bank updates its rates', false],
])('the marker of "%s"', (headline, title, isUpdate) => {
  expect(unmarkedHeadline(headline)).toEqual({ title, isUpdate });
});

it.each([
  ['Morning briefing: what to know', true],
  ['Liveticker: Wahl in Ostrand', true],
  ['Live music returns to Ostrand', false],
  ['Brief encounter at the harbour', false],
  ['In brief', true],
  ['In brief: Tuesday 3 March', true],
  ['Business in brief: two banks, one strike', true],
  ['In brief: Quarrington marathon goes to a debutant', false],
  ['BRIEF-Zeller Foods to hire 430 people', false],
])('round-up: %s', (headline, expected) => expect(isRoundUp(headline)).toBe(expected));

it('any text: shingles and figures are unique, sentences cover them in order, cutting all leaves nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'B', ' ', '.', '1', '\n', '雨', 'é'), maxLength: 400 }),
      (text) => {
        const print = textPrint(text);
        expect(new Set(print.shingles).size).toBe(print.shingles.length);
        expect(print.sentences.at(-1)?.to ?? 0).toBe(print.shingles.length);
        for (const { from, to, start, end } of print.sentences) expect(from <= to && start < end).toBe(true);
        expect(withoutSentences(print, () => true).shingles).toHaveLength(0);
        expect(withoutSentences(print, () => false)).toBe(print);
        expect(textSketch(print.shingles).length).toBeLessThanOrEqual(24);
      },
    ),
  );
});

it('a hash of many texts weighs less; stored counters come back the same', () => {
  const table = new FrequencyTable();
  for (let i = 0; i < 100; i += 1) {
    table.addText();
    table.add(Int32Array.from([7, 1_000 + i]));
  }
  expect(table.weight(7)).toBeLessThan(table.weight(1_001) / 4);
  const other = new FrequencyTable();
  for (let slice = 0; slice < table.counters.slices; slice += 1)
    other.counters.adopt(slice, table.counters.take(slice));
  other.counters.textsStored(0, 100);
  expect(other.weight(7)).toBeCloseTo(table.weight(7));
});

it('a footer under many different items is boilerplate, a sentence of one story is not', () => {
  const counts = emptyCounts();
  const footer = 'All rights reserved by the Harbour Gazette.';
  for (let i = 0; i < 10; i += 1) countSentences(counts, textPrint(`Story ${i} tells of ${i} boats.\n${footer}`));
  const hash = textPrint(footer).sentences[0]?.hash;
  expect(boilerplateOf(counts)).toEqual([hash]);
});
