/** Stored items are processed again after a change of rules, dictionaries or thresholds. */
import { Module } from '@nestjs/common';
import { ItemOutcomeRepository } from '#storage/item-outcome.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { ReprocessingQueueRepository } from '#storage/reprocessing-queue.repository.js';
import { IntakeModule } from '../intake/intake.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { ItemReprocessor } from './item-reprocessor.js';
import { ReprocessingRunner } from './reprocessing-runner.js';

@Module({
  imports: [IntakeModule, OutboxModule],
  providers: [
    ItemOutcomeRepository,
    ProcessedItemRepository,
    ReprocessingQueueRepository,
    ItemReprocessor,
    ReprocessingRunner,
  ],
})
export class ReprocessingModule {}
