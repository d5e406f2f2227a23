/** Plans the end of a story that turned out to be another one: its signpost, its last event, the record of why. Pure. */
import type { StoryState } from '#storage/story-state.repository.js';
import { offerOfStory } from './lead-offer.js';
import { addVersion, announce, type PlanContext, type StoryPlan } from './story-plan.js';

/** A story that goes. `machine`: what made it obvious, with the loser's items; null when an operator says so. */
export interface AbsorbedStory {
  state: StoryState;
  machine: { throughItemId: string; evidence: Record<string, unknown>; itemIds: string[] } | null;
}

/** The loser's text stays as it was: whoever subscribed to it is told of the merge by what it was. */
export function endStory(
  plan: StoryPlan,
  winner: StoryState,
  { state, machine }: AbsorbedStory,
  context: PlanContext & { correlationId: string },
): void {
  const version = state.version + 1;
  const reason = machine === null ? 'merged by an operator' : 'recognised as one story';
  plan.merged.push({ id: state.id, into: winner.id, version, reason });
  const partners = state.partners.toSorted((a, b) => rank(a, state) - rank(b, state));
  const atVersion = {
    ...offerOfStory(state, context.now).content,
    ...{ id: state.id, slug: state.slug, version, publishedAt: state.publishedAt, updatedAt: context.now },
    ...{ partners, tags: state.tags, partnerRights: state.leadPartner.rights },
  };
  addVersion(plan, atVersion, ['merged'], context.now);
  if (state.status !== 'withheld')
    announce(
      plan,
      atVersion,
      {
        type: 'story.merged',
        changed: [],
        quietReason: state.publishedQuietReason,
        correlationId: context.correlationId,
        mergedInto: winner,
      },
      context,
    );
  if (machine === null) return;
  const { throughItemId, evidence, itemIds } = machine;
  plan.actions.push({
    ...{ id: context.newId(), kind: 'merge', storyId: winner.id, actor: 'machine', reason },
    request: { storyIds: [state.id], itemId: throughItemId, evidence },
    outcome: `story ${state.id} went into ${winner.id}: item ${throughItemId} is a copy of both`,
    before: { stories: [storyFacts(state, itemIds), storyFacts(winner)] },
  });
}

/** A story as the audit keeps it. */
export function storyFacts(state: StoryState, itemIds?: string[]) {
  const { id, status, version, title, leadingItemId, pinnedItemId } = state;
  return {
    ...{ id, status, version, title, leadingItemId, leadPinned: pinnedItemId === leadingItemId, pinnedItemId },
    ...(itemIds === undefined ? {} : { itemIds }),
    tags: state.tags.map(({ scheme, slug }) => `${scheme}/${slug}`).sort(),
    tagSources: Object.fromEntries(
      state.tags.map(({ scheme, slug, source, confidence }) => [`${scheme}/${slug}`, { source, confidence }]),
    ),
    refusedTags: state.refusedTags,
  };
}

function rank({ id }: { id: string }, { leadPartner }: StoryState): number {
  return id === leadPartner.id ? 0 : 1;
}
