/** Consumes fetch-feed: lease, fetch, store. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { QUEUES } from '#contracts/jobs.js';
import { parseJob, workerOptions } from '#messaging/worker-options.js';
import { FeedScheduler } from '../scheduling/feed-scheduler.js';
import { FeedFetcher } from './feed-fetcher.js';
import { FetchInterrupted } from './fetch-trouble.js';
import { LeaseDesk } from './lease-desk.js';
import { OutcomeWriter } from './outcome-writer.js';

/** Polls at once in this process: enough that dozens of hanging partners leave room for the others. */
const CONCURRENCY = 100;

@Processor(QUEUES.fetchFeed.name, workerOptions({ concurrency: CONCURRENCY }))
export class FetchFeedWorker extends WorkerHost {
  constructor(
    private readonly leases: LeaseDesk,
    private readonly fetcher: FeedFetcher,
    private readonly outcomes: OutcomeWriter,
    private readonly scheduler: FeedScheduler,
  ) {
    super();
  }

  /** Idempotent: without the lease nothing happens, and only the lease's holder may write. */
  async process(job: Job<unknown>, _token?: string, signal?: AbortSignal): Promise<void> {
    const feed = await this.leases.take(parseJob(QUEUES.fetchFeed, job));
    if (!feed) return;
    try {
      await this.outcomes.write(await this.fetcher.fetch(feed, signal));
      this.scheduler.jobFinished();
    } catch (error) {
      const interrupted = error instanceof FetchInterrupted;
      // The retry of this very job, a moment later, needs the lease; after an interruption another process does.
      await this.leases.giveBack(feed, { requeue: interrupted });
      if (!interrupted) throw error;
    }
  }
}
