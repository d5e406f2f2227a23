/** Consumes fetch-feed: starts the job's polls and does not let the slow ones hold up the others. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { QUEUES } from '#contracts/jobs.js';
import { parseJob, workerOptions } from '#messaging/worker-options.js';
import { FeedPoller } from './feed-poller.js';

/** Enough jobs at once to fill the poller's room. */
const CONCURRENT_JOBS = 20;
/** Polls that take longer go on without their job: their claims in Postgres are what counts. */
const PATIENCE_MS = 1_000;

@Processor(QUEUES.fetchFeed.name, workerOptions({ concurrency: CONCURRENT_JOBS }))
export class FetchFeedWorker extends WorkerHost {
  constructor(private readonly poller: FeedPoller) {
    super();
  }

  /** Idempotent: feeds that were polled since the claim, or are being polled, are left alone. */
  async process(job: Job<unknown>): Promise<void> {
    const { end } = await this.poller.start(parseJob(QUEUES.fetchFeed, job).feeds);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([end, patience]).finally(() => clearTimeout(timer));
  }
}
