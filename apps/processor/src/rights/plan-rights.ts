/** Plans what the rights of a story's copies, as they are now, change of what is shown. Pure. */
import { embargoEnd, GONE_FOR_RIGHTS, nextChange } from '#domain/story-rights.js';
import type { LesserCopy } from '#storage/silenced-events.js';
import type { StoryState } from '#storage/story-state.repository.js';
import { carriers, namesChange } from '../stories/carriers.js';
import { type LeadOffer, offerOfStory } from '../stories/lead-offer.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { isRightsChanged, leadOf, offersOf, rebuildStory, tagsOf } from '../stories/rebuild-story.js';
import type { PlanContext, StoryPlan } from '../stories/story-plan.js';

export type RightsChange = 'released' | 'withdrawn' | 'returned' | 'changed' | 'none';

/**
 * `dueAt`: the next look. `sortAt`: its place in lists from now on. `silences`: what waits to be sent may not be any more. `lesser`: copies
 * whose whole text may not be passed on, also not by what stories that went into this one told.
 */
export interface RightsPlan {
  change: RightsChange;
  dueAt: Date | null;
  sortAt: Date | null;
  silences: boolean;
  lesser: LesserCopy[];
}

/** `ready`: the story's items that count, as they joined. */
export function planRights(
  plan: StoryPlan,
  state: StoryState,
  ready: readonly ReadyItem[],
  context: PlanContext,
): RightsPlan {
  const offers = offersOf(state, ready, context.now);
  const lead = leadOf(state, offers);
  const nothing: RightsPlan = { change: 'none', dueAt: null, sortAt: null, silences: false, lesser: [] };
  if (state.status === 'merged' || lead === undefined) return nothing;
  const same = { ...nothing, dueAt: nextChange(offers.map(({ standing }) => standing)), lesser: lesserOf(offers) };
  const how = { ready, correlationId: (lead.ready ?? ready[0])?.item.correlationId ?? '' };
  if (state.status === 'published') {
    const isOtherwise = () =>
      isOther(state, lead) || isNamedOtherwise(state, offers) || isTaggedOtherwise(state, lead, offers);
    if (!lead.isHidden && !isOtherwise()) return same;
    const told = plan.events.length;
    rebuildStory(plan, state, how, context);
    // Where another copy says the very same, nothing that was told is taken back.
    const silences = plan.events.length > told && isLess(state, lead, context.now);
    return { ...same, change: lead.isHidden ? 'withdrawn' : 'changed', silences };
  }
  if (lead.isHidden) return same;
  if (state.status === 'withheld') {
    const sortAt = placeOfRelease(state, lead, context.now);
    rebuildStory(plan, { ...state, sortAt: sortAt ?? state.sortAt }, { ...how, becomes: 'published' }, context);
    return { ...same, change: 'released', sortAt };
  }
  // What an operator or its partners took back stays away.
  if (!Object.values(GONE_FOR_RIGHTS).some((reason) => reason === state.goneReason)) return same;
  rebuildStory(plan, state, { ...how, becomes: 'published' }, context);
  return { ...same, change: 'returned' };
}

function isNamedOtherwise({ partners }: StoryState, offers: readonly LeadOffer[]): boolean {
  const { come, gone } = namesChange(partners, carriers(offers.map(({ partner }) => partner)));
  return come.length + gone.length > 0;
}

/** A tag that only copies bring which may not be shown is there, or one that a shown copy brings is not. */
function isTaggedOtherwise(state: StoryState, lead: LeadOffer, offers: readonly LeadOffer[]): boolean {
  const then = tagsOf(state, lead, offers);
  const isThen = ({ id }: { id: string }) => then.some((tag) => tag.id === id);
  const isNow = ({ id }: { id: string }) => state.tags.some((tag) => tag.id === id);
  const ofHidden = offers.flatMap(({ isHidden, ready: copy }) => (isHidden ? (copy?.tags ?? []) : []));
  return ofHidden.some((tag) => isNow(tag) && !isThen(tag)) || then.some((tag) => !isNow(tag));
}

function isOther(state: StoryState, lead: LeadOffer): boolean {
  return lead.itemId !== state.leadingItemId || isRightsChanged(state, lead) || lead.content.rights !== state.rights;
}

/** Something that was announced may not be passed on any more. */
function isLess(state: StoryState, lead: LeadOffer, now: Date): boolean {
  const isShorter = lead.itemId === state.leadingItemId && lead.content.summary.length < state.summary.length;
  return offerOfStory(state, now).isHidden || (lead.rights.excerptOnly === true && (!state.excerptOnly || isShorter));
}

function lesserOf(offers: readonly LeadOffer[]): LesserCopy[] {
  return offers.flatMap(({ itemId, isHidden, rights }) =>
    isHidden || rights.excerptOnly === true ? [{ itemId, isHidden }] : [],
  );
}

/** News is new when it is released: by the date of its publication, lists and feeds would have passed it long ago. */
function placeOfRelease(state: StoryState, lead: LeadOffer, now: Date): Date | null {
  const { item } = lead.ready ?? {};
  const end = item && embargoEnd(lead.rights, item);
  if (!end) return null;
  const released = end < now ? end : now;
  return released > state.sortAt ? released : null;
}
