/** Hands out again the batches whose job was lost: a crash between commit and queue, or a Redis that forgot. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { JobPublisher } from '#messaging/job-publisher.js';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { ItemBatchRepository } from '#storage/item-batch.repository.js';

const SWEEP_EVERY_MS = 1_000;
/** How long a batch may lie untouched, in Redis or with a worker, before it is handed out anew. */
const PATIENCE_MS = 10_000;
const SWEEP_LIMIT = 500;
const FLUSH_LIMIT = 10_000;

@Injectable()
export class ItemBatchSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ItemBatchSweeper.name);
  private readonly repeated = new RepeatedWork(
    () => this.handOut(PATIENCE_MS, SWEEP_LIMIT),
    this.logger,
    'batches could not be swept',
  );

  constructor(
    private readonly batches: ItemBatchRepository,
    private readonly jobs: JobPublisher,
    sentinel: RedisSentinel,
  ) {
    sentinel.onFlush(() => this.handOut(0, FLUSH_LIMIT));
  }

  onApplicationBootstrap(): void {
    this.repeated.start(SWEEP_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeated.stop();
  }

  private async handOut(patienceMs: number, limit: number): Promise<void> {
    const claimed = await this.batches.claimStale(patienceMs, limit);
    if (claimed.length === 0) return;
    const jobs = claimed.map(({ fetchId, generation, correlationId }) => ({
      id: `items-${fetchId}-${generation}`,
      data: { fetchId, correlationId },
    }));
    const accepted = await this.jobs.publish('processItems', jobs);
    this.logger.log({ msg: 'item batches handed out again', batches: claimed.length, accepted });
  }
}
