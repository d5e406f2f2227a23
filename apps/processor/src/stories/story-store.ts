/** Writes a plan: one statement a table, in the order that the references and the locks want. */
import { Injectable } from '@nestjs/common';
import { EventRepository } from '#storage/event.repository.js';
import { RuleOutcomeRepository } from '#storage/rule-outcome.repository.js';
import { StoryStateRepository, type StoryState } from '#storage/story-state.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { TagRepository } from '#storage/tag.repository.js';
import type { ReadyItem } from './ready-item.js';
import type { StoryPlan } from './story-plan.js';

type Transaction = Parameters<StoryRepository['insert']>[0];

@Injectable()
export class StoryStore {
  constructor(
    private readonly states: StoryStateRepository,
    private readonly stories: StoryRepository,
    private readonly tags: TagRepository,
    private readonly events: EventRepository,
    private readonly outcomes: RuleOutcomeRepository,
  ) {}

  /** The stories as they are, locked until the transaction ends. */
  async lock(
    trx: Transaction,
    storyIds: readonly string[],
    withItems: readonly string[],
  ): Promise<Map<string, StoryState>> {
    return this.states.lock(trx, storyIds, withItems);
  }

  /** Keeps what rules decided of the items; answers those that go to other channels than before. */
  async noteRulings(trx: Transaction, ready: readonly ReadyItem[]): Promise<Set<string>> {
    return this.outcomes.write(
      trx,
      ready
        .filter(({ item, ruling }) => item.isRuled || (ruling !== undefined && ruling.rules.length > 0))
        .map(({ item, ruling }) => ({
          itemId: item.id,
          version: item.version,
          rules: ruling?.rules ?? [],
          priority: ruling?.priority ?? null,
          routes: ruling?.routes ?? [],
        })),
    );
  }

  async write(trx: Transaction, plan: StoryPlan): Promise<void> {
    await this.stories.insert(trx, plan.created);
    await this.stories.update(trx, plan.updated);
    await this.stories.updateVersions(trx, plan.counted);
    await this.stories.addItems(trx, plan.items);
    await this.stories.addPartners(trx, plan.partners);
    await this.tags.removeFromStories(trx, plan.tagsRemoved);
    await this.tags.addToStories(trx, plan.tagsAdded);
    await this.stories.addVersions(trx, plan.versions);
    await this.events.add(trx, plan.events);
  }
}
