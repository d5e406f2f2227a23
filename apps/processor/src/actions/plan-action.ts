/** Which change each kind of action is. Pure. */
import { ITEM_TAKEN_BACK } from '#storage/processed-item.repository.js';
import type { StoryActionRow } from '#storage/story-action.repository.js';
import type { StoryState } from '#storage/story-state.repository.js';
import type { StoryPlan } from '../stories/story-plan.js';
import { planUndo } from './plan-undo.js';
import {
  type ActionContext,
  type ActionPlan,
  planItem,
  planLead,
  planMerge,
  planRestore,
  planSplit,
  planTags,
  planWithdraw,
  type Stage,
  stateOf,
} from './story-changes.js';

/** Fills `plan`. Throws ActionRefused with what to do. */
export function planAction(plan: StoryPlan, action: StoryActionRow, stage: Stage, context: ActionContext): ActionPlan {
  const { request, reason } = action;
  const { itemId = null } = request;
  const story = (): StoryState => stateOf(stage, action.story_id);
  switch (action.kind) {
    case 'merge':
      return planMerge(plan, stage, { into: story(), storyIds: request.storyIds ?? [] }, context);
    case 'split':
      return planSplit(plan, story(), stage, request.itemIds ?? [], context);
    case 'withdraw':
      return planWithdraw(plan, story(), reason ?? 'withdrawn by an operator', context);
    case 'restore':
      return planRestore(plan, story(), stage, context);
    case 'lead':
      return planLead(plan, story(), stage, { itemId, pinnedItemId: itemId }, context);
    case 'tags':
      return planTags(plan, story(), stage, request.remove ?? [], context);
    case 'withdraw-item':
      return planItem(plan, stage, { itemId: action.item_id ?? '', reason: reason ?? ITEM_TAKEN_BACK }, context);
    case 'restore-item':
      return planItem(
        plan,
        stage,
        { itemId: action.item_id ?? '', reason: null, byFeed: action.actor === 'feed' },
        context,
      );
    case 'undo':
      return planUndo(plan, action, stage, context);
  }
}
