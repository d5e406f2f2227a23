/** Who carries a story, and who of them readers are told of: no partner whose rights hide all that it has of it now. Pure. */
import type { StatePartner, StoryState } from '#storage/story-state.repository.js';
import type { StoryPlan } from './story-plan.js';

/** Each partner once, in the order in which it is met first; named if any of its copies is shown. */
export function carriers(ofCopies: readonly StatePartner[]): StatePartner[] {
  const byId = new Map<string, StatePartner>();
  for (const partner of ofCopies) {
    const met = byId.get(partner.id);
    byId.set(partner.id, met === undefined ? partner : { ...met, isNamed: met.isNamed || partner.isNamed });
  }
  return [...byId.values()];
}

/** Of whom readers are told now, and of whom no more. */
export interface NamesChange {
  come: StatePartner[];
  gone: StatePartner[];
}

/** What readers see of the move from those who carried a story to those who do. */
export function namesChange(before: readonly StatePartner[], after: readonly StatePartner[]): NamesChange {
  const isNamed = (list: readonly StatePartner[], partner: StatePartner) => find(list, partner)?.isNamed === true;
  return {
    come: after.filter((partner) => partner.isNamed && !isNamed(before, partner)),
    gone: before.filter((partner) => partner.isNamed && !isNamed(after, partner)),
  };
}

/** Plans the rows of who carries the story from now on. */
export function moveCarriers(
  plan: StoryPlan,
  { id, sortAt, partners: before }: Pick<StoryState, 'id' | 'sortAt' | 'partners'>,
  after: readonly StatePartner[],
): NamesChange {
  const left = before.filter((partner) => find(after, partner) === undefined);
  plan.partnersRemoved.push(...left.map((partner) => ({ storyId: id, partnerId: partner.id })));
  const written = after.filter((partner) => find(before, partner)?.isNamed !== partner.isNamed);
  plan.partners.push(
    ...written.map((partner) => ({ storyId: id, partnerId: partner.id, sortAt, named: partner.isNamed })),
  );
  return namesChange(before, after);
}

function find(list: readonly StatePartner[], { id }: StatePartner): StatePartner | undefined {
  return list.find((partner) => partner.id === id);
}
