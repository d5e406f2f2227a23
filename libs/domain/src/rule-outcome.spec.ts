import type { RuleAction } from '#contracts/rule.js';
import { ruleOutcome, ruleTag } from './rule-outcome.js';

const rule = (name: string, ...actions: RuleAction[]) => ({ id: name.toLowerCase(), name, actions });
const tag = (name: string): RuleAction => ({ kind: 'tag', scheme: 'keyword', name });
const untag = (name: string): RuleAction => ({ kind: 'untag', scheme: 'keyword', name });

test('a later rule has the last word on a tag and on the priority', () => {
  const outcome = ruleOutcome(
    [
      rule('One', tag('A'), untag('B'), { kind: 'priority', priority: 1 }),
      rule('Two', untag('A'), tag('B'), { kind: 'priority', priority: 2 }),
    ],
    false,
  );
  expect(outcome).toMatchObject({ untagged: ['keyword/a'], priority: 2, refusal: null });
  expect(outcome.tags).toEqual([{ scheme: 'keyword', name: 'B', slug: 'b', source: 'rule "Two"' }]);
  expect(outcome.rules.map(({ name }) => name)).toEqual(['One', 'Two']);
});

test('the first drop or hold ends it', () => {
  const hold = rule('Wait', tag('A'), { kind: 'hold' });
  const drop = rule('Away', { kind: 'drop' });
  expect(ruleOutcome([hold, drop], false)).toMatchObject({
    refusal: { state: 'held', reason: 'held for review by rule "Wait"' },
    rules: [{ name: 'Wait' }],
  });
  expect(ruleOutcome([drop, hold], false).refusal).toEqual({ state: 'dropped', reason: 'dropped by rule "Away"' });
});

test('a released item is neither dropped nor held, and gets what else the rules give', () => {
  const outcome = ruleOutcome([rule('Wait', { kind: 'hold' }), rule('Away', { kind: 'drop' }, tag('A'))], true);
  expect(outcome.refusal).toBeNull();
  expect(outcome.tags).toHaveLength(1);
});

test('channels come once each, and in one order', () => {
  const route = (channel: string): RuleAction => ({ kind: 'route', channel });
  expect(ruleOutcome([rule('One', route('b'), route('a')), rule('Two', route('b'))], false).routes).toEqual(['a', 'b']);
});

test('a name without letters is no tag', () => {
  expect(ruleTag('keyword', '!?', 'x')).toBeNull();
});
