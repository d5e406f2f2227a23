/** Looks at the rights of stories inside a transaction: locks them, plans, writes, and says what came of each. */
import { Injectable } from '@nestjs/common';
import { GONE_FOR_RIGHTS, type HiddenBecause } from '#domain/story-rights.js';
import type { RightsOutcome } from '#storage/story-rights.repository.js';
import { markOf, StoryRoomRepository } from '#storage/story-room.repository.js';
import { StoryStateRepository } from '#storage/story-state.repository.js';
import { ChunkProcessor } from '../intake/chunk-processor.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { emptyPlan } from '../stories/story-plan.js';
import { StoryPlanner } from '../stories/story-planner.js';
import { StoriesMoved, StoryStore } from '../stories/story-store.js';
import { planRights, type RightsChange } from './plan-rights.js';

type Transaction = Parameters<StoryStateRepository['lock']>[0];

/** `ready`: the items that count, as they joined. `marks`: what must still be so under the locks; null: there are too many. */
export interface RightsMaterial {
  storyIds: string[];
  ready: { storyId: string; one: ReadyItem }[];
  marks: string[] | null;
}

export interface LookedAt extends RightsOutcome {
  change: RightsChange;
}

/** Of one look. A story with more copies is led by one of the first of them. */
const MAX_ITEMS = 500;

@Injectable()
export class RightsDesk {
  constructor(
    private readonly states: StoryStateRepository,
    private readonly room: StoryRoomRepository,
    private readonly chunks: ChunkProcessor,
    private readonly planner: StoryPlanner,
    private readonly store: StoryStore,
  ) {}

  /** Undefined when these stories have more items than one look takes: fewer stories are to be looked at together. */
  async gather(storyIds: string[]): Promise<RightsMaterial | undefined> {
    const items = await this.room.items(storyIds, MAX_ITEMS + 1);
    const isTooMany = items.length > MAX_ITEMS;
    if (isTooMany && storyIds.length > 1) return undefined;
    const counting = items.slice(0, MAX_ITEMS).filter(({ isWithdrawn }) => !isWithdrawn);
    const ready = new Map((await this.chunks.prepare(counting)).map((one) => [one.item.id, one]));
    return {
      storyIds,
      ready: counting.flatMap(({ id, storyId }) => {
        const one = ready.get(id);
        return one === undefined ? [] : [{ storyId, one }];
      }),
      marks: isTooMany ? null : items.map(markOf),
    };
  }

  /** Throws StoriesMoved when the material is stale. */
  async look(trx: Transaction, { storyIds, ready, marks }: RightsMaterial): Promise<LookedAt[]> {
    const states = await this.states.lock(trx, storyIds, []);
    const now = await this.room.fingerprint(trx, storyIds);
    if (marks !== null && now.toSorted().join() !== marks.toSorted().join()) throw new StoriesMoved(now);
    const plan = emptyPlan();
    const context = this.planner.context();
    const looked = [...states.values()].map((state): LookedAt => {
      const own = ready.filter(({ storyId }) => storyId === state.id).map(({ one }) => one);
      const { change, dueAt, sortAt, silences } = planRights(plan, state, own, context);
      const because = plan.events.findLast(({ storyId }) => storyId === state.id)?.body.reason;
      const versionSilenced = silences ? state.version : null;
      return { storyId: state.id, change, dueAt, sortAt, versionSilenced, reason: reasonOf(because) };
    });
    await this.store.write(trx, plan);
    return looked;
  }
}

function reasonOf(because: HiddenBecause | undefined): string {
  return because === undefined ? 'rights: its partner allows less of it now' : GONE_FOR_RIGHTS[because];
}
