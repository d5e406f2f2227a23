/** Everything that one transaction writes about stories, gathered before the first statement. */
import type { EventType } from '#contracts/events.js';
import { type CopyStanding, type HiddenBecause, nextChange } from '#domain/story-rights.js';
import type { NewEvent } from '#storage/event.repository.js';
import type { DoneStoryAction } from '#storage/story-action.repository.js';
import type { MergedStoryRow, StoryStatusRow } from '#storage/story-membership.repository.js';
import type {
  NewStoryRow,
  StoryItemRow,
  StoryPartnerRow,
  StoryRow,
  StoryVersionRow,
} from '#storage/story.repository.js';
import type { StatePartner } from '#storage/story-state.repository.js';
import type { StoryTagRow } from '#storage/tag.repository.js';
import type { Verdict } from '../identity/decide-story.js';
import type { ReadyItem } from './ready-item.js';
import { namedOf, type StoryAtVersion, storyBody, storyUrl } from './story-body.js';

/** An item in its story. `verdict` null: a new version of an item that is already there. */
export interface Placement {
  ready: ReadyItem;
  storyId: string;
  verdict: Verdict | null;
  /** Rules send it to other channels than before. */
  isRerouted?: boolean;
}

export interface StoryPlan {
  created: NewStoryRow[];
  updated: StoryRow[];
  /** Stories whose version moves while what they show and are found by stays. */
  counted: { id: string; version: number }[];
  versions: StoryVersionRow[];
  items: StoryItemRow[];
  partners: StoryPartnerRow[];
  tagsAdded: StoryTagRow[];
  tagsRemoved: { storyId: string; tagId: string }[];
  partnersRemoved: { storyId: string; partnerId: string }[];
  /** Stories that end in another one, and those that are withdrawn or come back. */
  merged: MergedStoryRow[];
  statuses: StoryStatusRow[];
  /** Stories whose rights are to be looked at by `at` at the latest. */
  rightsDue: { storyId: string; at: Date }[];
  /** What the machine did by itself, for the record. */
  actions: DoneStoryAction[];
  events: NewEvent[];
}

/** What plans need from outside, given so that they stay pure. */
export interface PlanContext {
  now: Date;
  publicUrl: string;
  newId: () => string;
}

export function emptyPlan(): StoryPlan {
  return {
    created: [],
    updated: [],
    counted: [],
    versions: [],
    items: [],
    partners: [],
    tagsAdded: [],
    tagsRemoved: [],
    partnersRemoved: [],
    merged: [],
    statuses: [],
    rightsDue: [],
    actions: [],
    events: [],
  };
}

/** A story's new version: its row in the history and its event. */
export interface Announcement {
  type: EventType;
  changed: string[];
  quietReason: string | null;
  correlationId: string;
  /** Of story.merged: the story that it is part of now. */
  mergedInto?: { id: string; slug: string };
  /** Of story.withdrawn: what its partners' rights say against it. */
  reason?: HiddenBecause;
}

export function announce(
  plan: StoryPlan,
  story: StoryAtVersion,
  announcement: Announcement,
  context: PlanContext,
): void {
  const { type, changed, quietReason, correlationId, mergedInto, reason } = announcement;
  plan.events.push({
    id: context.newId(),
    type,
    storyId: story.id,
    storyVersion: story.version,
    body: {
      story: storyBody(story, context.publicUrl),
      ...(type === 'story.updated' ? { changed } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(mergedInto === undefined
        ? {}
        : { mergedInto: { id: mergedInto.id, url: storyUrl(mergedInto, context.publicUrl) } }),
    },
    quietReason,
    correlationId,
    createdAt: context.now,
  });
}

export function addVersion(plan: StoryPlan, story: StoryAtVersion, changed: string[], now: Date): void {
  plan.versions.push({
    storyId: story.id,
    version: story.version,
    createdAt: now,
    itemId: story.leadingItemId,
    changed,
    tags: story.tags.map(({ scheme, name, slug }) => ({ scheme, name, slug })),
    partners: namedOf(story.partners).map(({ slug, name }) => ({ slug, name })),
  });
}

/** The items that came into the story. */
export function addPlacements(plan: StoryPlan, placements: readonly Placement[]): void {
  for (const { ready, storyId, verdict } of placements) {
    if (verdict === null) continue;
    const partnerId = ready.item.partner.id;
    const { rule, relation, evidence } = verdict;
    plan.items.push({ itemId: ready.item.id, storyId, partnerId, rule, relation, evidence });
  }
}

/** The rights of these copies are looked at again when the first of them changes what may be shown. */
export function lookAgain(plan: StoryPlan, storyId: string, copies: readonly { standing: CopyStanding }[]): void {
  const at = nextChange(copies.map(({ standing }) => standing));
  if (at !== null) plan.rightsDue.push({ storyId, at });
}

/** What a search finds besides title and body. */
export function searchNames(partners: readonly StatePartner[], tags: readonly { name: string }[]): string {
  return [...namedOf(partners), ...tags].map(({ name }) => name).join('\n');
}
