/** Which headlines are one headline. */
import { isSameHeadline } from './headline-likeness.js';

const TITLE = 'Ostrand ferry to stop in winter';

test.each([
  ['punctuation and capitals', '“Ostrand” FERRY to stop in winter!'],
  ['a slip', 'Ostrand ferrry to stop in winter'],
  ['the site behind it', 'Ostrand ferry to stop in winter | The Island Gazette'],
  ['a marker', 'CORRECTED: Ostrand ferry to stop in winter'],
])('%s', (_, other) => {
  expect(isSameHeadline(TITLE, other)).toBe(true);
  expect(isSameHeadline(other, TITLE)).toBe(true);
});

test.each([
  ['Ostrand ferry to stop in winter', 'Velmora ferry to stop in winter'],
  ['Ostrand ferry to stop in winter', 'Ostrand ferry not to stop in winter'],
  ['Ostrand wins 2-1', 'Ostrand wins 3-1'],
  ['Cricket - Ostrand wins', 'Cricket - Velmora wins'],
  ['Fire in Kelso', 'Fire in Kelso school'],
])('not %s and %s', (a, b) => {
  expect(isSameHeadline(a, b)).toBe(false);
  expect(isSameHeadline(b, a)).toBe(false);
});
