/** Plans that a story is shown no more. Pure. */
import type { StoryState } from '#storage/story-state.repository.js';
import { offerOfStory } from './lead-offer.js';
import { addVersion, announce, type PlanContext, type StoryPlan } from './story-plan.js';

/** The event names the story and says nothing of what it said: it was taken back. */
export function withdrawStory(
  plan: StoryPlan,
  state: StoryState,
  { reason, correlationId }: { reason: string; correlationId: string },
  context: PlanContext,
): void {
  const { id, slug, publishedAt, partners, tags, leadPartner, publishedQuietReason: quietReason } = state;
  const version = state.version + 1;
  const story = {
    ...offerOfStory(state).content,
    ...{ id, slug, version, publishedAt, updatedAt: context.now, partners, tags },
    partnerRights: leadPartner.rights,
  };
  plan.statuses.push({ id, version, status: 'withdrawn', goneReason: reason });
  addVersion(plan, story, ['withdrawn'], context.now);
  const emptied = { ...story, summary: '', content: '', image: null };
  announce(plan, emptied, { type: 'story.withdrawn', changed: [], quietReason, correlationId }, context);
}
