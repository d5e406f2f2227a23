/** A rule's condition as operators read it, whole and in its single parts. */
import type { ConditionLeaf, RuleCondition } from '#contracts/rule.js';

const SHOWN = 3;

/** `(title has "ferry" and language is en) or not partner is gazette`. Long lists are cut. */
export function conditionInWords(condition: RuleCondition): string {
  if (condition.kind === 'not') return `not ${nestedInWords(condition.of)}`;
  if (condition.kind !== 'and' && condition.kind !== 'or') return leafInWords(condition);
  const [only, ...others] = condition.of;
  return only !== undefined && others.length === 0
    ? conditionInWords(only)
    : condition.of.map(nestedInWords).join(` ${condition.kind} `);
}

/** Every single condition inside, once each where they stand. */
export function conditionLeaves(condition: RuleCondition): ConditionLeaf[] {
  if (condition.kind === 'not') return conditionLeaves(condition.of);
  return condition.kind === 'and' || condition.kind === 'or' ? condition.of.flatMap(conditionLeaves) : [condition];
}

/** How many conditions lie within each other at most. */
export function conditionDepth(condition: RuleCondition): number {
  if (condition.kind === 'not') return 1 + conditionDepth(condition.of);
  if (condition.kind !== 'and' && condition.kind !== 'or') return 1;
  return 1 + condition.of.reduce((deepest, part) => Math.max(deepest, conditionDepth(part)), 0);
}

function nestedInWords(condition: RuleCondition): string {
  const words = conditionInWords(condition);
  return (condition.kind === 'and' || condition.kind === 'or') && condition.of.length > 1 ? `(${words})` : words;
}

function leafInWords(leaf: ConditionLeaf): string {
  switch (leaf.kind) {
    case 'phrase':
      return `${leaf.field} has ${list(leaf.phrases.map((phrase) => JSON.stringify(phrase)))}`;
    case 'regex':
      return `${leaf.field} matches ${JSON.stringify(leaf.pattern)}`;
    case 'partner':
      return `partner is ${list(leaf.partners)}`;
    case 'feed':
      return `feed is ${list(leaf.feeds)}`;
    case 'language':
      return `language is ${list(leaf.languages)}`;
    case 'time':
      return timeInWords(leaf);
  }
}

function timeInWords({ from, until, days, hours, zone }: Extract<ConditionLeaf, { kind: 'time' }>): string {
  const parts = [
    from === undefined ? '' : `from ${from}`,
    until === undefined ? '' : `until ${until}`,
    days === undefined ? '' : `on ${days.join(', ')}`,
    hours === undefined ? '' : `between ${hours.from} and ${hours.until}`,
    zone === undefined ? '' : `in ${zone}`,
  ];
  return `published ${parts.filter((part) => part !== '').join(' ') || 'at any time'}`;
}

function list(values: readonly string[]): string {
  const more = values.length - SHOWN;
  return values.slice(0, SHOWN).join(' or ') + (more > 0 ? ` or one of ${more} more` : '');
}
