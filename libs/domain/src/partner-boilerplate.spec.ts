/** Which sentences of a partner are its boilerplate: what it writes under many stories, from the first batch on. */
import { boilerplateOf, countSentences, emptyCounts, isBoilerplate, pruned } from './partner-boilerplate.js';
import { textPrint } from './text-print.js';

const FOOTER = 'Shortened by the night desk of the Harbour Courant, the paper of the estuary.';
const story = (n: number): string =>
  `The council of ward ${n} has bought ferry number ${n}. Its mayor called purchase ${n} a bargain for years.`;
const footerHash = textPrint(FOOTER).sentences[0]?.hash ?? 0;

function counted(...texts: string[]): ReturnType<typeof emptyCounts> {
  const counts = emptyCounts();
  for (const text of texts) countSentences(counts, textPrint(text));
  return counts;
}
const stories = (count: number, from = 0): string[] => Array.from({ length: count }, (_each, n) => story(from + n));
const withFooter = (texts: string[]): string[] => texts.map((text) => `${text}\n${FOOTER}`);

it('knows a footer in the first batch of a partner, though only one desk in three writes it', () => {
  const batch = counted(...withFooter(stories(6)), ...stories(12, 6));
  expect(isBoilerplate(footerHash, emptyCounts(), batch)).toBe(true);
});

it.each([
  ['four items', [4, 0]],
  ['one item in six of a first batch', [5, 25]],
])('takes what %s have in common for chance', (_name, [footers = 0, others = 0]) => {
  const batch = counted(...withFooter(stories(footers)), ...stories(others, footers));
  expect(isBoilerplate(footerHash, emptyCounts(), batch)).toBe(false);
});

it('needs a smaller share of what was learned over time', () => {
  const known = counted(...withFooter(stories(6)), ...stories(30, 6));
  expect(isBoilerplate(footerHash, known)).toBe(true);
  expect(boilerplateOf(known)).toEqual([footerHash]);
});

it('counts no sentence from the middle of a text', () => {
  const middle = (n: number): string =>
    `${story(n)} ${FOOTER} ${Array.from({ length: 6 }, (_each, at) => `Line ${n} has sentence ${at} to itself.`).join(' ')}`;
  const batch = counted(...stories(8).map((_text, n) => middle(n)));
  expect(isBoilerplate(footerHash, emptyCounts(), batch)).toBe(false);
});

it('forgets a footer that is no longer used, and keeps no more sentences than it may', () => {
  const counts = pruned({ items: 5_000, sentences: new Map([[footerHash, 800]]) });
  expect(counts).toEqual({ items: 2_500, sentences: new Map([[footerHash, 400]]) });
  const many = pruned({ items: 10, sentences: new Map(Array.from({ length: 3_000 }, (_each, n) => [n, n])) });
  expect([many.sentences.size, many.sentences.has(2_999), many.sentences.has(0)]).toEqual([1_000, true, false]);
});
