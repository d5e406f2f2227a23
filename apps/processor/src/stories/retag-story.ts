/** Plans the tags that an operator gives a story or takes from it. Pure. */
import type { StateTag, StoryState } from '#storage/story-state.repository.js';
import { offerOfStory } from './lead-offer.js';
import { moveTags } from './rebuild-story.js';
import { addVersion, announce, type PlanContext, searchNames, type StoryPlan } from './story-plan.js';
import { losesLastTopic } from './story-tags.js';

/** Readers are told nothing when they see the same tags: only who gave them changes. */
export function retagStory(
  plan: StoryPlan,
  state: StoryState,
  { tags, correlationId }: { tags: StateTag[]; correlationId: string },
  context: PlanContext,
): void {
  const names = (list: readonly StateTag[]): string => [...list.map(({ id }) => id)].sort().join();
  moveTags(plan, state, tags);
  if (losesLastTopic(state.tags, tags)) plan.rightsDue.push({ storyId: state.id, at: context.now });
  if (names(tags) === names(state.tags)) return;
  const { id, slug, publishedAt, partners, leadPartner } = state;
  const story = {
    ...offerOfStory(state, context.now).content,
    ...{ id, slug, version: state.version + 1, publishedAt, updatedAt: context.now },
  };
  plan.updated.push({ ...story, names: searchNames(partners, tags), excerptOnly: state.excerptOnly });
  const atVersion = { ...story, partners, tags, partnerRights: leadPartner.rights };
  addVersion(plan, atVersion, ['tags'], context.now);
  if (state.status !== 'published') return;
  const quietReason = state.publishedQuietReason;
  announce(plan, atVersion, { type: 'story.updated', changed: ['tags'], quietReason, correlationId }, context);
}
