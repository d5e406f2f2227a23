/** What the rules that hold for an item make of it, in their order. Pure. */
import type { RuleAction } from '#contracts/rule.js';
import type { StoryTag } from '#contracts/story-body.js';
import { slugify } from './slug.js';

/** A rule that holds. */
export interface HoldingRule {
  id: string;
  name: string;
  actions: readonly RuleAction[];
}

/** `source` says in words where the tag came from: 'rule "Ferries"'. */
export interface RuleTag extends StoryTag {
  source: string;
}

/** `untagged`: SCHEME/SLUG of tags that go, whoever gave them; `priority` and `routes` (channels' slugs) are null and empty where no rule speaks of them. */
export interface RuleOutcome {
  refusal: { state: 'dropped' | 'held'; reason: string } | null;
  tags: RuleTag[];
  untagged: string[];
  priority: number | null;
  routes: string[];
  rules: { id: string; name: string }[];
}

/** How the sources of tags that rules and dictionaries give begin. */
export const RULE_SOURCE = 'rule "';
export const DICTIONARY_SOURCE = 'dictionary "';

const MAX_ROUTES = 50;

/**
 * A later rule has the last word on a tag and on the priority; the first `drop` or `hold` ends it. An item that an operator has
 * released is neither dropped nor held.
 */
export function ruleOutcome(holding: readonly HoldingRule[], isReleased: boolean): RuleOutcome {
  const tags = new Map<string, RuleTag | null>();
  const routes = new Set<string>();
  const rules: RuleOutcome['rules'] = [];
  let priority: number | null = null;
  let refusal: RuleOutcome['refusal'] = null;
  for (const { id, name, actions } of holding) {
    rules.push({ id, name });
    for (const action of actions) {
      switch (action.kind) {
        case 'tag':
        case 'untag': {
          const tag = ruleTag(action.scheme, action.name, `${RULE_SOURCE}${name}"`);
          if (tag !== null) tags.set(`${tag.scheme}/${tag.slug}`, action.kind === 'tag' ? tag : null);
          break;
        }
        case 'priority':
          priority = action.priority;
          break;
        case 'route':
          if (routes.size < MAX_ROUTES) routes.add(action.channel);
          break;
        case 'drop':
        case 'hold':
          if (!isReleased)
            refusal ??=
              action.kind === 'drop'
                ? { state: 'dropped', reason: `dropped by rule "${name}"` }
                : { state: 'held', reason: `held for review by rule "${name}"` };
          break;
      }
    }
    if (refusal !== null) break;
  }
  return {
    refusal,
    tags: [...tags.values()].filter((tag) => tag !== null),
    untagged: [...tags].flatMap(([key, tag]) => (tag === null ? [key] : [])),
    priority,
    routes: [...routes].sort(),
    rules,
  };
}

/** Null when the name has no letter and no digit: such a tag would have no address. */
export function ruleTag(scheme: StoryTag['scheme'], name: string, source: string): RuleTag | null {
  const slug = slugify(name);
  return slug === '' ? null : { scheme, name, slug, source };
}
