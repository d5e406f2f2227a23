import { DictionaryMatcher } from './dictionary-matcher.js';

const matcher = new DictionaryMatcher([
  { dictionary: 0, phrase: 'Port', matchCase: false },
  { dictionary: 0, phrase: 'Old Port', matchCase: false },
  { dictionary: 0, phrase: 'Old Port', matchCase: false },
  { dictionary: 1, phrase: 'Port', matchCase: true },
  { dictionary: 0, phrase: 'Port Authority Police', matchCase: false },
  { dictionary: 1, phrase: 'Police Chief', matchCase: false },
  { dictionary: 0, phrase: 'Police Chief', matchCase: false },
  { dictionary: 0, phrase: 'ab cd', matchCase: false },
  { dictionary: 0, phrase: 'cd ef', matchCase: false },
]);

test.each([
  ['the longest of overlapping phrases of one dictionary', ['A walk in the old port'], [1, 2]],
  ['a shorter one where it stands alone', ['The old port and the port'], [1, 2, 0]],
  ['another dictionary by itself, in its letter case', ['Old Port'], [1, 2, 3]],
  ['each of the texts', ['Port', 'old port'], [0, 3, 1, 2]],
  ['the longest also where a shorter one begins before it', ['the old port authority police'], [4]],
  ['what overlaps only a shorter one that does not count', ['the old port authority police chief'], [4, 5]],
  ['of two as long the first', ['ab cd ef'], [7]],
  ['no part of a word', ['Ports and sport'], []],
])('finds %s', (_, texts, places) => {
  expect(matcher.match(texts).sort()).toEqual([...places].sort());
});
