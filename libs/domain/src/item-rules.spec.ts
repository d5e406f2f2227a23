import fc from 'fast-check';
import { type ItemRule, RULE_FIELDS } from '#contracts/feed-settings.js';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { expectCpuBelow } from '../../../test/support/cpu-time.js';
import { compileRules, refusal, RuleError } from './item-rules.js';

const item: ParsedItem = {
  title: 'Ferry Timetable for March',
  summary: 'Harbour news',
  content: '<p>The <b>ferry</b> leaves at 7 &amp; 9.</p><img src="https://pixel.example/horoscope.gif">',
  url: 'https://gazette.example/sport/ferry',
  authors: [{ name: 'Ada Lund', email: 'ada@gazette.example' }],
  categories: [{ term: 'travel', label: 'Getting about' }],
  media: [],
};
const rule = (text: string): ItemRule => {
  const [action, field, operator, ...value] = text.split(' ');
  return { action, field, operator, value: value.join(' ') } as ItemRule;
};
const reason = (...rules: string[]): string | null => refusal(compileRules(rules.map(rule)), item);

test.each([
  [[], null],
  [['block title contains TIMETABLE'], 'blocked by rule 1: title contains "TIMETABLE"'],
  [['block title regex timetable'], null],
  [['block title regex (?i)^ferry\\b'], 'blocked by rule 1: title matches "(?i)^ferry\\\\b"'],
  [['block content contains ferry leaves at 7 & 9'], 'blocked by rule 1: content contains "ferry leaves at 7 & 9"'],
  [['block content contains horoscope'], null],
  [['block url contains /sport/'], 'blocked by rule 1: url contains "/sport/"'],
  [['block author contains lund'], 'blocked by rule 1: author contains "lund"'],
  [['block category contains getting about'], 'blocked by rule 1: category contains "getting about"'],
  [['block any regex ^travel$'], 'blocked by rule 1: any field matches "^travel$"'],
  [['keep category contains travel'], null],
  [['keep title contains cricket'], 'not kept by rule 1: title contains "cricket" does not hold'],
  [['keep title contains cricket', 'keep title contains rowing'], 'not kept: none of the 2 keep rules holds'],
  [['keep title contains cricket', 'keep title contains ferry'], null],
  [['keep title contains ferry', 'block author contains lund'], 'blocked by rule 2: author contains "lund"'],
])('%j gives %s', (rules, expected) => expect(reason(...rules)).toBe(expected));

test.each([
  ['(', 'missing closing ): `(`'],
  ['(?=soon)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['((a{100}){100}){100}', 'invalid repeat count: `{100}`'],
])('the expression %s is refused with the reason', (value, message) => {
  const rules: ItemRule[] = [rule('block title contains x'), { ...rule('block title regex x'), value }];
  let thrown: unknown;
  try {
    compileRules(rules);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(RuleError);
  expect(thrown).toMatchObject({ index: 1, message });
});

test('an expression that makes other engines hang is answered at once', async () => {
  const hostile = { ...item, title: `${'a'.repeat(100_000)}!` };
  let answer: string | null = 'none yet';
  await expectCpuBelow(2_000, () => (answer = refusal(compileRules([rule('block title regex ^(a+)+$')]), hostile)));
  expect(answer).toBeNull();
});

test('no rule and no item makes it throw', () => {
  const anyRule = fc.record({
    action: fc.constantFrom('keep' as const, 'block' as const),
    field: fc.constantFrom(...RULE_FIELDS),
    operator: fc.constant('contains' as const),
    value: fc.string({ minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 5 }), fc.string(), fc.string(), (rules, title, content) => {
      const said = refusal(compileRules(rules), { ...item, title, content });
      expect(said === null || said.length > 0).toBe(true);
    }),
  );
});
