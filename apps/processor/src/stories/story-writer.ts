/** Writes a chunk of items into stories: one transaction, in its turn among the chunks that may be about the same stories. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { ChunkTurns } from '../identity/chunk-turns.js';
import { type PreparedItems, StoryRecogniser } from '../identity/story-recogniser.js';
import { TopicCatalogue } from '../tagging/topic-catalogue.js';
import { changeStory } from './change-story.js';
import { createStory } from './create-story.js';
import type { ReadyItem } from './ready-item.js';
import { type SecondLook, TakenBack } from './second-look.js';
import { emptyPlan, type Placement, type StoryPlan } from './story-plan.js';
import { StoryStore } from './story-store.js';

/** What became of a chunk. `stale`: items that somebody else processed, or that have a newer version by now. */
export interface WrittenChunk {
  created: number;
  joined: number;
  changed: number;
  stale: number;
  events: number;
}

type Transaction = Parameters<StoryRecogniser['decide']>[0];

@Injectable()
export class StoryWriter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly turns: ChunkTurns,
    private readonly recogniser: StoryRecogniser,
    private readonly items: ProcessedItemRepository,
    private readonly store: StoryStore,
    private readonly topics: TopicCatalogue,
  ) {}

  /**
   * All or nothing; the same chunk twice, or two at once, write it once. With a second look, items that are processed
   * already are written again, or only what that would change is found out. Throws what PostgreSQL throws.
   */
  async write(ready: readonly ReadyItem[], look?: SecondLook): Promise<WrittenChunk> {
    try {
      return await this.writeOnce(ready, look);
    } catch (error) {
      if (error instanceof TakenBack) return { created: 0, joined: 0, changed: 0, stale: ready.length, events: 0 };
      throw error;
    }
  }

  private async writeOnce(ready: readonly ReadyItem[], look?: SecondLook): Promise<WrittenChunk> {
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
      const placements = (await this.place(trx, mine, prepared, waiting)).map((placement) => ({
        ...placement,
        isRerouted: rerouted.has(placement.ready.item.id),
      }));
      const plan = await this.plan(trx, placements);
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

  /** Items stay in the story they are in; the others are decided, oldest first. */
  private async place(
    trx: Transaction,
    ready: readonly ReadyItem[],
    prepared: PreparedItems,
    storyOf: ReadonlyMap<string, string | null>,
  ): Promise<Placement[]> {
    const inDoubt = ready.filter(({ item }) => storyOf.get(item.id) === null);
    const verdicts = await this.recogniser.decide(
      trx,
      inDoubt.flatMap(({ item }) => prepared.get(item.id) ?? []),
    );
    return ready.map((one) => {
      const verdict = verdicts.get(one.item.id) ?? null;
      return { ready: one, verdict, storyId: verdict?.storyId ?? storyOf.get(one.item.id) ?? '' };
    });
  }

  private async plan(trx: Transaction, placements: readonly Placement[]): Promise<StoryPlan> {
    const made = new Set(placements.filter(({ verdict }) => verdict?.rule === 'first').map(({ storyId }) => storyId));
    const byStory = groupByStory(placements);
    const states = await this.store.lock(
      trx,
      [...byStory.keys()].filter((id) => !made.has(id)),
      // Only a new version of an item can take a tag away.
      placements.filter(({ verdict }) => verdict === null).map(({ storyId }) => storyId),
    );
    const plan = emptyPlan();
    const context = { now: new Date(), publicUrl: this.config.publicUrl, newId: uuidV7, findTopic: this.topics.find };
    for (const [storyId, group] of byStory) {
      const state = states.get(storyId);
      if (state === undefined) createStory(plan, group, context);
      else changeStory(plan, state, group, context);
    }
    return plan;
  }
}

function groupByStory(placements: readonly Placement[]): Map<string, Placement[]> {
  const groups = new Map<string, Placement[]>();
  for (const placement of placements) {
    const group = groups.get(placement.storyId);
    if (group === undefined) groups.set(placement.storyId, [placement]);
    else group.push(placement);
  }
  return groups;
}

function summary(ready: readonly ReadyItem[], placements: readonly Placement[], plan: StoryPlan): WrittenChunk {
  const joined = placements.filter(({ verdict }) => verdict !== null && verdict.rule !== 'first').length;
  const changed = placements.filter(({ verdict }) => verdict === null).length;
  const stale = ready.length - placements.length;
  return { created: plan.created.length, joined, changed, stale, events: plan.events.length };
}
