/** Words by which texts on one event are recognised. */
import fc from 'fast-check';
import { storyTerms } from './story-terms.js';

test('names count twice, but not for standing at the start of a sentence', () => {
  const terms = storyTerms('', 'Rain fell. Rain fell in Kelso. "Boats sank," said Anna Kelso.\nRescue came.', null);
  expect(Object.fromEntries(terms)).toEqual({
    rain: 2,
    fell: 2,
    in: 1,
    kelso: 4,
    boat: 1,
    sank: 1,
    said: 1,
    anna: 2,
    rescue: 1,
    came: 1,
  });
});

test.each([
  ['possessives and plurals', 'Norvia’s ferries, glasses and buses', ['norvia', 'ferry', 'glasse', 'and', 'buse']],
  ['words that only look like plurals', 'crisis virus boss gas', ['crisis', 'virus', 'boss', 'gas']],
  ['numbers, not single letters', 'a 7.4 quake on 12 May', ['quake', 'on', '12', 'may']],
  ['pairs of characters where nothing parts words', '東京地震', ['東京', '京地', '地震']],
  ['other scripts as they are', 'Выборы в Норвии', ['выборы', 'норвии']],
])('%s', (_, title, expected) => {
  expect([...storyTerms(title, '', null).keys()]).toEqual(expected);
});

test('only the first three hundred words of a body are read', () => {
  const body = Array.from({ length: 1_000 }, (_, index) => `w${index}`).join(' ');
  expect(storyTerms('Title', body, 'en').size).toBe(301);
});

test('any text is read, in time and room that its length bounds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
      (title, body) => {
        const terms = storyTerms(title, body, 'en');
        expect(terms.size).toBeLessThanOrEqual(title.length * 2 + body.length * 2);
      },
    ),
  );
});

test.each([
  ['en', 'The ferry is late, and it’s here', ['ferry', 'late']],
  ['en-GB', 'The ferry', ['ferry']],
  ['de', 'Die Fähre ist nicht hier', ['fähre']],
  ['fr', 'Une journée à Paris', ['journée', 'paris']],
  ['es', 'El puerto de la ciudad', ['puerto', 'ciudad']],
  ['ar', 'ميناء في المدينة', ['ميناء', 'المدينة']],
  ['xx', 'The ferry', ['the', 'ferry']],
])('function words of %s say nothing', (language, title, expected) => {
  expect([...storyTerms(title, '', language).keys()]).toEqual(expected);
});
