/** Normalised text and its words. */
import { countWords, normaliseText } from './normalised-text.js';

test.each([
  ['“Don’t  stop”, he said…', 'don t stop he said'],
  ['ﬁne Ｆｕｌｌ １２', 'fine full 12'],
  ['1,000.5 %', '1 000 5'],
  ['Ärger\n\tÉté', 'ärger été'],
  ['हिन्दी समाचार।', 'हिन्दी समाचार'],
  ['!?', ''],
])('%s', (text, expected) => expect(normaliseText(text)).toBe(expected));

test.each([
  ['', 0],
  ['one', 1],
  ['one two three', 3],
  ['東京オリンピック', 4],
  ['ราคา', 2],
  ['tokyo 東京 2026', 3],
])('words of %s', (text, words) => expect(countWords(normaliseText(text))).toBe(words));
