/** What of a rule cannot work, found before it is stored; and what about it an operator should know. */
import type { ConditionLeaf, RuleAction, RuleCondition } from '#contracts/rule.js';
import { conditionDepth, conditionLeaves } from '#domain/condition-in-words.js';
import { isFeedId } from '#domain/rule-facts.js';
import { matchablePhrase } from '#domain/matchable-text.js';
import { ruleRegex } from '#domain/regex-literals.js';
import { ruleTag } from '#domain/rule-outcome.js';
import type { FieldError } from './problem.js';
import { complaintAbout } from './urls.js';

type TimeCondition = Extract<ConditionLeaf, { kind: 'time' }>;

const MAX_DEPTH = 12;
const MAX_LEAVES = 200;
const MAX_PHRASES = 2_000;

/** Empty when the rule can be used. */
export function ruleMistakes({
  condition,
  actions,
}: {
  condition?: RuleCondition | undefined;
  actions?: readonly RuleAction[] | undefined;
}): FieldError[] {
  return [
    ...(condition === undefined ? [] : conditionMistakes(condition)),
    ...contradictions(actions ?? []),
    ...(actions ?? []).flatMap((action, index) =>
      (action.kind === 'tag' || action.kind === 'untag') && ruleTag(action.scheme, action.name, '') === null
        ? [{ path: `actions.${index}.name`, message: 'must have a letter or a digit' }]
        : [],
    ),
  ];
}

/** Also of a rule that was stored when more was understood: whoever lists the rules must find the one that has no effect any more. */
export function ruleNotes(condition: RuleCondition): string[] {
  const read = expressions(condition);
  const wide = read.filter(isWide).length;
  return [
    ...read.flatMap(({ refusal }) => (refusal === undefined ? [] : [`The rule has no effect: ${refusal}.`])),
    ...(wide === 0
      ? []
      : [
          `${wide === 1 ? 'An expression names' : `${wide} expressions name`} no word that must be there: it runs over every text that the other conditions let through. Add a phrase that must stand beside it.`,
        ]),
  ];
}

/** Expressions that nothing in particular wakes. The hub has room for a few. */
export function wideRegexes(condition: RuleCondition): number {
  return expressions(condition).filter(isWide).length;
}

/** What came of reading an expression: the words that must be there, or a sentence on why it is refused. */
interface ReadExpression {
  literals?: string[][];
  refusal?: string;
}

function isWide({ literals }: ReadExpression): boolean {
  return literals?.length === 0;
}

function expressions(condition: RuleCondition): ReadExpression[] {
  return conditionLeaves(condition).flatMap((leaf) => (leaf.kind === 'regex' ? [readExpression(leaf.pattern)] : []));
}

function readExpression(pattern: string): ReadExpression {
  try {
    return { literals: ruleRegex(pattern).literals };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refusal: `${JSON.stringify(pattern)} is not understood: ${reason}. Write it in RE2 syntax` };
  }
}

function conditionMistakes(condition: RuleCondition): FieldError[] {
  if (conditionDepth(condition) > MAX_DEPTH)
    return [{ path: 'condition', message: `has more than ${MAX_DEPTH} conditions inside each other` }];
  const leaves = conditionLeaves(condition);
  const phrases = leaves.reduce((sum, leaf) => sum + (leaf.kind === 'phrase' ? leaf.phrases.length : 0), 0);
  if (leaves.length > MAX_LEAVES || phrases > MAX_PHRASES)
    return [
      {
        path: 'condition',
        message: `has more than ${MAX_LEAVES} conditions or ${MAX_PHRASES} phrases: long lists belong into a dictionary`,
      },
    ];
  return leaves.flatMap((leaf) => {
    if (leaf.kind === 'phrase') {
      const empty = leaf.phrases.find((phrase) => matchablePhrase(phrase).folded === '');
      return empty === undefined
        ? []
        : [{ path: 'condition', message: `the phrase ${JSON.stringify(empty)} says nothing` }];
    }
    if (leaf.kind === 'feed') return feedMistakes(leaf.feeds);
    if (leaf.kind === 'time') return timeMistakes(leaf);
    return leaf.kind === 'regex' ? regexMistakes(leaf.pattern) : [];
  });
}

/** A span that has no time in it, or that is all time: the rule would hold for no item, or for each. */
function timeMistakes({ from, until, days, hours }: TimeCondition): FieldError[] {
  if (from === undefined && until === undefined && days === undefined && hours === undefined)
    return [{ path: 'condition', message: 'a time needs from, until, days or hours: without them it is always' }];
  return from !== undefined && until !== undefined && new Date(from) >= new Date(until)
    ? [{ path: 'condition', message: `until (${until}) must be later than from (${from})` }]
    : [];
}

/** What one rule cannot do at once. Of several rules the later has the last word. */
function contradictions(actions: readonly RuleAction[]): FieldError[] {
  const kinds = actions.map(({ kind }) => kind);
  const tagsOf = (kind: 'tag' | 'untag'): string[] =>
    actions.flatMap((action) => {
      if (action.kind !== kind) return [];
      const tag = ruleTag(action.scheme, action.name, '');
      return tag === null ? [] : [`${tag.scheme}/${tag.slug}`];
    });
  const given = new Set(tagsOf('tag'));
  const both = tagsOf('untag').find((tag) => given.has(tag));
  return [
    ...(kinds.includes('drop') && kinds.includes('hold') ? ['drop and hold are both named: keep one'] : []),
    ...(kinds.filter((kind) => kind === 'priority').length > 1 ? ['priority is named more than once'] : []),
    ...(both === undefined ? [] : [`${both} is both given and taken: keep one`]),
  ].map((message) => ({ path: 'actions', message }));
}

function regexMistakes(pattern: string): FieldError[] {
  const { refusal } = readExpression(pattern);
  return refusal === undefined ? [] : [{ path: 'condition', message: refusal }];
}

function feedMistakes(feeds: readonly string[]): FieldError[] {
  const wrong = feeds.find((feed) => !isFeedId(feed) && complaintAbout(feed) !== undefined);
  if (wrong === undefined) return [];
  return [
    {
      path: 'condition',
      message: `${JSON.stringify(wrong)} is neither the id nor the URL of a feed: GET /api/v1/feeds has both`,
    },
  ];
}
