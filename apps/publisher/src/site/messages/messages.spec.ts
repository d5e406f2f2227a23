/** What the type of the messages cannot hold: that each language says things in its own words, and counts as it does. */
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import type { Messages } from './en.js';

/** Words that several languages share. */
const SHARED = new Set([
  'direction',
  'feedsAndAbout',
  'aboutFeeds',
  'source',
  'partners',
  'formerText',
  'shareByMail',
  'filterPartner',
]);

const sentence = (key: keyof Messages, messages: Messages): unknown => {
  const message = messages[key];
  if (typeof message !== 'function') return message;
  return (message as (...values: unknown[]) => string)(/Count|Hint|andMore|why/.test(key) ? 7 : 'X', '12:00');
};

describe.each(Object.entries({ de, fr, es, ar }))('the messages in %s', (code, messages) => {
  it('are all there, in words of their own, with what they are about', () => {
    for (const key of Object.keys(en) as (keyof Messages)[]) {
      const [english, own] = [sentence(key, en), sentence(key, messages)];
      expect([key, own]).not.toEqual([key, '']);
      if (typeof own !== 'string' || typeof english !== 'string') continue;
      if (!SHARED.has(key) && /[a-z]{4}/.test(english.replaceAll(/Atom|WebSub|OPML/g, '')))
        expect([key, own]).not.toEqual([key, english]);
      for (const value of ['X', '7']) expect([key, own.includes(value)]).toEqual([key, english.includes(value)]);
    }
  });

  it('name the language they are in', () => {
    expect(new Intl.Locale(messages.locale).language).toBe(code);
    expect(messages.direction).toBe(code === 'ar' ? 'rtl' : 'ltr');
  });
});

it.each<[Messages, [number, string][]]>([
  [
    en,
    [
      [0, '0 stories'],
      [1, '1 story'],
      [1_234, '1,234 stories'],
    ],
  ],
  [
    fr,
    [
      [0, '0 article'],
      [1, '1 article'],
      [2, '2 articles'],
    ],
  ],
  [
    de,
    [
      [1, '1 Meldung'],
      [1_234, '1.234 Meldungen'],
    ],
  ],
  [
    ar,
    [
      [0, 'لا أخبار'],
      [1, 'خبر واحد'],
      [2, 'خبران'],
      [3, '3 أخبار'],
      [11, '11 خبرًا'],
      [100, '100 خبر'],
    ],
  ],
])('stories are counted by the rules of the language', (messages, counts) => {
  for (const [count, words] of counts) expect(messages.storiesCount(count)).toBe(words);
});

test.each(Object.entries({ en, de, fr, es, ar }))(
  '%s has words for all that can change in a story',
  (_code, { changedFields }) => {
    const changes = ['title', 'content', 'media', 'language', 'source', 'rights', 'tags', 'partners', 'channels'];
    expect(changes.filter((name) => changedFields[name] === undefined)).toEqual([]);
  },
);
