/** Names that others take the place of, and what copies do with theirs. */
import { NamesInPlace } from './names-in-place.js';
import { textPrint } from './text-print.js';

const evening = (facts: Partial<Record<'who' | 'town' | 'day' | 'street', string>> = {}): string => {
  const { who = 'Ilse Marten', town = 'Ostrand', day = 'Monday', street = 'Mill' } = facts;
  return (
    `Readers of the library may meet ${who} on ${day} at the house in ${street} Street, where coffee is served from an early hour. ` +
    `Whoever wants to come should tell the librarians of ${town} beforehand, for there are few chairs and many readers.`
  );
};
const MORE =
  'The evening was made possible by the Reeds of Velmora. Their founder Aron Vell spoke of his years on Kelso with the poet Torvik.';

const differ = (a: string, b: string, least = 1): boolean =>
  new NamesInPlace(a, textPrint(a)).differFrom(textPrint(b), least);

test.each([
  ['another writer, on another day', evening(), evening({ who: 'Aron Vell', day: 'Friday' }), true],
  ['another town alone', evening(), evening({ town: 'Torvik' }), false],
  ['another street of another town', evening(), evening({ town: 'Torvik', street: 'Church' }), true],
  ['the same text', evening(), evening(), false],
  ['names that only one text has behind', evening(), `${evening()} ${MORE}`, false],
  ['names that only one text has before', evening(), `${MORE} ${evening()}`, false],
  ['its first half', evening(), evening().slice(0, 120), false],
  ['words for a name', evening(), evening({ who: 'a writer whom she has read for years' }), false],
  ['no name on one side', evening(), evening().replace('Ilse Marten ', ''), false],
  ['one name of many in another spelling', `${evening()} ${MORE}`, `${evening({ town: 'Ostrant' })} ${MORE}`, false],
  [
    'small words changed',
    evening(),
    evening().replace('may', 'can').replace('early', 'late').replace('few', 'no'),
    false,
  ],
  ['nothing in common', evening(), MORE, false],
  ['a text in capitals', evening().toUpperCase(), evening({ who: 'Aron Vell', day: 'Friday' }).toUpperCase(), false],
  ['nothing at all', '', evening(), false],
  ['a script without capitals', '图书馆星期一请读者见面', '图书馆星期五请读者见面', false],
])('%s', (_, a, b, expected) => {
  expect(differ(a, b)).toBe(expected);
  expect(differ(b, a)).toBe(expected);
});

test('as many others are needed as are asked for', () => {
  const other = evening({ who: 'Aron Vell', day: 'Friday' });
  expect(differ(evening(), other, 2)).toBe(true);
  expect(differ(evening(), other, 3)).toBe(false);
});

test('sentences taken out of the print are not looked at', () => {
  const text = `${evening()}\n${MORE}`;
  const print = textPrint(text);
  const kept = { ...print, sentences: print.sentences.slice(0, 2) };
  expect(new NamesInPlace(text, kept).differFrom(textPrint(evening({ town: 'Torvik', street: 'Church' })), 1)).toBe(
    true,
  );
  expect(new NamesInPlace(text, kept).differFrom(textPrint(evening()), 1)).toBe(false);
});
