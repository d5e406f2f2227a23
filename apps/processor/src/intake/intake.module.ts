/** The room where items come in; it uses the rooms for stories, tags and the outbox. */
import { Module } from '@nestjs/common';
import { ItemBatchRepository } from '#storage/item-batch.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { IdentityModule } from '../identity/identity.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { StoriesModule } from '../stories/stories.module.js';
import { TaggingModule } from '../tagging/tagging.module.js';
import { ChunkProcessor } from './chunk-processor.js';
import { FetchIntake } from './fetch-intake.js';
import { IntakeMetrics } from './intake-metrics.js';
import { ItemBatchSweeper } from './item-batch.sweeper.js';
import { ItemCleaner } from './item-cleaner.js';
import { ItemReading } from './item-reading.js';
import { ProcessItemsWorker } from './process-items.worker.js';
import { RawItems } from './raw-items.js';
import { StoryCopies } from './story-copies.js';

@Module({
  imports: [IdentityModule, StoriesModule, TaggingModule, RulesModule, OutboxModule],
  providers: [
    ItemBatchRepository,
    ProcessedItemRepository,
    ItemCleaner,
    ItemReading,
    ChunkProcessor,
    RawItems,
    FetchIntake,
    IntakeMetrics,
    ItemBatchSweeper,
    ProcessItemsWorker,
    StoryRoomRepository,
    StoryCopies,
  ],
  exports: [ChunkProcessor, FetchIntake, StoryCopies],
})
export class IntakeModule {}
