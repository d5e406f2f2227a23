/** Plans a new story from the items that made it. Pure. */
import { slugify } from '#domain/slug.js';
import { chooseLead } from './choose-lead.js';
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
import { broughtTags, mergeTags, uniqueById } from './story-tags.js';

/** `placements` has at least one, the item that made the story first: its correlation id and quietness are the event's. */
export function createStory(plan: StoryPlan, placements: readonly Placement[], context: PlanContext): void {
  const [maker, ...others] = placements.map(({ ready }) => ({ ready, ...candidate(ready) }));
  const id = placements[0]?.storyId;
  if (maker === undefined || id === undefined) return;
  const { now } = context;
  const lead = chooseLead(maker, ...others).ready;
  const content = storyContent(lead);
  const publishedAt = plausible(maker.ready.item.publishedAt) ?? now;
  const sortAt = publishedAt < now ? publishedAt : now;
  const partners = uniqueById([lead, ...placements.map(({ ready }) => ready)].map(({ item }) => item.partner));
  const tags = mergeTags(
    [],
    broughtTags(
      placements.map(({ ready }) => ready),
      lead,
    ),
  );
  const story = {
    ...content,
    id,
    slug: slugify(content.title) || 'story',
    version: 1,
    publishedAt,
    sortAt,
    createdAt: now,
    updatedAt: lastTouched(lead, sortAt, now),
    isDemo: maker.ready.item.partner.isDemo,
  };
  plan.created.push({ ...story, names: searchNames([...partners, ...tags]) });
  addPlacements(plan, placements, sortAt);
  plan.tagsAdded.push(
    ...tags.map((tag) => ({ storyId: id, tagId: tag.id, source: tag.source, confidence: tag.confidence, sortAt })),
  );
  const atVersion = { ...story, partners, tags, partnerRights: lead.item.partner.rights };
  addVersion(plan, atVersion, [], now);
  const { quietReason, correlationId } = maker.ready.item;
  announce(plan, atVersion, { type: 'story.published', changed: [], quietReason, correlationId }, context);
}

export function candidate({ item, clean }: ReadyItem): {
  itemId: string;
  priority: number;
  rights: ReadyItem['item']['partner']['rights'];
  textLength: number;
} {
  const { priority, rights } = item.partner;
  return { itemId: item.id, priority, rights, textLength: clean.bodyText.length };
}

/** Years that a calendar of news can have; anything else is a clock that was never set. */
function plausible(date: Date | null): Date | null {
  if (date === null) return null;
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2200 ? date : null;
}

/** What the partner says of the item's last change, not before its publication and not in the future. */
function lastTouched({ item }: ReadyItem, sortAt: Date, now: Date): Date {
  const updated = item.parsed.updated === undefined ? sortAt : new Date(item.parsed.updated);
  return updated > sortAt && updated <= now ? updated : sortAt;
}
