/** What undoes an action: the stories become what they were, at a next version; nothing is taken out of the history. Pure. */
import { OPERATOR_SOURCE } from '#domain/tag-sources.js';
import type { StoryActionFacts } from '#contracts/story-actions.js';
import { ITEM_TAKEN_BACK } from '#storage/processed-item.repository.js';
import type { StoryActionRow } from '#storage/story-action.repository.js';
import type { StateTag, StoryState } from '#storage/story-state.repository.js';
import { endStory } from '../stories/merge-story.js';
import { type Rebuilding, rebuildStory } from '../stories/rebuild-story.js';
import { retagStory } from '../stories/retag-story.js';
import type { StoryPlan } from '../stories/story-plan.js';
import { uniqueById, withoutNeedlessGuesses } from '../stories/story-tags.js';
import { ActionRefused } from './action-refused.js';
import {
  type ActionContext,
  type ActionPlan,
  correlationOf,
  itemsOf,
  mergeable,
  OPERATOR_CORRELATION,
  planItem,
  planLead,
  planRestore,
  planWithdraw,
  refuseMerged,
  refuseUnaccepted,
  type Stage,
  stateOf,
} from './story-changes.js';

type StoryFacts = StoryActionFacts['stories'][number];

/** Throws ActionRefused when it cannot be undone, or is undone already. */
export function planUndo(plan: StoryPlan, action: StoryActionRow, stage: Stage, context: ActionContext): ActionPlan {
  const { undone } = stage;
  if (undone === null) throw new ActionRefused(`there is no action ${action.request.actionId ?? ''}`);
  if (undone.status !== 'done') throw new ActionRefused(`action ${undone.id} is ${undone.status}: nothing to undo`);
  if (undone.undone_by !== null) throw new ActionRefused(`action ${undone.id} was undone by ${undone.undone_by}`);
  const { laterWord } = stage;
  if (laterWord !== undefined)
    throw new ActionRefused(
      `action ${laterWord.id} (${laterWord.kind}) came after action ${undone.id} and has the last word: undo that one, or ask for what is to be`,
    );
  const storyId = undone.story_id;
  const of = (facts: StoryActionFacts | null) => facts?.stories.find(({ id }) => id === storyId);
  const state = () => stateOf(stage, storyId);
  const formerLeadId = of(undone.before)?.leadingItemId;
  const done = (by: ActionPlan): ActionPlan => ({
    ...by,
    ...(storyId === null ? {} : { storyId }),
    outcome: `undid ${undone.kind} ${undone.id}: ${by.outcome}`,
  });
  switch (undone.kind) {
    case 'merge':
      return done(unmerge(plan, undone, stage, context));
    case 'split': {
      const made = (undone.after?.stories ?? []).map(({ id }) => id).filter((id) => id !== storyId);
      refuseParted(stage, { undone, into: state().id, storyIds: made });
      const by = unsplit(plan, stage, { into: state(), storyIds: made, formerLeadId }, context);
      const there = stage.before.stories.flatMap(({ id, itemIds = [] }) => (made.includes(id) ? itemIds : []));
      const itemIds = (undone.request.itemIds ?? []).filter((id) => there.includes(id));
      return done({ ...by, movesBack: [{ itemIds, into: state().id }], unparted: undone.id });
    }
    case 'withdraw':
      return done(planRestore(plan, state(), stage, context, { formerLeadId, becomes: seen(of(undone.before)) }));
    case 'restore':
      return done(planWithdraw(plan, state(), `restored by mistake (${undone.id})`, context));
    case 'lead': {
      const { leadingItemId: itemId = null, leadPinned = false, pinnedItemId } = of(undone.before) ?? {};
      // Where an older processor wrote what was before, what was pinned led.
      const pin = { itemId, pinnedItemId: pinnedItemId ?? (leadPinned ? itemId : null) };
      return done(planLead(plan, state(), stage, pin, context));
    }
    case 'tags':
      return done(untag(plan, undone, stage, context));
    case 'withdraw-item': {
      const back = { itemId: undone.item_id ?? '', reason: null, formerLeadId, becomes: seen(of(undone.before)) };
      return done(planItem(plan, stage, back, context));
    }
    case 'restore-item':
      return done(
        planItem(plan, stage, { itemId: undone.item_id ?? '', reason: ITEM_TAKEN_BACK, formerLeadId }, context),
      );
    case 'undo':
      throw new ActionRefused('an undo is not undone: ask for the action again');
  }
}

/** What a story that was published, or waited for it unseen, becomes once more. */
function seen(was: Pick<StoryFacts, 'status'> | undefined): Rebuilding['becomes'] {
  return was?.status === 'published' || was?.status === 'withheld' ? was.status : undefined;
}

/** The stories that went come back with the items that they had, and all of them stay apart from now on. */
function unmerge(plan: StoryPlan, undone: StoryActionRow, stage: Stage, context: ActionContext): ActionPlan {
  const winner = stateOf(stage, undone.story_id);
  const here = stage.before.stories.find(({ id }) => id === winner.id)?.itemIds ?? [];
  const losers = (undone.before?.stories ?? []).filter(({ id }) => id !== winner.id);
  const moves = losers.map(({ id, itemIds = [], status }) => ({
    into: id,
    itemIds: itemIds.filter((item) => here.includes(item)),
    becomes: seen({ status }) ?? 'published',
  }));
  const leaving = moves.flatMap(({ itemIds }) => itemIds);
  const all = itemsOf(stage, winner.id);
  const staying = all.filter(({ item }) => !leaving.includes(item.id));
  const left = here.filter((id) => !leaving.includes(id));
  if (left.length === 0) throw new ActionRefused('nothing would be left of the story that they went into');
  for (const { into, itemIds, becomes } of moves) {
    const state = stateOf(stage, into);
    if (state.status !== 'merged') throw new ActionRefused(`story ${into} is ${state.status} by now`);
    const ready = all.filter(({ item }) => itemIds.includes(item.id));
    if (ready.length === 0) throw new ActionRefused(`no item of story ${into} is in ${winner.id} any more`);
    refuseUnaccepted(state, ready, context);
    const leadItemId = ready.some(({ item }) => item.id === state.leadingItemId) ? state.leadingItemId : undefined;
    rebuildStory(plan, state, { ready, leadItemId, becomes, correlationId: OPERATOR_CORRELATION }, context);
  }
  // With nothing but copies that were taken down it is withdrawn, as it would have been without the merge.
  if (staying.length > 0) refuseUnaccepted(winner, staying, context);
  const was = undone.before?.stories.find(({ id }) => id === winner.id);
  const takenBack = broughtByMerge(
    was,
    losers.map(({ id }) => stateOf(stage, id)),
  );
  rebuildStory(
    plan,
    winner,
    { ready: staying, formerLeadId: was?.leadingItemId, takenBack, correlationId: OPERATOR_CORRELATION },
    context,
  );
  return {
    stories: plan,
    outcome: `${losers.map(({ id }) => id).join(', ')} came back`,
    movesBack: moves,
    // From each other, too: the merge alone put them together.
    separate: [left, ...moves.map(({ itemIds }) => itemIds)],
    allow: takenBack.refused,
  };
}

/** What operators said of the losers' tags and the winner took over: nothing, where it is not known what it `was`. */
function broughtByMerge(was: StoryFacts | undefined, losers: readonly StoryState[]) {
  const { tags, refusedTags } = was ?? {};
  const isGiven = (tag: StateTag): boolean => tag.source.startsWith(OPERATOR_SOURCE);
  const given = losers.flatMap((loser) =>
    loser.tags.filter((tag) => isGiven(tag) && tags?.includes(keyOf(tag)) === false),
  );
  const refused = losers.flatMap((loser) => loser.refusedTags.filter((id) => refusedTags?.includes(id) === false));
  return { given: given.map(({ id }) => id), refused };
}

/** The stories that were split off end, and the one that they came from is made anew of all its items. */
function unsplit(
  plan: StoryPlan,
  stage: Stage,
  { into, storyIds, formerLeadId }: { into: StoryState; storyIds: readonly string[]; formerLeadId: string | undefined },
  context: ActionContext,
): ActionPlan {
  const others = mergeable(stage, into, storyIds, { unseen: true });
  const ready = [into, ...others].flatMap(({ id }) => itemsOf(stage, id));
  const correlationId = correlationOf(ready);
  for (const state of others) endStory(plan, into, { state, machine: null }, { ...context, correlationId });
  // Whoever heard of a story that ends here must hear of the one it is part of now.
  const isKnownByAnother = others.some(({ publishedQuietReason }) => publishedQuietReason === null);
  const heard = isKnownByAnother ? { ...into, publishedQuietReason: null } : into;
  rebuildStory(plan, heard, { ready, formerLeadId, correlationId }, context);
  const ids = others.map(({ id }) => id);
  return { stories: plan, outcome: `${ids.join(', ')} went into ${into.id}` };
}

/** What a split took off may have met items since that an operator parted from the story by another word. */
function refuseParted(
  { separations }: Stage,
  { undone, into, storyIds }: { undone: StoryActionRow; into: string; storyIds: readonly string[] },
): void {
  const other = separations.find(
    ({ id, storyIds: pair }) =>
      id !== undone.id && pair.includes(into) && pair.some((storyId) => storyIds.includes(storyId)),
  );
  if (other === undefined) return;
  const made = other.storyIds.find((id) => id !== into) ?? '';
  throw new ActionRefused(
    `story ${made} has items by now that action ${other.id} keeps apart from story ${into}: split these off first, or put the stories together all the same with POST /stories/${into}/merge`,
  );
}

/** Tags come back from whom they were; what the action took from a machine's source is that source's again. */
function untag(plan: StoryPlan, undone: StoryActionRow, stage: Stage, context: ActionContext): ActionPlan {
  const state = stateOf(stage, undone.story_id);
  refuseMerged(state);
  const [before, after] = [undone.before?.stories[0], undone.after?.stories[0]];
  const isIn = (facts: typeof before, tag: StateTag): boolean => facts?.tags?.includes(keyOf(tag)) === true;
  const kept = state.tags
    .filter((tag) => isIn(before, tag) || !isIn(after, tag))
    .map((tag) => {
      const isAsLeft = after?.tagSources?.[keyOf(tag)]?.source === tag.source;
      return isAsLeft ? { ...tag, ...before?.tagSources?.[keyOf(tag)] } : tag;
    });
  // Where an older processor wrote what was before, it is not known who gave a tag.
  const unknown = { source: `${OPERATOR_SOURCE}, undoing`, confidence: 1 };
  const back = stage.tagsToAdd.map((tag) => ({ ...tag, ...(before?.tagSources?.[keyOf(tag)] ?? unknown) }));
  // What the classifier gave in the place of a topic that is back is not needed any more.
  const tags = withoutNeedlessGuesses(uniqueById([...kept, ...back]));
  retagStory(plan, state, { tags, correlationId: OPERATOR_CORRELATION }, context);
  const refuse = (before?.refusedTags ?? []).filter((id) => after?.refusedTags?.includes(id) === false);
  return { stories: plan, outcome: 'the tags are as they were', allow: back.map(({ id }) => id), refuse };
}

function keyOf({ scheme, slug }: Pick<StateTag, 'scheme' | 'slug'>): string {
  return `${scheme}/${slug}`;
}
