/** Sends stored items through the very steps that new ones take, so that a dry run tells exactly what a run would do. */
import { Injectable } from '@nestjs/common';
import { Database } from '#storage/database.js';
import { ItemOutcomeRepository } from '#storage/item-outcome.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import {
  type LeasedReprocessing,
  ReprocessingQueueRepository,
  type StoredItem,
} from '#storage/reprocessing-queue.repository.js';
import { ChunkProcessor } from '../intake/chunk-processor.js';
import { RunLook } from './run-look.js';

/** Why no webhook announces a story that only a second processing made: it is no news any more. */
const QUIET = 'processed again: its time as news is over';

@Injectable()
export class ItemReprocessor {
  constructor(
    private readonly database: Database,
    private readonly chunks: ChunkProcessor,
    private readonly queue: ReprocessingQueueRepository,
    private readonly outcomes: ItemOutcomeRepository,
    private readonly items: ProcessedItemRepository,
  ) {}

  /** Doing it twice changes nothing the second time. Throws RunLost when the run was taken away, else what PostgreSQL throws. */
  async process(run: LeasedReprocessing, items: readonly StoredItem[]): Promise<void> {
    // What waits for the intake is processed by today's rules anyway. What its partner took back, the feed's rules kept out (only the
    // ingestor knows them) or an operator dropped stays away, with its reason.
    const settled = items.filter(
      ({ isProcessed, isWithdrawn, isDroppedForGood }) => isProcessed && !isWithdrawn && !isDroppedForGood,
    );
    if (settled.length === 0) return;
    const { database, queue, outcomes, items: processed } = this;
    await this.chunks.process(
      settled.map((item) => (item.state === 'in-story' ? item : { ...item, quietReason: item.quietReason ?? QUIET })),
      new RunLook(run, settled, { database, queue, outcomes, items: processed }),
    );
  }
}
