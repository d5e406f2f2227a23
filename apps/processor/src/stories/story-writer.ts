/** Writes a chunk of items into stories: one transaction, decided alone in the lanes of its keys. */
import { Injectable } from '@nestjs/common';
import { Database } from '#storage/database.js';
import { IdentityRepository } from '#storage/identity.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { identityLanes } from '../identity/identity-lanes.js';
import { placeItems } from './placing.js';
import type { ReadyItem } from './ready-item.js';
import { StoryPlanner } from './story-planner.js';
import type { Placement, StoryPlan } from './story-plan.js';
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
    private readonly database: Database,
    private readonly items: ProcessedItemRepository,
    private readonly identity: IdentityRepository,
    private readonly planner: StoryPlanner,
    private readonly store: StoryStore,
  ) {}

  /** All or nothing; the same chunk twice, or two at once, write it once. Throws what PostgreSQL throws. */
  async write(ready: readonly ReadyItem[]): Promise<WrittenChunk> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.tryToWrite(ready);
      } catch (error) {
        // Another transaction merged or split a story between the look-up and the lock: the look-up is done again.
        if (!(error instanceof StoriesMoved) || tries === TRIES) throw error;
      }
    }
  }

  private tryToWrite(ready: readonly ReadyItem[]): Promise<WrittenChunk> {
    return this.database.transaction(async (trx) => {
      await this.identity.enterLanes(trx, identityLanes(ready.flatMap(({ clean }) => clean.keys)));
      const waiting = await this.items.lockUnprocessed(
        trx,
        ready.map(({ item }) => item),
      );
      const mine = ready.filter(({ item }) => waiting.has(item.id));
      const known = await this.identity.find(
        trx,
        mine.flatMap(({ clean }) => clean.keys),
      );
      const placed = placeItems(mine, waiting, known, uuidV7);
      const { plan, placements } = await this.planner.plan(trx, placed);
      await this.store.write(trx, plan);
      await this.identity.add(trx, keysOf(placements));
      const done = mine.map(({ item: { id, version } }) => ({ id, version, state: 'in-story' as const, reason: null }));
      await this.items.markProcessed(done, trx);
      return summary(ready, placements, plan);
    });
  }
}

function keysOf(placements: readonly Placement[]) {
  return placements.flatMap(({ ready, storyId }) =>
    ready.clean.keys.map(({ kind, key }) => ({ kind, key, itemId: ready.item.id, storyId })),
  );
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
