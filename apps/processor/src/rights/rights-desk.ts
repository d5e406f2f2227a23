/** Looks at the rights of stories inside a transaction: locks them, plans, writes, and says what came of each. */
import { Injectable } from '@nestjs/common';
import { GONE_FOR_RIGHTS, type HiddenBecause } from '#domain/story-rights.js';
import type { RightsOutcome } from '#storage/story-rights.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { StoryStateRepository } from '#storage/story-state.repository.js';
import { type ReadCopies, StoryCopies } from '../intake/story-copies.js';
import { emptyPlan } from '../stories/story-plan.js';
import { StoryPlanner } from '../stories/story-planner.js';
import { StoriesMoved, StoryStore } from '../stories/story-store.js';
import { planRights, type RightsChange } from './plan-rights.js';

type Transaction = Parameters<StoryStateRepository['lock']>[0];

export interface RightsMaterial extends ReadCopies {
  storyIds: string[];
}

export interface LookedAt extends RightsOutcome {
  change: RightsChange;
}

@Injectable()
export class RightsDesk {
  constructor(
    private readonly states: StoryStateRepository,
    private readonly room: StoryRoomRepository,
    private readonly copies: StoryCopies,
    private readonly planner: StoryPlanner,
    private readonly store: StoryStore,
  ) {}

  /**
   * Undefined when these stories have more items than one look takes: fewer stories are to be looked at together. `whole`: items
   * whose texts are wanted of however many.
   */
  async gather(storyIds: string[], whole: ReadonlySet<string>): Promise<RightsMaterial | undefined> {
    const areMany = await this.copies.areMany(storyIds);
    if (areMany && storyIds.length > 1) return undefined;
    const read = await this.copies.read(storyIds, { isCounting: ({ isWithdrawn }) => !isWithdrawn, areMany, whole });
    return { storyIds, ...read };
  }

  /** Throws StoriesMoved when the material is stale, and TextsLetGo when texts are wanted that are not in it. */
  async look(trx: Transaction, { storyIds, ready, marks }: RightsMaterial): Promise<LookedAt[]> {
    const states = await this.states.lock(trx, storyIds, []);
    const now = await this.room.fingerprint(trx, storyIds);
    if (now.toSorted().join() !== marks.toSorted().join()) throw new StoriesMoved(now);
    const plan = emptyPlan();
    const context = this.planner.context();
    const looked = [...states.values()].map((state): LookedAt => {
      const own = ready.filter(({ storyId }) => storyId === state.id).map(({ one }) => one);
      const { change, dueAt, sortAt, silences, lesser } = planRights(plan, state, own, context);
      const because = plan.events.findLast(({ storyId }) => storyId === state.id)?.body.reason;
      const versionSilenced = silences ? state.version : null;
      return { storyId: state.id, change, dueAt, sortAt, versionSilenced, lesser, reason: reasonOf(because) };
    });
    await this.store.write(trx, plan);
    return looked;
  }
}

function reasonOf(because: HiddenBecause | undefined): string {
  return because === undefined ? 'rights: its partner allows less of it now' : GONE_FOR_RIGHTS[because];
}
