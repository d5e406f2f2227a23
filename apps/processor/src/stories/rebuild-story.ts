/** Plans a story anew from the items it has now: after a split, another lead, a partner's take-down, an undone merge. Pure. */
import { OPERATOR_SOURCE } from '#domain/tag-sources.js';
import { mereExcerpt } from '#domain/excerpt.js';
import { GONE_FOR_RIGHTS } from '#domain/story-rights.js';
import type { StateTag, StoryState } from '#storage/story-state.repository.js';
import { carriers, moveCarriers } from './carriers.js';
import { chooseLead } from './choose-lead.js';
import { type LeadOffer, offerOfItem, offerOfStory } from './lead-offer.js';
import { materialChanges } from './material-changes.js';
import { type ReadyItem, TextsLetGo } from './ready-item.js';
import { addVersion, announce, lookAgain, type PlanContext, searchNames, type StoryPlan } from './story-plan.js';
import { isFromText } from '../tagging/text-source.js';
import { broughtTags, countedCopies, mergeTags, withoutNeedlessGuesses } from './story-tags.js';
import { withdrawStory } from './withdraw-story.js';

/**
 * `ready`: the items that count, as they joined. `leadItemId`: who must lead; absent: the best one does. `formerLeadId`: who
 * led before what is undone, and does again unless another is better. `takenBack`: ids of operators' tags that go, and of
 * refused ones that may come again. `becomes` published: a withdrawn, merged or withheld
 * story is shown, if its partners' rights allow it; withheld: the same of one that was never shown before.
 */
export interface Rebuilding {
  ready: readonly ReadyItem[];
  leadItemId?: string | undefined;
  formerLeadId?: string | undefined;
  takenBack?: { given: readonly string[]; refused: readonly string[] };
  becomes?: 'published' | 'withheld' | undefined;
  correlationId: string;
}

/** Without an item that could lead it the story is withdrawn. A story that comes back is published again, at its next version. Throws TextsLetGo. */
export function rebuildStory(plan: StoryPlan, state: StoryState, how: Rebuilding, context: PlanContext): void {
  const offers = offersOf(state, how.ready, context.now);
  const lead = leadOf(state, offers, how);
  const { correlationId } = how;
  const wasShown = state.status === 'published';
  // Of a merged one only who brings it back knows.
  const isUnseen = state.status === 'merged' ? how.becomes === 'withheld' : state.isUnseen;
  if (lead === undefined) {
    if (wasShown || state.status === 'withheld')
      withdrawStory(plan, state, { reason: PARTNER_WITHDREW, correlationId }, context);
    return;
  }
  lookAgain(plan, state.id, offers);
  const { because } = lead.standing;
  if (because !== null && wasShown) {
    withdrawStory(plan, state, { reason: GONE_FOR_RIGHTS[because], because, correlationId }, context);
    return;
  }
  if (lead.ready?.letGo !== undefined) throw new TextsLetGo(lead.itemId);
  const partners = carriers([lead, ...offers].map(({ partner }) => partner));
  const tags = tagsOf(how.takenBack === undefined ? state : without(state, how.takenBack), lead, offers);
  const { content, rights: partnerRights } = lead;
  const material = materialChanges(state, { ...content, tags });
  const names = moveCarriers(plan, state, partners);
  const isBack = how.becomes !== undefined && !wasShown && because === null;
  // It was never shown: this is its publication, not its return.
  const isFirst = isBack && isUnseen;
  const changed = [
    ...material,
    ...(isRightsChanged(state, lead) && !material.includes('rights') ? ['rights'] : []),
    ...(names.gone.length + names.come.length > 0 && !isFirst ? ['partners'] : []),
    ...(isBack && state.status !== 'withheld' ? ['restored'] : []),
  ];
  const isNew = changed.length > 0;
  const { id, slug, publishedAt } = state;
  const version = state.version + (isNew ? 1 : 0);
  if (isBack) plan.statuses.push({ id, version, status: 'published', goneReason: null });
  // It is shown when the rights allow it again, whatever took it away before.
  if (because !== null && how.becomes !== undefined && state.status !== 'withheld')
    plan.statuses.push(
      isUnseen
        ? { id, version, status: 'withheld', goneReason: null }
        : { id, version, status: 'withdrawn', goneReason: GONE_FOR_RIGHTS[because] },
    );
  if (!isNew && !isBack && lead.itemId === state.leadingItemId) return;

  moveTags(plan, state, tags);
  const story = {
    ...content,
    id,
    slug,
    version,
    publishedAt,
    updatedAt: isNew || isBack ? context.now : state.updatedAt,
  };
  plan.updated.push({
    ...story,
    names: searchNames(partners, tags),
    excerptOnly: partnerRights.excerptOnly === true,
  });
  if (!isNew && !isBack) return;
  const atVersion = { ...story, partners, tags, partnerRights };
  if (isNew) addVersion(plan, atVersion, changed, context.now);
  if (!isBack && !wasShown) return;
  const type = isBack ? 'story.published' : 'story.updated';
  const onlyPartners = changed.every((what) => what === 'partners') ? 'only its partners changed' : null;
  const quietReason = isFirst ? (how.ready[0]?.item.quietReason ?? null) : (state.publishedQuietReason ?? onlyPartners);
  announce(plan, atVersion, { type, changed: isBack ? [] : changed, quietReason, correlationId }, context);
}

/** Why a story is gone that no item can lead: another partner's copy, or a version that is accepted, brings it back. */
export const PARTNER_WITHDREW = 'its partners withdrew every copy';

/** The rows of a story's tags, moved from what they are to `tags`; one that another source gives now is written anew. */
export function moveTags(plan: StoryPlan, { id, sortAt, tags: before }: StoryState, tags: readonly StateTag[]): void {
  const isIn = (list: readonly StateTag[], { id: tagId, source }: StateTag): boolean =>
    list.some((tag) => tag.id === tagId && tag.source === source);
  for (const tag of before.filter((one) => !isIn(tags, one))) plan.tagsRemoved.push({ storyId: id, tagId: tag.id });
  for (const tag of tags.filter((one) => !isIn(before, one)))
    plan.tagsAdded.push({ storyId: id, tagId: tag.id, source: tag.source, confidence: tag.confidence, sortAt });
}

/** How much of the same lead its partner's rights let be shown is not what it was when the story was written last. */
export function isRightsChanged(state: StoryState, lead: LeadOffer): boolean {
  if (lead.itemId !== state.leadingItemId) return false;
  return (
    (lead.rights.excerptOnly === true) !== state.excerptOnly ||
    (state.excerptOnly && lead.content.summary !== state.summary)
  );
}

/**
 * The present lead keeps its text as it was shown, if it stays; what its partner's rights say of it is as they are now. In a story that is
 * part of another one the text stood still, while its items went on. Versions that are held, dropped or not judged yet say nothing: their
 * items are barred, and the present lead keeps all that it showed.
 */
export function offersOf(state: StoryState, ready: readonly ReadyItem[], now: Date): LeadOffer[] {
  const present = offerOfStory(state, now);
  return ready.map((one) => {
    const isPresent = one.item.id === state.leadingItemId;
    if (isPresent && !one.item.isAccepted) return asShown(state, present, one, ready);
    const offer = offerOfItem(one, now);
    if (!one.item.isAccepted) return { ...offer, isBarred: true };
    if (!isPresent || state.status === 'merged') return offer;
    const { rights, summary } = offer.content;
    const isOfRights = offer.rights.excerptOnly === true || state.excerptOnly;
    return { ...offer, content: { ...present.content, rights, ...(isOfRights ? { summary } : {}) } };
  });
}

/** The present lead without anything of its newest version. Its tags are the story's that no other copy explains. */
function asShown(state: StoryState, present: LeadOffer, one: ReadyItem, ready: readonly ReadyItem[]): LeadOffer {
  const ids = (items: readonly ReadyItem[]) => new Set(items.flatMap(({ tags }) => tags.map(({ id }) => id)));
  const [own, others] = [ids([one]), ids(ready.filter(({ item }) => item.isAccepted))];
  const tags = state.tags.filter(
    ({ id, source }) => !source.startsWith(OPERATOR_SOURCE) && (own.has(id) || !others.has(id)),
  );
  const isShortened = present.rights.excerptOnly === true && !state.excerptOnly;
  const summary = isShortened ? mereExcerpt(state.summary, state.bodyText) : state.summary;
  return { ...present, ready: { ...one, tags }, content: { ...present.content, summary } };
}

/** Who leads: whom an operator asked for or pinned, where that one may be shown; else the best. None: every copy is barred. */
export function leadOf(
  state: StoryState,
  offers: readonly LeadOffer[],
  { leadItemId, formerLeadId }: Pick<Rebuilding, 'leadItemId' | 'formerLeadId'> = {},
): LeadOffer | undefined {
  const able = offers.filter(({ isBarred }) => !isBarred);
  const shown = able.filter(({ isHidden }) => !isHidden);
  const chosen = [leadItemId, state.pinnedItemId].flatMap((id) => shown.find(({ itemId }) => itemId === id) ?? []);
  const isFormer = ({ itemId }: LeadOffer): boolean => itemId === formerLeadId;
  const [first, ...others] = [...able.filter(isFormer), ...able.filter((offer) => !isFormer(offer))];
  return chosen[0] ?? (first && chooseLead<LeadOffer>(first, ...others));
}

/** What operators gave stays; everything else is what the copies say now that may be shown, the leading one first. */
export function tagsOf(state: StoryState, lead: LeadOffer, offers: readonly LeadOffer[]): StateTag[] {
  const given = state.tags.filter(({ source }) => source.startsWith(OPERATOR_SOURCE));
  const own = broughtTags(countedCopies(offers, lead), lead.ready);
  const known = new Map(state.tags.map((tag) => [tag.id, tag]));
  // Who gave a tag is written once; but what a text was read for, and a copy names by now, is the copy's, and the other way round.
  const asKnown = (tag: StateTag): StateTag => {
    const was = known.get(tag.id);
    return was !== undefined && isFromText(was) === isFromText(tag) ? was : tag;
  };
  const theirs = own.filter(({ id }) => !state.refusedTags.includes(id)).map(asKnown);
  return mergeTags(given, withoutNeedlessGuesses([...given, ...theirs]));
}

/** The story as if operators had not said this of its tags. */
function without(state: StoryState, { given, refused }: NonNullable<Rebuilding['takenBack']>): StoryState {
  return {
    ...state,
    tags: state.tags.filter(({ id }) => !given.includes(id)),
    refusedTags: state.refusedTags.filter((id) => !refused.includes(id)),
  };
}
