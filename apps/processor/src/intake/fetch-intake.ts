/** Processes what fetches left, gathering the small ones into one chunk: a transaction costs the same for one item or a hundred. */
import { Injectable, Logger } from '@nestjs/common';
import DataLoader from 'dataloader';
import { ItemBatchRepository } from '#storage/item-batch.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { EventRelay } from '../outbox/event-relay.js';
import { ChunkProcessor } from './chunk-processor.js';
import { Gate } from './gate.js';
import { IntakeMetrics } from './intake-metrics.js';

/** Items of one transaction: enough to share its cost, few enough that others do not wait long for the lanes. */
const CHUNK = 100;
/** A quarter of the worker's concurrency: one chunk must not take all the fetches, or there is nothing to do beside it. */
const FETCHES_A_CHUNK = 16;
/** While one chunk is in the database, the next is cleaned; those behind grow instead of queueing for connections and lanes. */
const CHUNKS_AT_ONCE = 3;
/** How long the first fetch waits for company. */
const WINDOW_MS = 2;

/** What a chunk did for one fetch. `waiting`: more of its items are to be processed. */
interface Progress {
  items: number;
  waiting: boolean;
}

@Injectable()
export class FetchIntake {
  private readonly logger = new Logger(FetchIntake.name);
  private readonly gate = new Gate(CHUNKS_AT_ONCE);
  private readonly chunks = new DataLoader<string, Progress>((fetchIds) => this.processChunk(fetchIds), {
    cache: false,
    maxBatchSize: FETCHES_A_CHUNK,
    batchScheduleFn: (start) => this.gate.enter(() => setTimeout(start, WINDOW_MS)),
  });

  constructor(
    private readonly items: ProcessedItemRepository,
    private readonly batches: ItemBatchRepository,
    private readonly chunkProcessor: ChunkProcessor,
    private readonly relay: EventRelay,
    private readonly metrics: IntakeMetrics,
  ) {}

  /** No items are being processed: there is room for what can wait. */
  get isIdle(): boolean {
    return this.gate.isIdle;
  }

  /** Until nothing of the fetch is left, or `signal` aborts between two chunks. Answers how many items were looked at. */
  async process(fetchId: string, signal?: AbortSignal): Promise<number> {
    for (let items = 0; ;) {
      signal?.throwIfAborted();
      const progress = await this.chunks.load(fetchId);
      items += progress.items;
      if (!progress.waiting) return items;
    }
  }

  private async processChunk(requested: readonly string[]): Promise<Progress[]> {
    const fetchIds = [...new Set(requested)];
    const end = this.metrics.chunkSeconds.startTimer();
    try {
      const items = await this.items.loadUnprocessed(fetchIds, CHUNK);
      if (items.length > 0) await this.chunkProcessor.process(items);
      const waiting = new Set(await this.batches.finish(fetchIds));
      if (items.length > 0) this.relay.poke();
      return requested.map((id) => ({
        items: items.filter(({ fetchId }) => fetchId === id).length,
        waiting: waiting.has(id),
      }));
    } catch (error) {
      await this.batches.noteError(fetchIds, String(error)).catch(() => undefined);
      this.logger.warn({ msg: 'chunk failed; it is tried again', fetches: fetchIds.length, error: String(error) });
      throw error;
    } finally {
      this.gate.leave();
      end();
    }
  }
}
