/** Plans what new copies and new versions of items do to a story that exists. Pure. */
import type { StoryState } from '#storage/story-state.repository.js';
import type { TopicIndex } from '#domain/topic-index.js';
import { chooseLead } from './choose-lead.js';
import { candidate } from './create-story.js';
import { materialChanges } from './material-changes.js';
import type { ReadyItem } from './ready-item.js';
import { storyContent } from './story-content.js';
import {
  addPlacements,
  addVersion,
  announce,
  type Placement,
  type PlanContext,
  searchNames,
  type StoryPlan,
} from './story-plan.js';
import { broughtTags, forsakenTags, mergeTags, outdatedTags, ruledOutTags, uniqueById } from './story-tags.js';

/** A story never changes its id, slug, or dates of publication; its lead, text, tags and partners may. */
export function changeStory(
  plan: StoryPlan,
  state: StoryState,
  placements: readonly Placement[],
  context: PlanContext & { findTopic: TopicIndex },
): void {
  const lead = newLead(state, placements);
  const content = lead === null ? contentOf(state) : storyContent(lead);
  const partnerRights = lead === null ? state.leadPartner.rights : lead.item.partner.rights;
  const partners = uniqueById([
    lead?.item.partner ?? state.leadPartner,
    ...state.partners,
    ...placements.map(({ ready }) => ready.item.partner),
  ]);
  const forsaken = [
    ...(placements.some(({ verdict }) => verdict === null)
      ? forsakenTags(state.tags, state.items, context.findTopic)
      : []),
    ...ruledOutTags(state, placements),
  ];
  const brought = broughtTags(
    placements.map(({ ready }) => ready),
    lead,
  );
  const gone = [...forsaken, ...outdatedTags(state.tags, brought, lead !== null)];
  const kept = state.tags.filter((tag) => !gone.includes(tag));
  const tags = mergeTags(kept, brought);

  const material = materialChanges(state, { ...content, tags });
  const changed = [
    ...material,
    ...(partners.length > state.partners.length ? ['partners'] : []),
    ...(placements.some(({ isRerouted }) => isRerouted === true) ? ['channels'] : []),
  ];
  addPlacements(plan, placements, state.sortAt);
  for (const { id: tagId, source, confidence } of tags.slice(kept.length))
    plan.tagsAdded.push({ storyId: state.id, tagId, source, confidence, sortAt: state.sortAt });
  plan.tagsRemoved.push(...gone.map((tag) => ({ storyId: state.id, tagId: tag.id })));
  if (changed.length === 0 && lead === null) return;

  // Small changes are shown but do not move what the next change is measured against, or they would add up unnoticed.
  const bodyText = material.includes('content') ? content.bodyText : state.bodyText;
  const isNew = changed.length > 0;
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
  if (lead === null && material.length === 0) plan.counted.push({ id: story.id, version: story.version });
  else plan.updated.push({ ...story, names: searchNames([...partners, ...tags]) });
  if (!isNew) return;
  const atVersion = { ...story, partners, tags, partnerRights };
  addVersion(plan, atVersion, changed, context.now);
  if (state.status !== 'published') return;
  const quietReason = quietness(state, placements, material);
  const correlationId = (lead ?? placements[0]?.ready)?.item.correlationId ?? '';
  announce(plan, atVersion, { type: 'story.updated', changed, quietReason, correlationId }, context);
}

/** The item whose text the story now shows anew; null when the present lead stays and is not among the placements. */
function newLead(state: StoryState, placements: readonly Placement[]): ReadyItem | null {
  const items = placements.map(({ ready }) => ({ ready, ...candidate(ready) }));
  const present = items.find(({ itemId }) => itemId === state.leadingItemId) ?? {
    ready: null,
    itemId: state.leadingItemId,
    priority: state.leadPartner.priority,
    rights: state.leadPartner.rights,
    textLength: state.bodyText.length,
  };
  return chooseLead<typeof present>(present, ...items.filter(({ itemId }) => itemId !== state.leadingItemId)).ready;
}

/**
 * Why endpoints are not told: they never heard of the story; the copy that changed it is an old one from a new feed's
 * backlog; or only one more partner carries it. Null when they are.
 */
function quietness(state: StoryState, placements: readonly Placement[], material: readonly string[]): string | null {
  if (state.publishedQuietReason !== null) return state.publishedQuietReason;
  const isNews = ({ ready, verdict }: Placement): boolean => verdict === null || ready.item.quietReason === null;
  if (!placements.some(isNews)) return placements[0]?.ready.item.quietReason ?? null;
  if (material.length > 0) return null;
  return placements.some(({ isRerouted }) => isRerouted === true)
    ? 'only its partners or channels changed'
    : 'only one more partner carries the story';
}

function contentOf(state: StoryState): ReturnType<typeof storyContent> {
  const { leadingItemId, title, summary, content, bodyText, language, authors, image, media } = state;
  const { sourceName, sourceUrl, sourceFeedUrl, itemUrl, rights } = state;
  return {
    ...{ leadingItemId, title, summary, content, bodyText, language, authors, image, media },
    ...{ sourceName, sourceUrl, sourceFeedUrl, itemUrl, rights },
  };
}
