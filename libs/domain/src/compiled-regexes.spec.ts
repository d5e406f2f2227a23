/** Expressions of thousands of rules: compiled once, and so that others get their turns meanwhile. */
import type { RuleCondition } from '#contracts/rule.js';
import { CompiledRegexes } from './compiled-regexes.js';

const regex = (pattern: string): RuleCondition => ({ kind: 'regex', field: 'text', pattern });

test('others get their turns while thousands are compiled', async () => {
  const regexes = new CompiledRegexes();
  const conditions = Array.from({ length: 2_000 }, (_, i) => regex(`(?i)\\b(harbour${i}|quay${i}) of [a-z]+ing\\b`));
  let [isOver, turns] = [false, 0];
  const others = setInterval(() => (turns += isOver ? 0 : 1), 1);
  try {
    await regexes.prepare(conditions);
  } finally {
    isOver = true;
    clearInterval(others);
  }
  expect(turns).toBeGreaterThan(5);
});

test('each is compiled once, and what is refused is refused each time', async () => {
  const regexes = new CompiledRegexes();
  const condition: RuleCondition = { kind: 'and', of: [regex('ferr(y|ies)'), { kind: 'not', of: regex('strike') }] };
  await regexes.prepare([condition, regex('(broken')]);
  expect(regexes.of('strike')).toBe(regexes.of('strike'));
  expect(regexes.allow(condition)).toBe(true);
  expect([regexes.allow(regex('(broken')), regexes.allow(regex('(broken as well'))]).toEqual([false, false]);
  expect(() => regexes.of('(broken')).toThrow('missing closing )');
});
