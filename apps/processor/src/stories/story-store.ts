/** Writes a plan: one statement a table, in the order that the references and the locks want. */
import { Injectable } from '@nestjs/common';
import { EventRepository } from '#storage/event.repository.js';
import { RuleOutcomeRepository } from '#storage/rule-outcome.repository.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryMembershipRepository } from '#storage/story-membership.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { tagKey, TagRepository } from '#storage/tag.repository.js';
import type { Ruling } from '../rules/compiled-rules.js';
import type { ReadyItem } from './ready-item.js';
import type { StoryPlan } from './story-plan.js';

type Transaction = Parameters<StoryRepository['insert']>[0];

/** What was looked up is no longer so: a story was merged or split meanwhile. The transaction is rolled back and tried again. */
export class StoriesMoved extends Error {
  constructor(readonly itemIds: readonly string[]) {
    super(`another transaction moved ${itemIds.length} items to another story`);
  }
}

@Injectable()
export class StoryStore {
  constructor(
    private readonly members: StoryMembershipRepository,
    private readonly actions: StoryActionRepository,
    private readonly stories: StoryRepository,
    private readonly tags: TagRepository,
    private readonly events: EventRepository,
    private readonly outcomes: RuleOutcomeRepository,
  ) {}

  /** Keeps what rules and dictionaries decided of the items; answers those that go to other channels than before. */
  async noteRulings(trx: Transaction, ready: readonly ReadyItem[]): Promise<Set<string>> {
    return this.outcomes.write(
      trx,
      ready
        .filter(({ item, ruling }) => item.isRuled || isDecided(ruling))
        .map(({ item, ruling }) => ({
          itemId: item.id,
          version: item.version,
          rules: ruling?.rules ?? [],
          priority: ruling?.priority ?? null,
          routes: ruling?.routes ?? [],
          tags: givenBy(ruling),
          untagged: ruling?.untagged ?? [],
        })),
    );
  }

  async write(trx: Transaction, plan: StoryPlan): Promise<void> {
    await this.stories.insert(trx, plan.created);
    await this.stories.update(trx, plan.updated);
    await this.stories.updateVersions(trx, plan.counted);
    await this.members.setStatus(trx, plan.statuses);
    await this.actions.addDone(trx, plan.actions);
    await this.members.merge(trx, plan.merged);
    await this.stories.addItems(trx, plan.items);
    await this.stories.writePartners(trx, plan.partners);
    await this.members.removePartners(trx, plan.partnersRemoved);
    await this.tags.removeFromStories(trx, plan.tagsRemoved);
    await this.tags.addToStories(trx, plan.tagsAdded);
    await this.stories.addVersions(trx, plan.versions);
    await this.stories.bringRightsForward(trx, plan.rightsDue);
    await this.events.add(trx, plan.events);
  }
}

function isDecided(ruling: Ruling | undefined): boolean {
  return ruling !== undefined && ruling.rules.length + ruling.dictionaryTags.length > 0;
}

function givenBy(ruling: Ruling | undefined): string[] {
  const keys = new Set([...(ruling?.tags ?? []), ...(ruling?.dictionaryTags ?? [])].map(tagKey));
  return [...keys].filter((key) => ruling?.untagged.includes(key) !== true);
}
