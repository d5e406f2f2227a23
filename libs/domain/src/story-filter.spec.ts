import { matchesFilter, type StoryFacts } from './story-filter.js';

const story: StoryFacts = {
  tags: ['topic/sport', 'place/berlin'],
  partners: ['agency', 'daily'],
  language: 'en-GB',
  channels: ['sport'],
};

test.each([
  ['an empty filter takes all', {}, true],
  ['an empty list asks nothing', { tags: [], languages: [] }, true],
  ['one tag of several is enough', { tags: ['topic/chess', 'place/berlin'] }, true],
  ['the scheme counts', { tags: ['keyword/sport'] }, false],
  ['one partner of several is enough', { partners: ['daily'] }, true],
  ['another partner', { partners: ['blog'] }, false],
  ['the primary language', { languages: ['de', 'en'] }, true],
  ['another language', { languages: ['de'] }, false],
  ['the language by another of its codes', { languages: ['eng'] }, true],
  ['all conditions must hold', { tags: ['topic/sport'], partners: ['blog'] }, false],
  ['all conditions hold', { tags: ['topic/sport'], partners: ['agency'], languages: ['en'] }, true],
  ['a channel that holds it', { channels: ['sport'] }, true],
  ['a channel that does not', { channels: ['weather'] }, false],
])('%s', (_what, filter, expected) => {
  expect(matchesFilter(filter, story)).toBe(expected);
});

test('a story of unknown language fits no list of languages, and any filter without one', () => {
  expect(matchesFilter({ languages: ['en'] }, { ...story, language: null })).toBe(false);
  expect(matchesFilter({ partners: ['daily'] }, { ...story, language: null })).toBe(true);
});
