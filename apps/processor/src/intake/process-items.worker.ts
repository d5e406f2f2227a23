/** Takes process-items jobs: everything that one fetch brought or changed. */
import { Logger } from '@nestjs/common';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { QUEUES } from '#contracts/jobs.js';
import { parseJob, workerOptions } from '#messaging/worker-options.js';
import { FetchIntake } from './fetch-intake.js';

@Processor(QUEUES.processItems.name, workerOptions({ concurrency: 64 }))
export class ProcessItemsWorker extends WorkerHost {
  private readonly logger = new Logger(ProcessItemsWorker.name);

  constructor(private readonly intake: FetchIntake) {
    super();
  }

  /** Running it twice, or twice at once, changes nothing: items say themselves which of their versions is processed. */
  async process(job: Job<unknown>, _token?: string, signal?: AbortSignal): Promise<void> {
    const { fetchId, correlationId } = parseJob(QUEUES.processItems, job);
    const startedAt = Date.now();
    const items = await this.intake.process(fetchId, signal);
    this.logger.log({ msg: 'processed', fetchId, correlationId, items, ms: Date.now() - startedAt });
  }
}
