/** Stories: made, joined and changed, with their events. */
import { Module } from '@nestjs/common';
import { EventRepository } from '#storage/event.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { RuleOutcomeRepository } from '#storage/rule-outcome.repository.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryMembershipRepository } from '#storage/story-membership.repository.js';
import { StoryStateRepository } from '#storage/story-state.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { IdentityModule } from '../identity/identity.module.js';
import { TaggingModule } from '../tagging/tagging.module.js';
import { StoryPlanner } from './story-planner.js';
import { StoryStore } from './story-store.js';
import { StoryWriter } from './story-writer.js';

@Module({
  imports: [IdentityModule, TaggingModule],
  providers: [
    ProcessedItemRepository,
    StoryRepository,
    StoryActionRepository,
    StoryMembershipRepository,
    StoryStateRepository,
    EventRepository,
    RuleOutcomeRepository,
    StoryPlanner,
    StoryStore,
    StoryWriter,
  ],
  exports: [
    StoryActionRepository,
    StoryMembershipRepository,
    StoryStateRepository,
    StoryPlanner,
    StoryStore,
    StoryWriter,
  ],
})
export class StoriesModule {}
