/** Headlines that name others, and headlines that only say it otherwise. */
import { HeadlineNames } from './headline-names.js';

const TEXT =
  'The central bank of Kelso will supply reserves, economists said. The bank of Kelso did so on Monday as well.';

test.each([
  ['another name in the same words', 'Kelso bank to add reserves', 'Torvik bank to add reserves', true],
  ['the same headline', 'Kelso bank to add reserves', 'Kelso bank to add reserves', false],
  ['a marker', 'Kelso bank to add reserves', 'UPDATE 1-Kelso bank to add reserves', false],
  ['another verb', 'Kelso bank to add reserves', 'Kelso bank to inject reserves', false],
  ['a longer headline', 'Kelso bank to add reserves', 'Kelso bank to add reserves, economists in Torvik say', false],
  ['a headline of its own', 'Kelso bank to add reserves', 'Torvik celebrates the new bridge', false],
  ['a word that the text has too', 'Kelso bank to add reserves', 'Economists: bank to add reserves', false],
  ['no name', 'Central bank to add reserves', 'Torvik bank to add reserves', false],
])('%s', (_, own, other, differ) => expect(new HeadlineNames(own, TEXT).differFrom(other)).toBe(differ));

test('a text in capitals names nothing', () => {
  expect(new HeadlineNames('KELSO BANK TO ADD', TEXT.toUpperCase()).differFrom('TORVIK BANK TO ADD')).toBe(false);
  expect(new HeadlineNames('KELSO BANK TO ADD', TEXT).differFrom('TORVIK BANK TO ADD')).toBe(true);
  expect(new HeadlineNames('', '').differFrom('')).toBe(false);
});
