/** Plans a new story from the items that made it. Pure. */
import { slugify } from '#domain/slug.js';
import { carriers, moveCarriers } from './carriers.js';
import { chooseLead } from './choose-lead.js';
import { offerOfItem } from './lead-offer.js';
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
import { broughtTags, countedCopies, mergeTags, withoutNeedlessGuesses } from './story-tags.js';

/** `placements` has at least one, the item that made the story first: its correlation id and quietness are the event's. */
export function createStory(plan: StoryPlan, placements: readonly Placement[], context: PlanContext): void {
  const [maker, ...others] = placements.map(({ ready }) => offerOfItem(ready, context.now));
  const id = placements[0]?.storyId;
  const first = placements[0]?.ready;
  if (maker === undefined || first === undefined || id === undefined) return;
  const { now } = context;
  const chosen = chooseLead(maker, ...others);
  const { content, ready, isHidden, rights: partnerRights } = chosen;
  const lead = ready ?? first;
  const publishedAt = plausible(first.item.publishedAt) ?? now;
  const sortAt = publishedAt < now ? publishedAt : now;
  const copies = carriers([chosen, maker, ...others].map(({ partner }) => partner));
  // Of a story that nobody sees yet there is nothing to hide.
  const partners = isHidden ? copies.map((partner) => ({ ...partner, isNamed: true })) : copies;
  const tags = mergeTags([], withoutNeedlessGuesses(broughtTags(countedCopies([maker, ...others], chosen), lead)));
  const story = {
    ...content,
    id,
    slug: slugify(content.title) || 'story',
    version: 1,
    publishedAt,
    sortAt,
    createdAt: now,
    updatedAt: lastTouched(lead, sortAt, now),
    isDemo: first.item.partner.isDemo,
  };
  const names = searchNames(partners, tags);
  const excerptOnly = partnerRights.excerptOnly === true;
  plan.created.push({ ...story, names, excerptOnly, status: isHidden ? 'withheld' : 'published' });
  lookAgain(plan, id, [maker, ...others]);
  addPlacements(plan, placements);
  moveCarriers(plan, { id, sortAt, partners: [] }, partners);
  plan.tagsAdded.push(
    ...tags.map((tag) => ({ storyId: id, tagId: tag.id, source: tag.source, confidence: tag.confidence, sortAt })),
  );
  const atVersion = { ...story, partners, tags, partnerRights };
  addVersion(plan, atVersion, [], now);
  // What may not be shown yet is announced when it may be.
  if (isHidden) return;
  const { quietReason, correlationId } = first.item;
  announce(plan, atVersion, { type: 'story.published', changed: [], quietReason, correlationId }, context);
}

/** Years that a calendar of news can have; anything else is a clock that was never set. */
function plausible(date: Date | null): Date | null {
  if (date === null) return null;
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2200 ? date : null;
}

/** What the partner says of the item's last change, not before its publication and not in the future. */
function lastTouched({ item }: Placement['ready'], sortAt: Date, now: Date): Date {
  const updated = item.parsed.updated === undefined ? sortAt : new Date(item.parsed.updated);
  return updated > sortAt && updated <= now ? updated : sortAt;
}
