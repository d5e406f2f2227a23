/** Plans that a story is shown no more. Pure. */
import type { HiddenBecause } from '#domain/story-rights.js';
import type { StoryState } from '#storage/story-state.repository.js';
import { offerOfStory } from './lead-offer.js';
import { addVersion, announce, type PlanContext, type StoryPlan } from './story-plan.js';

/** `because`: its partners' rights do not allow it any more. The event names the story and says nothing of what it said: it was taken back. */
export function withdrawStory(
  plan: StoryPlan,
  state: StoryState,
  { reason, because, correlationId }: { reason: string; because?: HiddenBecause | undefined; correlationId: string },
  context: PlanContext,
): void {
  const { id, slug, publishedAt, partners, tags, leadPartner, publishedQuietReason: quietReason } = state;
  const version = state.version + 1;
  const story = {
    ...offerOfStory(state, context.now).content,
    ...{ id, slug, version, publishedAt, updatedAt: context.now, partners, tags },
    partnerRights: leadPartner.rights,
  };
  plan.statuses.push({ id, version, status: 'withdrawn', goneReason: reason });
  addVersion(plan, story, ['withdrawn'], context.now);
  // Nobody heard of what was never shown.
  if (state.status === 'withheld') return;
  const emptied = { ...story, summary: '', content: '', image: null };
  announce(
    plan,
    emptied,
    {
      ...{ type: 'story.withdrawn' as const, changed: [], quietReason, correlationId },
      ...(because === undefined ? {} : { reason: because }),
    },
    context,
  );
}
