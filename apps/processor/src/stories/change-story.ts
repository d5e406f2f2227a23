/** Plans what new copies, new versions of items and stories that turn out to be the same do to a story that exists. Pure. */
import { OPERATOR_SOURCE } from '#domain/tag-sources.js';
import { GONE_FOR_RIGHTS } from '#domain/story-rights.js';
import type { StoryState } from '#storage/story-state.repository.js';
import { carriers, moveCarriers } from './carriers.js';
import { chooseLead } from './choose-lead.js';
import { type LeadOffer, offerOfItem, offerOfStory } from './lead-offer.js';
import { materialChanges } from './material-changes.js';
import { PARTNER_WITHDREW } from './rebuild-story.js';
import { type AbsorbedStory, endStory } from './merge-story.js';
import {
  addPlacements,
  addVersion,
  announce,
  lookAgain,
  type Placement,
  type PlanContext,
  searchNames,
  type StoryPlan,
} from './story-plan.js';
import {
  broughtTags,
  countedCopies,
  forsakenTags,
  losesLastTopic,
  mergeTags,
  outdatedTags,
  withoutNeedlessGuesses,
} from './story-tags.js';
import type { CategoryMeanings } from '../tagging/category-tags.js';
import { isFromText } from '../tagging/text-source.js';

/**
 * A story never changes its id, slug, or dates of publication; its lead, text, tags and partners may. `absorbed` are the
 * stories that end in it.
 */
export function changeStory(
  plan: StoryPlan,
  state: StoryState,
  placements: readonly Placement[],
  context: PlanContext & CategoryMeanings,
  absorbed: readonly AbsorbedStory[] = [],
): void {
  const present = offerOfStory(state, context.now);
  const come = {
    items: placements.map(({ ready }) => offerOfItem(ready, context.now)),
    stories: absorbed.map(({ state: other }) => offerOfStory(other, context.now)),
  };
  const lead = newLead(state, present, come);
  const { content, rights: partnerRights } = lead;
  const isLedAnew = lead !== present;
  const returns = state.status === 'withdrawn' && lead.ready !== null && state.goneReason === PARTNER_WITHDREW;
  const isBack = returns && !lead.isHidden;
  const partners = carriers([
    lead.partner,
    ...(isBack ? [] : state.partners),
    ...absorbed.flatMap(({ state: other }) => other.partners),
    ...come.items.map(({ partner }) => partner),
  ]);
  const names = moveCarriers(plan, state, partners);
  const forsaken = isBack
    ? state.tags.filter(({ source }) => !source.startsWith(OPERATOR_SOURCE))
    : placements.some(({ verdict }) => verdict === null)
      ? forsakenTags(state, placements, context)
      : [];
  const brought = [
    ...absorbed
      .filter(({ state: other }) => lead.isHidden || other.status !== 'withheld')
      .flatMap(({ state: other }) => tagsOfAbsorbed(other, placements, lead, context)),
    ...broughtTags(countedCopies(come.items, lead), lead.ready),
  ].filter(({ id }) => !state.refusedTags.includes(id));
  const gone = [...forsaken, ...outdatedTags(state.tags, brought, isLedAnew)];
  const spoken = withoutNeedlessGuesses([...state.tags.filter((tag) => !gone.includes(tag)), ...brought]);
  const kept = state.tags.filter((tag) => spoken.includes(tag));
  const outdated = state.tags.filter((tag) => !kept.includes(tag));
  const tags = mergeTags(kept, spoken);

  const material = materialChanges(state, { ...content, tags });
  const changed = [
    ...material,
    ...(names.come.length > 0 ? ['partners'] : []),
    ...(placements.some(({ isRerouted }) => isRerouted === true) ? ['channels'] : []),
  ];
  const correlationId = (lead.ready ?? placements[0]?.ready)?.item.correlationId ?? '';
  for (const story of absorbed) endStory(plan, state, story, { ...context, correlationId });
  addPlacements(plan, placements);
  for (const { id: tagId, source, confidence } of tags.slice(kept.length))
    plan.tagsAdded.push({ storyId: state.id, tagId, source, confidence, sortAt: state.sortAt });
  plan.tagsRemoved.push(...outdated.map((tag) => ({ storyId: state.id, tagId: tag.id })));
  lookAgain(plan, state.id, [...come.items, ...come.stories]);
  // What rights show or take away by this is done with all items at hand, where rights are looked at; so is what is guessed or named in the
  // leading text instead.
  const isLost = !isBack && forsaken.some((tag) => outdated.includes(tag)) && state.items.length > placements.length;
  if (lead.isHidden === (state.status === 'published') || losesLastTopic(state.tags, tags) || isLost)
    plan.rightsDue.push({ storyId: state.id, at: context.now });
  if (changed.length === 0 && !isLedAnew) return;

  // Small changes are shown but do not move what the next change is measured against, or they would add up unnoticed.
  const bodyText = material.includes('content') ? content.bodyText : state.bodyText;
  const isNew = changed.length > 0 || isBack;
  const story = {
    ...content,
    bodyText,
    id: state.id,
    slug: state.slug,
    version: state.version + (isNew ? 1 : 0),
    publishedAt: state.publishedAt,
    updatedAt: material.length > 0 ? context.now : state.updatedAt,
  };
  // Nearly every copy ends here: one more partner. Writing the story anew would cost ten times as much.
  if (!isLedAnew && material.length === 0) plan.counted.push({ id: story.id, version: story.version });
  else
    plan.updated.push({
      ...story,
      names: searchNames(partners, tags),
      excerptOnly: partnerRights.excerptOnly === true,
    });
  const { because } = lead.standing;
  if (returns && because !== null)
    plan.statuses.push({
      id: story.id,
      version: story.version,
      ...(state.isUnseen
        ? { status: 'withheld', goneReason: null }
        : { status: 'withdrawn', goneReason: GONE_FOR_RIGHTS[because] }),
    });
  if (!isNew) return;
  const atVersion = { ...story, partners, tags, partnerRights };
  addVersion(plan, atVersion, changed, context.now);
  if (isBack) plan.statuses.push({ id: story.id, version: story.version, status: 'published', goneReason: null });
  if ((state.status !== 'published' && !isBack) || lead.isHidden) return;
  const type = isBack ? 'story.published' : 'story.updated';
  const quietReason = quietness(state, placements, absorbed, { material, isBack });
  announce(plan, atVersion, { type, changed: isBack ? [] : changed, quietReason, correlationId }, context);
}

/** `present` while nothing better has come, and its item is not there in a new version. An operator's choice stays. */
function newLead(
  state: StoryState,
  present: LeadOffer,
  { items, stories }: { items: readonly LeadOffer[]; stories: readonly LeadOffer[] },
): LeadOffer {
  const first = items.find(({ itemId }) => itemId === state.leadingItemId) ?? present;
  // Its partners took all that it showed back: whatever comes leads.
  if (state.goneReason === PARTNER_WITHDREW && items[0] !== undefined)
    return chooseLead<LeadOffer>(items[0], ...items.slice(1));
  const others = [...stories, ...items].filter(({ itemId }) => itemId !== state.leadingItemId);
  const pinned = [first, ...others].find(({ itemId, isHidden }) => itemId === state.pinnedItemId && !isHidden);
  return pinned ?? chooseLead(first, ...others);
}

/**
 * Why endpoints are not told: they never heard of the story; the copy that changed it is an old one from a new feed's
 * backlog; or only one more partner carries it. Null when they are.
 */
function quietness(
  state: StoryState,
  placements: readonly Placement[],
  absorbed: readonly AbsorbedStory[],
  { material, isBack }: { material: readonly string[]; isBack: boolean },
): string | null {
  // Whoever heard of a story that ends here must hear of the one it is part of now.
  const isKnownByAnother = absorbed.some(({ state: other }) => other.publishedQuietReason === null);
  if (state.publishedQuietReason !== null && !isKnownByAnother) return state.publishedQuietReason;
  // Whoever heard that the story went must hear that it is back, whatever brought it.
  if (isBack) return null;
  const isNews = ({ ready, verdict }: Placement): boolean => verdict === null || ready.item.quietReason === null;
  if (absorbed.length === 0 && !placements.some(isNews)) return placements[0]?.ready.item.quietReason ?? null;
  if (material.length > 0 || state.publishedQuietReason !== null) return null;
  return placements.some(({ isRerouted }) => isRerouted === true)
    ? 'only its partners or channels changed'
    : 'only one more partner carries the story';
}

/** What a text named comes along with the item that leads; the rest in any case, but what none of its items names since one has a new version. */
function tagsOfAbsorbed(
  other: StoryState,
  placements: readonly Placement[],
  lead: LeadOffer,
  context: CategoryMeanings,
): StoryState['tags'] {
  const isRevised = placements.some(
    ({ ready, verdict }) => verdict === null && other.items.some(({ itemId }) => itemId === ready.item.id),
  );
  const forsaken = isRevised ? forsakenTags(other, placements, context) : [];
  return other.tags.filter(
    (tag) => !forsaken.includes(tag) && (!isFromText(tag) || other.leadingItemId === lead.itemId),
  );
}
