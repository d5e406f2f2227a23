/** Writes a chunk of items into stories: one transaction, in its turn among the chunks that may be about the same stories. */
import { Injectable } from '@nestjs/common';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { ChunkTurns } from '../identity/chunk-turns.js';
import { StoryRecogniser } from '../identity/story-recogniser.js';
import { placeItems } from './placing.js';
import type { ReadyItem } from './ready-item.js';
import { type SecondLook, TakenBack } from './second-look.js';
import type { Placement, StoryPlan } from './story-plan.js';
import { StoryPlanner } from './story-planner.js';
import { StoriesMoved, StoryStore } from './story-store.js';

/** What became of a chunk. `stale`: items that somebody else processed, or that have a newer version by now. */
export interface WrittenChunk {
  created: number;
  joined: number;
  changed: number;
  merged: number;
  stale: number;
  events: number;
}

/** Merges are rare: to lose a story to one twice in a row happens once in a blue moon. */
const TRIES = 5;

@Injectable()
export class StoryWriter {
  constructor(
    private readonly turns: ChunkTurns,
    private readonly recogniser: StoryRecogniser,
    private readonly items: ProcessedItemRepository,
    private readonly planner: StoryPlanner,
    private readonly store: StoryStore,
  ) {}

  /**
   * All or nothing; the same chunk twice, or two at once, write it once. With a second look, items that are processed
   * already are written again, or only what that would change is found out. Throws what PostgreSQL throws.
   */
  async write(ready: readonly ReadyItem[], look?: SecondLook): Promise<WrittenChunk> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.tryToWrite(ready, look);
      } catch (error) {
        if (error instanceof TakenBack)
          return { created: 0, joined: 0, changed: 0, merged: 0, stale: ready.length, events: 0 };
        // Another transaction merged or split a story between the look-up and the lock: the look-up is done again.
        if (!(error instanceof StoriesMoved) || tries === TRIES) throw error;
      }
    }
  }

  private async tryToWrite(ready: readonly ReadyItem[], look: SecondLook | undefined): Promise<WrittenChunk> {
    const prepared = await this.recogniser.prepare(ready);
    const { placements, written } = await this.turns.run(this.recogniser.marks(prepared), async (trx) => {
      const waiting = await this.items.lockUnprocessed(
        trx,
        ready.map(({ item }) => item),
        look !== undefined,
      );
      const mine = ready.filter(({ item }) => waiting.has(item.id));
      await look?.before(trx, [...waiting.keys()]);
      const rerouted = await this.store.noteRulings(trx, mine);
      const recognised = await this.recogniser.decide(trx, prepared, waiting);
      const placed = placeItems(mine, waiting, recognised, rerouted);
      const { plan, placements } = await this.planner.plan(trx, placed);
      await this.store.write(trx, plan);
      await this.recogniser.remember(trx, placements, prepared);
      const done = mine.map(({ item: { id, version } }) => ({ id, version, state: 'in-story' as const, reason: null }));
      await this.items.markProcessed(done, trx, look !== undefined);
      await look?.after(trx, [...waiting.keys()]);
      return { placements, written: summary(ready, placements, plan) };
    });
    this.recogniser.learn(placements, prepared);
    return written;
  }
}

function summary(ready: readonly ReadyItem[], placements: readonly Placement[], plan: StoryPlan): WrittenChunk {
  const joined = placements.filter(({ verdict }) => verdict !== null && verdict.rule !== 'first').length;
  const changed = placements.filter(({ verdict }) => verdict === null).length;
  const stale = ready.length - placements.length;
  return {
    created: plan.created.length,
    joined,
    changed,
    merged: plan.merged.length,
    stale,
    events: plan.events.length,
  };
}
