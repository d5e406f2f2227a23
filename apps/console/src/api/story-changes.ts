/** What a draft among the rules would change of a story as it is. Pure. */
import type { RuleAction } from '#contracts/rule.js';
import type { StoryTag } from '#contracts/story-body.js';
import { RULE_SOURCE, ruleTag, type RuleOutcome } from '#domain/rule-outcome.js';
import { CATEGORY_SOURCE, OPERATOR_SOURCE } from '#domain/tag-sources.js';
import type { PreviewStory } from '#storage/rule-preview.repository.js';
import { tagKey } from '#storage/tag.repository.js';
import { DRAFT } from './rule-line.js';

/** `changes` in words; `refusal`: what the item would be instead of being in the story. */
export interface StoryChanges {
  changes: string[];
  tagsAdded: StoryTag[];
  tagsRemoved: StoryTag[];
  refusal: 'dropped' | 'held' | null;
}

/**
 * `now` and `then`: what the rules make of its leading item without and with the draft. A story may be older than a rule, and not be as the
 * rules would make it today: that is told where the draft itself says so, and not where other rules do with and without it.
 */
export function storyChanges(
  { tags, refusedTags, channels, partner }: PreviewStory,
  { now, then }: { now: RuleOutcome; then: RuleOutcome },
  { actions, replaced }: { actions: readonly RuleAction[]; replaced: string | null },
): StoryChanges {
  const isReached = then.rules.some(({ id }) => id === DRAFT);
  const own = namedBy(isReached ? actions : []);
  if (then.refusal !== null) {
    const { state } = then.refusal;
    const isNews = then.rules.at(-1)?.id === DRAFT || now.refusal?.state !== state;
    return { changes: isNews ? [state] : [], tagsAdded: [], tagsRemoved: [], refusal: isNews ? state : null };
  }
  const present = new Set(tags.map(tagKey));
  const [givenNow, givenThen] = [new Set(now.tags.map(tagKey)), new Set(then.tags.map(tagKey))];
  const isOurs = (key: string, isSoNow: boolean): boolean => own.tags.has(key) || !isSoNow;
  const added = then.tags.filter((tag) => {
    const key = tagKey(tag);
    return !present.has(key) && !refusedTags.includes(key) && isOurs(key, givenNow.has(key));
  });
  const removed = tags.filter((tag) => {
    const key = tagKey(tag);
    if (tag.source.startsWith(OPERATOR_SOURCE) || givenThen.has(key)) return false;
    if (then.untagged.includes(key)) return isOurs(key, now.untagged.includes(key)) && !isOfAnother(tag, partner.name);
    return tag.source === `${RULE_SOURCE}${replaced ?? ''}"`;
  });
  const freed = now.untagged.filter((key) => !then.untagged.includes(key) && !present.has(key) && !givenThen.has(key));
  const into = then.routes.filter(
    (slug) => !channels.includes(slug) && (own.routes.has(slug) || !now.routes.includes(slug)),
  );
  const outOf = now.routes.filter((slug) => !then.routes.includes(slug) && channels.includes(slug));
  const [priorityNow, priorityThen] = [now.priority ?? partner.priority, then.priority ?? partner.priority];
  return {
    changes: [
      ...(now.refusal === null ? [] : [`no longer ${now.refusal.state}`]),
      ...added.map((tag) => `tag ${tagKey(tag)} added`),
      ...removed.map((tag) => `tag ${tagKey(tag)} removed`),
      ...freed.map((key) => `tag ${key} no longer taken away`),
      ...into.map((slug) => `into channel ${slug}`),
      ...outOf.map((slug) => `no longer routed to channel ${slug}`),
      ...(priorityNow === priorityThen ? [] : [`priority ${priorityThen} in place of ${priorityNow}`]),
    ],
    tagsAdded: added.map(plain),
    tagsRemoved: removed.map(plain),
    refusal: null,
  };
}

/** Another partner's copy brings it, of which the draft is not asked. */
function isOfAnother({ source }: { source: string }, partnerName: string): boolean {
  return source.startsWith(`${CATEGORY_SOURCE} "`) && !source.endsWith(` (${partnerName})`);
}

/** The tags and the channels that a rule speaks of. */
function namedBy(actions: readonly RuleAction[]): { tags: Set<string>; routes: Set<string> } {
  const tags = new Set<string>();
  const routes = new Set<string>();
  for (const action of actions) {
    if (action.kind === 'route') routes.add(action.channel);
    const tag = action.kind === 'tag' || action.kind === 'untag' ? ruleTag(action.scheme, action.name, '') : null;
    if (tag !== null) tags.add(tagKey(tag));
  }
  return { tags, routes };
}

function plain({ scheme, name, slug }: StoryTag): StoryTag {
  return { scheme, name, slug };
}
