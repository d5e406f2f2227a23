/** The rules in force as they are, and as they would be with a draft among them. Pure. */
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import type { RuleInForce } from '#storage/rule.repository.js';

/** `replaces`: the stored rule, enabled or not, that the draft would take the place of. `position` undefined: that one's, else behind all others. */
export interface RuleDraft {
  condition: RuleCondition;
  actions: RuleAction[];
  replaces: Pick<RuleInForce, 'id' | 'name' | 'position'> | null;
  position?: number | undefined;
}

/** `replaced`: the name of the rule that is not among those of `then`; of one that is disabled, too, for it may have given tags before. */
export interface RuleLine {
  now: readonly RuleInForce[];
  then: readonly Omit<RuleInForce, 'condition'>[];
  replaced: string | null;
}

/** The draft's id in the line. */
export const DRAFT = 'draft';

/** `inForce` in the order in which the rules take effect. */
export function lineUp(inForce: readonly RuleInForce[], { actions, replaces, position }: RuleDraft): RuleLine {
  const others = inForce.filter(({ id }) => id !== replaces?.id);
  const place = position ?? replaces?.position ?? Infinity;
  // Among rules of one position the older ones come first, and a new one is the youngest.
  const isBefore = (rule: RuleInForce): boolean =>
    rule.position < place || (rule.position === place && (replaces === null || rule.id < replaces.id));
  const name = replaces?.name ?? DRAFT;
  return {
    now: inForce,
    then: [
      ...others.filter(isBefore),
      { id: DRAFT, name, position: place, actions },
      ...others.filter((rule) => !isBefore(rule)),
    ],
    replaced: replaces?.name ?? null,
  };
}
