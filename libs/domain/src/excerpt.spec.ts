/** Excerpts of whole sentences, in several scripts. */
import fc from 'fast-check';
import { excerpt, mereExcerpt, withoutTail } from './excerpt.js';

test.each([
  ['short as it is', 'One line.', 40, 'One line.'],
  ['whole sentences', 'One is here. Two is here. Three would be too long for it.', 30, 'One is here. Two is here.'],
  ['decimals end nothing', 'It rose by 3.5 percent. Then it fell again by much.', 30, 'It rose by 3.5 percent.'],
  ['quotes belong to their sentence', '“We go.” Then they went away for a very long time.', 30, '“We go.”'],
  [
    'a long first sentence is cut at a word',
    'A sentence that goes on, and on without an end in sight',
    30,
    'A sentence that goes on, and…',
  ],
  ['one endless word', 'x'.repeat(50), 10, `${'x'.repeat(9)}…`],
  [
    'no spaces between sentences',
    '今日は晴れです。明日は雨です。明後日は雪が降るでしょう。',
    18,
    '今日は晴れです。明日は雨です。',
  ],
  ['line breaks become spaces', 'One.\nTwo.', 40, 'One. Two.'],
  ['nothing', '', 40, ''],
  [
    'initials end nothing',
    'The vote is on. It was called by the U.S. Senate after a long night.',
    42,
    'The vote is on.',
  ],
  ['titles end nothing', 'The vote is on. It was called by Sen. Ada Moor after a long night.', 42, 'The vote is on.'],
  ['numbers of things end nothing', 'The vote is on. It was about bill No. 12 of a long row.', 42, 'The vote is on.'],
  ['days end nothing', 'Der Hafen schließt. Das war am 3. Oktober schon einmal so.', 40, 'Der Hafen schließt.'],
  ['German abbreviations', 'Der Hafen schließt. Das sagte Dr. Moor am Abend im Rathaus.', 40, 'Der Hafen schließt.'],
  ['a result ends a sentence', 'Kelso beat Lindar 2-1. Nobody in the old town slept.', 30, 'Kelso beat Lindar 2-1.'],
  ['German quotes open', 'Der Hafen schließt. „Es war Zeit“, sagte die Wirtin dazu.', 40, 'Der Hafen schließt.'],
  ['German quotes close', '„Der Hafen schließt.“ Das sagte die Wirtin am späten Abend.', 40, '„Der Hafen schließt.“'],
  ['guillemets open', 'Der Hafen schließt. »Es war Zeit«, sagte die Wirtin dazu.', 40, 'Der Hafen schließt.'],
  ['French quotes close', '« Le port ferme. » Le maire le dit dans un long discours.', 40, '« Le port ferme. »'],
  ['dialogue', 'El puerto cierra. —Era hora —dijo la dueña de la taberna.', 40, 'El puerto cierra.'],
  ['Arabic', 'أغلق الميناء. قال العمدة إن ذلك كان متأخرا جدا بالفعل.', 30, 'أغلق الميناء.'],
  ['Arabic titles', 'أغلق الميناء. قال د. سامر إن ذلك كان متأخرا جدا.', 24, 'أغلق الميناء.'],
  ['Urdu', 'بندرگاہ بند ہے۔ میئر نے کہا کہ یہ وقت تھا اور کافی دیر ہوئی۔', 30, 'بندرگاہ بند ہے۔'],
  ['Georgian', 'პორტი დაიხურა. მერმა თქვა, რომ ეს დრო იყო და კარგია.', 30, 'პორტი დაიხურა.'],
])('%s', (_, text, length, expected) => expect(excerpt(text, length)).toBe(expected));

test('never longer than allowed, never half a character', () => {
  const text = `${'🎉'.repeat(200)} end`;
  expect(excerpt(text, 101).length).toBeLessThanOrEqual(101);
  expect(excerpt(text, 101)).not.toMatch(/\p{Surrogate}/u);
});

test.each([
  ['A good summary. Read more →', 'A good summary.'],
  ['A summary that stops […]', 'A summary that stops…'],
  ['Eine Meldung. Weiterlesen', 'Eine Meldung.'],
  ['It ends well.', 'It ends well.'],
  ['We like to read more books', 'We like to read more books'],
])('withoutTail: %s', (text, expected) => expect(withoutTail(text)).toBe(expected));

test.each([
  ['a short text loses its second half', 'The ferry is back. It sails at noon.', 'The ferry is back.'],
  ['half of it, not most of it', 'Ferry back. It sails at noon, and again late in the evening.', 'Ferry back.'],
  ['one sentence leaves the headline alone', 'The ferry is back after two years.', ''],
])('mereExcerpt: %s', (_, text, expected) => expect(mereExcerpt(excerpt(text), text)).toBe(expected));

test('mereExcerpt: a summary in words of its own stays, and so does the beginning of a long text', () => {
  expect(mereExcerpt('Ships sail once more.', 'The ferry is back.')).toBe('Ships sail once more.');
  const text = 'The ferry is back after two years in the dock. '.repeat(20);
  expect(mereExcerpt(excerpt(text), text)).toBe(excerpt(text));
});

test('mereExcerpt: of what is said in the text never more than half, and the same when it is asked again', () => {
  const sentence = fc.stringMatching(/^[A-Z][a-z]{0,20}( [a-z]{1,12}){0,6}[.!?]$/);
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 30 }), (sentences) => {
      const text = sentences.join(' ');
      const shown = mereExcerpt(excerpt(text), text);
      expect(shown.length).toBeLessThanOrEqual(text.length / 2);
      expect(text.startsWith(shown)).toBe(true);
      expect(mereExcerpt(shown, text)).toBe(shown);
    }),
  );
});
