/** Carries one action out inside a transaction: locks its stories, plans, writes, and tells what was before and after. */
import { Injectable } from '@nestjs/common';
import type { StoryActionFacts } from '#contracts/story-actions.js';
import { StoryActionRepository, type StoryActionRow } from '#storage/story-action.repository.js';
import { StoryMembershipRepository } from '#storage/story-membership.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { StoryStateRepository, type StoryState } from '#storage/story-state.repository.js';
import { MANY_COPIES } from '../intake/story-copies.js';
import { storyFacts } from '../stories/merge-story.js';
import { emptyPlan } from '../stories/story-plan.js';
import { StoryPlanner } from '../stories/story-planner.js';
import { StoriesMoved, StoryStore } from '../stories/story-store.js';
import type { ActionMaterial } from './action-material.js';
import { ActionRefused } from './action-refused.js';
import { planAction } from './plan-action.js';
import type { ActionPlan } from './story-changes.js';

type Transaction = Parameters<StoryStateRepository['lock']>[0];

@Injectable()
export class ActionDesk {
  constructor(
    private readonly states: StoryStateRepository,
    private readonly members: StoryMembershipRepository,
    private readonly room: StoryRoomRepository,
    private readonly actions: StoryActionRepository,
    private readonly planner: StoryPlanner,
    private readonly store: StoryStore,
  ) {}

  /** Throws ActionRefused, StoriesMoved when the material is stale, and TextsLetGo when texts are wanted that are not in it. */
  async carryOut(trx: Transaction, action: StoryActionRow, material: ActionMaterial) {
    const { storyIds } = material;
    // Items before stories: the order in which chunks lock them.
    const itemId = action.item_id ?? material.undone?.item_id ?? null;
    const homeId = itemId === null ? null : await this.lockItem(trx, itemId, storyIds);
    const states = await this.states.lock(trx, storyIds, []);
    if (material.copies !== null) {
      const now = await this.room.fingerprint(trx, storyIds);
      if (now.toSorted().join() !== material.copies.marks.toSorted().join()) throw new StoriesMoved(now);
    }
    const before = await this.facts(trx, states);
    const plan = emptyPlan();
    const separations = await this.members.separationsOf(trx, material.undone?.kind === 'split' ? storyIds : []);
    const laterWord = material.undone === null ? undefined : await this.actions.laterWord(trx, material.undone);
    const stage = { ...material, states, before, homeId, separations, laterWord };
    const done = planAction(plan, action, stage, this.planner.context());
    await this.write(trx, action, done);
    const after = await this.facts(trx, await this.states.lock(trx, [...storyIds, ...(done.made ?? [])], []));
    return { storyId: done.storyId ?? action.story_id ?? storyIds[0] ?? null, outcome: done.outcome, before, after };
  }

  /** A chunk may have put the item into a story since the material was gathered; from now on none can. */
  private async lockItem(trx: Transaction, itemId: string, storyIds: readonly string[]): Promise<string | null> {
    await this.room.lockItem(trx, itemId);
    const home = await this.room.storyOf(itemId, trx);
    if (home !== null && !storyIds.includes(home)) throw new StoriesMoved([itemId]);
    return home;
  }

  private async write(trx: Transaction, action: StoryActionRow, plan: ActionPlan): Promise<void> {
    const {
      itemWithdrawn,
      moves = [],
      originals = [],
      left,
      movesBack = [],
      separate,
      rejoin,
      unparted,
      pin,
      refuse = [],
      allow = [],
    } = plan;
    if (itemWithdrawn !== undefined) {
      const { itemId, reason } = itemWithdrawn;
      const isDone = await (reason === null ? this.room.putBack(trx, itemId) : this.room.withdraw(trx, itemId, reason));
      if (!isDone)
        throw new ActionRefused(reason === null ? 'the item is not withdrawn' : 'the item is withdrawn already');
    }
    if (rejoin !== undefined) await this.members.rejoin(trx, rejoin);
    if (unparted !== undefined) await this.members.forgetSeparation(trx, unparted);
    await this.store.write(trx, plan.stories);
    await this.members.move(trx, moves, { actionId: action.id, originals });
    if (left !== undefined) await this.members.leaveAnOriginal(trx, left, action.id);
    await this.members.moveBack(trx, movesBack, action.request.actionId ?? '');
    if (separate !== undefined) await this.members.separate(trx, action.id, separate);
    if (pin !== undefined) await this.members.setPin(trx, pin.storyId, pin.itemId);
    const storyId = plan.storyId ?? action.story_id ?? '';
    if (refuse.length > 0) await this.members.refuseTags(trx, storyId, refuse);
    if (allow.length > 0) await this.members.allowTags(trx, storyId, allow);
  }

  private async facts(trx: Transaction, states: ReadonlyMap<string, StoryState>): Promise<StoryActionFacts> {
    const items = await this.members.itemsOf(trx, [...states.keys()]);
    return { stories: [...states.values()].map((state) => storyFacts(state, listed(items.get(state.id) ?? []))) };
  }
}

/** Only what moves items wants to know later which there were; it moves no more than that. */
function listed(itemIds: string[]): string[] | undefined {
  return itemIds.length > MANY_COPIES ? undefined : itemIds;
}
