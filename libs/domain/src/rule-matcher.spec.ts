import fc from 'fast-check';
import type { RuleCondition } from '#contracts/rule.js';
import type { RuleFacts } from './rule-facts.js';
import { RuleMatcher } from './rule-matcher.js';

const FACTS: RuleFacts = {
  title: 'Ferry Strike in Port-au-Prince: 40 boats idle',
  body: 'The harbour’s crews walked out.\nPort  authority says "no" to COLUMBIA Lines; Straße gesperrt. 東京タワーは休業。サッカーW杯。',
  categories: ['Business/Shipping', 'Travel'],
  url: 'https://gazette.example/sport/ferry?id=7',
  partner: 'gazette',
  feed: {
    id: '0198a6f5-2222-7000-8000-000000000001',
    url: 'https://gazette.example/feed',
    formerUrl: 'https://old.example/rss',
  },
  language: 'en',
  at: new Date('2026-03-06T22:30:00Z'),
};
const phrase = (field: 'title' | 'body' | 'text' | 'category' | 'url', ...phrases: string[]): RuleCondition => ({
  kind: 'phrase',
  field,
  phrases,
});
const regex = (field: 'title' | 'body' | 'text', pattern: string): RuleCondition => ({ kind: 'regex', field, pattern });
const holds = (condition: RuleCondition, facts: RuleFacts = FACTS): boolean =>
  new RuleMatcher([condition]).match(facts).length === 1;

test.each<[string, RuleCondition, boolean]>([
  ['a phrase in the title, whatever its case', phrase('title', 'ferry strike'), true],
  ['a phrase of another field', phrase('body', 'ferry strike'), false],
  ['one phrase of several', phrase('text', 'airport', 'crews walked'), true],
  ['not a part of a word', phrase('title', 'boat'), false],
  ['a part of a word where that is wanted', { ...phrase('title', 'boat'), wholeWords: false } as RuleCondition, true],
  ['a hyphen parts words', phrase('title', 'port'), true],
  ['over a line break', phrase('body', 'walked out. port authority'), true],
  ['typographic apostrophes are apostrophes', phrase('body', "harbour's"), true],
  ['in its letter case', { ...phrase('body', 'COLUMBIA'), matchCase: true } as RuleCondition, true],
  ['not in another letter case', { ...phrase('body', 'Columbia'), matchCase: true } as RuleCondition, false],
  ['a word that changes its length in capitals', phrase('body', 'STRASSE'), false],
  ['the same word as it is written', phrase('body', 'straße'), true],
  ['a word of a script without spaces', phrase('body', 'タワー'), true],
  ['a word with a long mark before a digit or a letter', phrase('body', 'サッカー'), true],
  ['one of the categories', phrase('category', 'shipping'), true],
  ['but not from one category into the next', phrase('category', 'shipping travel'), false],
  ['a part of the address', phrase('url', '/sport/'), true],
  ['an expression, with regard to case', regex('title', 'ferry'), false],
  ['an expression for any case', regex('title', '(?i)^ferry\\b'), true],
  ['an expression with nothing fixed', regex('title', '\\b\\d{2}\\b'), true],
  ['an expression with alternatives', regex('text', '(trains|boats) idle'), true],
  ['an expression in other forms of its characters', regex('body', 'ＣＯＬＵＭＢＩＡ Lin[ｅ]s'), true],
  ['an expression with a sign that is none of the syntax', regex('title', '（40）'), false],
  ['an expression over both texts', regex('text', 'Lines; Stra'), true],
  ['its partner', { kind: 'partner', partners: ['harbour', 'gazette'] }, true],
  ['its feed by address', { kind: 'feed', feeds: ['https://gazette.example/feed'] }, true],
  [
    'its feed by an address that is written otherwise',
    { kind: 'feed', feeds: ['https://Gazette.example:443/feed#top'] },
    true,
  ],
  ['its feed by the address before it moved', { kind: 'feed', feeds: ['https://old.example/rss'] }, true],
  ['its feed by id', { kind: 'feed', feeds: ['0198a6f5-2222-7000-8000-000000000001'] }, true],
  ['its language', { kind: 'language', languages: ['de', 'en'] }, true],
  ['its language by another code', { kind: 'language', languages: ['eng'] }, true],
  ['not another language', { kind: 'not', of: { kind: 'language', languages: ['de'] } }, true],
  ['all of several', { kind: 'and', of: [phrase('title', 'ferry'), { kind: 'partner', partners: ['gazette'] }] }, true],
  ['not all of several', { kind: 'and', of: [phrase('title', 'ferry'), phrase('title', 'airport')] }, false],
  ['one of several', { kind: 'or', of: [regex('title', 'airport'), phrase('title', 'strike')] }, true],
  ['a span of time', { kind: 'time', from: '2026-03-01T00:00:00Z', until: '2026-03-07T00:00:00Z' }, true],
  ['not its end', { kind: 'time', until: '2026-03-06T22:30:00Z' }, false],
  ['a weekday in UTC', { kind: 'time', days: ['fri'] }, true],
  ['a weekday elsewhere', { kind: 'time', days: ['fri'], zone: 'Asia/Tokyo' }, false],
  ['hours over midnight', { kind: 'time', hours: { from: '22:00', until: '06:00' } }, true],
  ['hours of another place', { kind: 'time', hours: { from: '23:30', until: '23:31' }, zone: 'Europe/Berlin' }, true],
])('a condition asks for %s', (_, condition, expected) => {
  expect(holds(condition)).toBe(expected);
});

test('an item of unknown language and without address fits no language and no address', () => {
  const unknown = { ...FACTS, language: null, url: null };
  expect(holds({ kind: 'language', languages: ['en'] }, unknown)).toBe(false);
  expect(holds(phrase('url', 'http'), unknown)).toBe(false);
});

test('places come ascending, and a second item is not taken for the first', () => {
  const matcher = new RuleMatcher([phrase('title', 'airport'), regex('title', 'F\\w+ St'), phrase('title', 'ferry')]);
  expect(matcher.match(FACTS)).toEqual([1, 2]);
  expect(matcher.match({ ...FACTS, title: 'Airport' })).toEqual([0]);
  expect(matcher.match(FACTS)).toEqual([1, 2]);
});

test('an expression that is no RE2 is refused with its reason', () => {
  expect(() => new RuleMatcher([regex('title', '(a')])).toThrow(/missing closing \)/);
  expect(() => new RuleMatcher([regex('title', '(?=a)b')])).toThrow();
  expect(() => new RuleMatcher([regex('title', `(?:${'[a-z]?'.repeat(20)}){1000}`)])).toThrow(/repeats too much/);
});

test('a condition is wide when nothing in particular must be there', () => {
  const matcher = new RuleMatcher([
    phrase('title', 'a'),
    regex('title', '[A-Z]{5,}'),
    { kind: 'not', of: phrase('title', 'a') },
    { kind: 'and', of: [regex('title', '[A-Z]{5,}'), phrase('title', 'a')] },
  ]);
  expect([0, 1, 2, 3].map((place) => matcher.isWide(place))).toEqual([false, true, true, false]);
});

const WORDS = ['ferry', 'Ferry', 'port', 'ports', 'sport', 'é', 'Σας', '東京', 'ab', 'abc', '-'];
const leaf: fc.Arbitrary<RuleCondition> = fc.oneof(
  fc.record({
    kind: fc.constant('phrase' as const),
    field: fc.constantFrom('title', 'body', 'text'),
    phrases: fc.array(
      fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }).map((words) => words.join(' ')),
      { minLength: 1, maxLength: 3 },
    ),
    wholeWords: fc.boolean(),
    matchCase: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('regex' as const),
    field: fc.constantFrom('title', 'body', 'text'),
    pattern: fc.constantFrom(
      'ferry',
      '(?i)FERRY port',
      'ports?',
      '(abc|sport) ',
      '^ab',
      '(?i)(ferry|port)s',
      '[A-Z]',
      'é',
    ),
  }),
  fc.record({ kind: fc.constant('language' as const), languages: fc.constantFrom<string[]>(['en'], ['de', 'fr']) }),
);
const condition = fc.letrec<{ node: RuleCondition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('node') }),
  ),
})).node;
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => words.join(' '));

/** The same question asked the plain way, with JavaScript's own expressions. */
function plainly(asked: RuleCondition, facts: RuleFacts): boolean {
  switch (asked.kind) {
    case 'and':
      return asked.of.every((part) => plainly(part, facts));
    case 'or':
      return asked.of.some((part) => plainly(part, facts));
    case 'not':
      return !plainly(asked.of, facts);
    case 'language':
      return asked.languages.includes(facts.language ?? '');
    case 'phrase':
    case 'regex': {
      const texts = [asked.field !== 'body' ? facts.title : '', asked.field !== 'title' ? facts.body : ''];
      if (asked.kind === 'regex') {
        const anyCase = asked.pattern.startsWith('(?i)');
        const expression = new RegExp(asked.pattern.replace('(?i)', ''), anyCase ? 'iu' : 'u');
        return texts.some((one) => expression.test(one));
      }
      return asked.phrases.some((wanted) => {
        const [before, behind] = asked.wholeWords === false ? ['', ''] : [edge(wanted, 0), edge(wanted, -1)];
        const expression = new RegExp(before + wanted + behind, asked.matchCase === true ? 'u' : 'iu');
        return texts.some((one) => expression.test(one));
      });
    }
    case 'partner':
    case 'feed':
    case 'time':
      throw new Error(`${asked.kind} is not asked here`);
  }
}

function edge(wanted: string, at: number): string {
  if (!/^(?!\p{Script=Han})[\p{L}\p{N}]$/u.test(wanted.at(at) ?? '')) return '';
  const word = '(?:(?!\\p{Script=Han})[\\p{L}\\p{N}])';
  return at === 0 ? `(?<!${word})` : `(?!${word})`;
}

test('many rules at once say what each says alone, asked plainly', () => {
  fc.assert(
    fc.property(
      fc.array(condition, { maxLength: 12 }),
      fc.array(fc.tuple(text, text), { maxLength: 3 }),
      (all, items) => {
        const matcher = new RuleMatcher(all);
        for (const [title, body] of items) {
          const facts = { ...FACTS, title, body };
          expect(matcher.match(facts)).toEqual(all.flatMap((one, place) => (plainly(one, facts) ? [place] : [])));
        }
      },
    ),
    { numRuns: 400 },
  );
});
