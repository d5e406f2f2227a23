/** What is a slip of the pen, and what a fact. */
import { isSlip } from './slip.js';

test.each([
  ['concil', 'council'],
  ['tehre', 'there'],
  ['goverment', 'government'],
  ['accomodating', 'accommodating'],
  ['recieve', 'receive'],
])('%s → %s is one', (from, to) => {
  expect(isSlip(from, to)).toBe(true);
  expect(isSlip(to, from)).toBe(true);
});

test.each([
  ['another short word', 'now', 'not'],
  ['a prefix', 'legal', 'illegal'],
  ['another first letter', 'hired', 'fired'],
  ['a number', 'million', 'billion'],
  ['a number written out', 'sixteen', 'sixten'],
  ['a plural of many', 'thousand', 'thousands'],
  ['a day', 'samedi', 'samdei'],
  ['a month in a date', 'августа', 'августу'],
  ['another word', 'guilty', 'innocent'],
  ['a script without capitals', 'الرئيسية', 'الرئيسي'],
  ['an inserted character among words without spaces', '市长说他会辞职了', '市长说他不会辞职了'],
  ['figures', '10000', '10001'],
  ['a run of letters that is no word', 'a'.repeat(100_000), `${'a'.repeat(50_000)}b${'a'.repeat(49_999)}`],
  ['nothing', 'council', 'council'],
])('%s is none', (_, from, to) => {
  expect(isSlip(from, to)).toBe(false);
  expect(isSlip(to, from)).toBe(false);
});
