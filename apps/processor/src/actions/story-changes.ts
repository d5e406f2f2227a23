/** What merges, splits, withdrawals, other leads and other tags do to stories. Pure. */
import { OPERATOR_SOURCE } from '#domain/tag-sources.js';
import { GONE_FOR_RIGHTS } from '#domain/story-rights.js';
import type { StoryActionFacts } from '#contracts/story-actions.js';
import type { StoryActionRow } from '#storage/story-action.repository.js';
import type { StoryState } from '#storage/story-state.repository.js';
import { changeStory } from '../stories/change-story.js';
import { createStory } from '../stories/create-story.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { leadOf, offersOf, PARTNER_WITHDREW, type Rebuilding, rebuildStory } from '../stories/rebuild-story.js';
import { retagStory } from '../stories/retag-story.js';
import type { PlanContext, StoryPlan } from '../stories/story-plan.js';
import { uniqueById, withoutNeedlessGuesses } from '../stories/story-tags.js';
import { withdrawStory } from '../stories/withdraw-story.js';
import type { CategoryMeanings } from '../tagging/category-tags.js';
import type { ActionMaterial } from './action-material.js';
import { ActionRefused } from './action-refused.js';

/** The stage of an action: its stories under lock, and its items. */
export interface Stage extends ActionMaterial {
  states: ReadonlyMap<string, StoryState>;
  before: StoryActionFacts;
  /** The story that the action's item is in. */
  homeId: string | null;
  /** What was asked of the story or item after the action that is to be undone, and decides what it is. */
  laterWord: Pick<StoryActionRow, 'id' | 'kind'> | undefined;
  /** What keeps two of the stories apart: the id of the action that said so. */
  separations: readonly { id: string; storyIds: [string, string] }[];
}

/** What an action does beside the plan of its stories. */
export interface ActionPlan {
  stories: StoryPlan;
  outcome: string;
  /** Story of the audit's entry, where it is another than the one that was named. */
  storyId?: string;
  itemWithdrawn?: { itemId: string; reason: string | null };
  moves?: { itemIds: string[]; into: string }[];
  /** Of those that move, the items that make their new story: weak likeness may link to them. */
  originals?: string[];
  /** What may become the original of a story that items leave. */
  left?: { storyId: string; itemId: string };
  /** Where items go back to from what the undone action made of them. */
  movesBack?: { itemIds: string[]; into: string }[];
  /** Items of different lists stay apart from now on. */
  separate?: string[][];
  rejoin?: string[];
  /** The action whose word that items stay apart is taken back. */
  unparted?: string;
  pin?: { storyId: string; itemId: string | null };
  refuse?: string[];
  allow?: string[];
  made?: string[];
}

export type ActionContext = PlanContext & CategoryMeanings;

export function planMerge(
  plan: StoryPlan,
  stage: Stage,
  { into, storyIds }: { into: StoryState; storyIds: readonly string[] },
  context: ActionContext,
): ActionPlan {
  const others = mergeable(stage, into, storyIds);
  const absorbed = others.map((state) => ({ state, machine: null }));
  changeStory(plan, into, [], context, absorbed);
  const ids = others.map(({ id }) => id);
  return { stories: plan, outcome: `${ids.join(', ')} went into ${into.id}`, rejoin: [into.id, ...ids] };
}

/** The stories that are to go into another. Throws ActionRefused when they cannot. `unseen`: also such as were never shown. */
export function mergeable(
  stage: Stage,
  into: StoryState,
  storyIds: readonly string[],
  { unseen = false } = {},
): StoryState[] {
  const others = [...new Set(storyIds)].map((id) => stateOf(stage, id));
  if (others.length === 0) throw new ActionRefused('name at least one other story in storyIds');
  for (const { id, status, isDemo } of [into, ...others]) {
    if (status !== 'published' && !(unseen && status === 'withheld' && id !== into.id))
      throw new ActionRefused(`story ${id} is ${status}; only published stories can be merged`);
    if (isDemo !== into.isDemo) throw new ActionRefused('a story of the demo cannot be merged with a real one');
  }
  if (others.some(({ id }) => id === into.id)) throw new ActionRefused('a story cannot be merged into itself');
  return others;
}

export function planSplit(
  plan: StoryPlan,
  state: StoryState,
  stage: Stage,
  asked: readonly string[],
  context: ActionContext,
): ActionPlan {
  if (state.status !== 'published')
    throw new ActionRefused(`story ${state.id} is ${state.status}; only a published story can be split`);
  const itemIds = [...new Set(asked)];
  const all = stage.before.stories.find(({ id }) => id === state.id)?.itemIds ?? [];
  const strange = itemIds.find((id) => !all.includes(id));
  if (strange !== undefined) throw new ActionRefused(`item ${strange} is not in story ${state.id}`);
  const own = itemsOf(stage, state.id);
  const leaving = own.filter(({ item }) => itemIds.includes(item.id));
  const staying = own.filter(({ item }) => !itemIds.includes(item.id));
  if (leaving.length === 0 || staying.length === 0)
    throw new ActionRefused(
      'each side of a split needs an item that is not withdrawn; name some of the items, not all',
    );
  const accepted = leaving.filter(({ item }) => item.isAccepted);
  if (accepted.length === 0) throw new ActionRefused(NOT_ACCEPTED);
  refuseUnaccepted(state, staying, context);
  const remaining = staying.find(({ item }) => item.isAccepted) ?? staying[0];
  const id = context.newId();
  createStory(
    plan,
    accepted.map((ready) => ({ ready, storyId: id, verdict: null })),
    context,
  );
  // What leads goes on leading, unless it leaves: splitting another copy off is no choice of a lead.
  const rest = { ready: staying, formerLeadId: state.leadingItemId, correlationId: correlationOf(leaving) };
  rebuildStory(plan, state, rest, context);
  return {
    stories: plan,
    outcome: `${itemIds.length} of ${all.length} items became story ${id}`,
    moves: [{ itemIds: [...itemIds], into: id }],
    originals: accepted.slice(0, 1).map(({ item }) => item.id),
    ...(remaining === undefined ? {} : { left: { storyId: state.id, itemId: remaining.item.id } }),
    separate: [all.filter((one) => !itemIds.includes(one)), [...itemIds]],
    made: [id],
  };
}

export function planWithdraw(plan: StoryPlan, state: StoryState, reason: string, context: ActionContext): ActionPlan {
  if (state.status !== 'published' && state.status !== 'withheld')
    throw new ActionRefused(`the story is ${state.status}, not published`);
  withdrawStory(plan, state, { reason, correlationId: OPERATOR_CORRELATION }, context);
  return { stories: plan, outcome: `withdrawn: ${reason}` };
}

/** `becomes` withheld: it was never shown, and is not before its partners' rights allow it. */
export function planRestore(
  plan: StoryPlan,
  state: StoryState,
  stage: Stage,
  context: ActionContext,
  { formerLeadId, becomes = 'published' }: Pick<Rebuilding, 'formerLeadId' | 'becomes'> = {},
): ActionPlan {
  if (state.status !== 'withdrawn') throw new ActionRefused(`the story is ${state.status}, not withdrawn`);
  const ready = itemsOf(stage, state.id);
  if (ready.length === 0)
    throw new ActionRefused('its partners took every copy back: restore one of its items first, if the partner agrees');
  refuseUnaccepted(state, ready, context);
  if (becomes === 'published') refuseHidden(state, ready, context);
  rebuildStory(plan, state, { ready, formerLeadId, becomes, correlationId: correlationOf(ready) }, context);
  const isShown = plan.statuses.some(({ id, status }) => id === state.id && status === 'published');
  return { stories: plan, outcome: isShown ? 'published again' : 'withheld until the rights of its partners allow it' };
}

export function planLead(
  plan: StoryPlan,
  state: StoryState,
  stage: Stage,
  { itemId, pinnedItemId }: { itemId: string | null; pinnedItemId: string | null },
  context: ActionContext,
): ActionPlan {
  const ready = itemsOf(stage, state.id);
  if (itemId !== null && !ready.some(({ item }) => item.id === itemId))
    throw new ActionRefused(`item ${itemId} is not in the story, or withdrawn`);
  if (ready.length === 0) throw new ActionRefused('the story has no item that could lead it');
  const asked = itemId === null ? ready : ready.filter(({ item }) => item.id === itemId);
  refuseUnaccepted(state, asked, context);
  if (itemId !== null) refuseHidden(state, asked, context);
  const how = { ready, leadItemId: itemId ?? undefined, correlationId: correlationOf(ready) };
  rebuildStory(plan, { ...state, pinnedItemId: null }, how, context);
  return {
    stories: plan,
    outcome: itemId === null ? 'the machine chooses the leading item' : `item ${itemId} leads`,
    pin: { storyId: state.id, itemId: pinnedItemId },
  };
}

export function planTags(
  plan: StoryPlan,
  state: StoryState,
  { tagsToAdd }: Stage,
  remove: readonly { scheme: string; slug: string }[],
  context: ActionContext,
): ActionPlan {
  refuseMerged(state);
  const taken = state.tags.filter((tag) =>
    remove.some(({ scheme, slug }) => tag.scheme === scheme && tag.slug === slug),
  );
  const given = tagsToAdd.map((tag) => ({ ...tag, source: OPERATOR_SOURCE, confidence: 1 }));
  // A tag that a copy brought already is the operator's from now on, and stays when the copy's word goes.
  const kept = state.tags
    .filter((tag) => !taken.includes(tag))
    .map((tag) => given.find(({ id }) => id === tag.id) ?? tag);
  const tags = withoutNeedlessGuesses(uniqueById([...kept, ...given]));
  retagStory(plan, state, { tags, correlationId: OPERATOR_CORRELATION }, context);
  return {
    stories: plan,
    outcome: `${given.length} tags given, ${taken.length} taken away`,
    refuse: taken.map(({ id }) => id),
    allow: given.map(({ id }) => id),
  };
}

/** `reason` null: the item is shown again. The story is led anew, withdrawn with its last item, or comes back with it. */
export function planItem(
  plan: StoryPlan,
  stage: Stage,
  {
    itemId,
    reason,
    becomes,
    formerLeadId,
    byFeed = false,
  }: { itemId: string; reason: string | null; byFeed?: boolean } & Pick<Rebuilding, 'becomes' | 'formerLeadId'>,
  context: ActionContext,
): ActionPlan {
  const itemWithdrawn = { itemId, reason };
  const state = stage.states.get(stage.homeId ?? '');
  if (state === undefined) return { stories: plan, outcome: 'the item is in no story', itemWithdrawn };
  const ready = itemsOf(stage, state.id).filter(({ item }) => reason === null || item.id !== itemId);
  const correlationId = OPERATOR_CORRELATION;
  // An item that is back leads as if it had never gone, and its story is what it was, unless an operator withdrew it. One that went
  // because its partners took it back comes back with their word, as it would with a copy of another.
  const returns = byFeed && reason === null && state.goneReason === PARTNER_WITHDREW;
  const back = returns ? 'published' : wentWithItsCopies(state) ? becomes : undefined;
  // What leads goes on leading when another copy goes.
  const former = formerLeadId ?? (reason === null ? undefined : state.leadingItemId);
  const how = { ready, correlationId, formerLeadId: former, ...(back === undefined ? {} : { becomes: back }) };
  if (state.status !== 'merged') rebuildStory(plan, state, how, context);
  const isGone = leadOf(state, offersOf(state, ready, context.now)) === undefined;
  const outcome =
    reason === null
      ? `item ${itemId} counts again`
      : isGone
        ? `the story was withdrawn with its last item that could lead it: ${reason}`
        : `item ${itemId} counts no more: ${reason}`;
  return { stories: plan, outcome, storyId: state.id, itemWithdrawn };
}

/** No copy could be shown any more. */
function wentWithItsCopies({ goneReason }: StoryState): boolean {
  return [PARTNER_WITHDREW, ...Object.values(GONE_FOR_RIGHTS)].some((reason) => reason === goneReason);
}

/** The items of a story that count, as they joined. */
export function itemsOf({ copies }: Stage, storyId: string): ReadyItem[] {
  return (copies?.ready ?? []).filter((entry) => entry.storyId === storyId).map(({ one }) => one);
}

export function stateOf({ states }: Stage, id: string | null): StoryState {
  const state = states.get(id ?? '');
  if (state === undefined) throw new ActionRefused(`there is no story ${id ?? ''}`);
  return state;
}

/** What is said of a signpost nobody reads. */
export function refuseMerged({ id, status }: StoryState): void {
  if (status === 'merged')
    throw new ActionRefused(
      `story ${id} is part of another one by now (mergedInto of GET /stories/${id}): ask for that one`,
    );
}

const NOT_ACCEPTED =
  'the newest version of every copy that could be shown is held, dropped, failed or not judged yet: release it (items release ID), or wait for one that is let in';

/** Nobody shows a version that was not let in. */
export function refuseUnaccepted(state: StoryState, ready: readonly ReadyItem[], { now }: ActionContext): void {
  if (leadOf(state, offersOf(state, ready, now)) === undefined) throw new ActionRefused(NOT_ACCEPTED);
}

/** What its partners' rights forbid, no operator shows: the rights are to be changed first. */
function refuseHidden(state: StoryState, ready: readonly ReadyItem[], { now }: ActionContext): void {
  const because = leadOf(state, offersOf(state, ready, now))?.standing.because ?? null;
  if (because !== null)
    throw new ActionRefused(`${GONE_FOR_RIGHTS[because]}; change the rights of the partner first, if it agrees`);
}

/** Events that no fetch caused. */
export const OPERATOR_CORRELATION = 'c_story-action';

export function correlationOf([first]: readonly ReadyItem[]): string {
  return first?.item.correlationId ?? OPERATOR_CORRELATION;
}
