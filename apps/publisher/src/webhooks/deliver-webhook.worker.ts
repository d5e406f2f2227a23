/** Works on deliver-webhook: one attempt of each delivery that the job names. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { QUEUES } from '#contracts/jobs.js';
import { parseJob, workerOptions } from '#messaging/worker-options.js';
import { AttemptPool } from './attempt-pool.js';
import { DeliveryAttempts } from './delivery-attempts.js';

/** A job that waits this long for its attempts goes on without them: a receiver that hangs keeps its attempt, not the job. */
const WAIT_MS = 1_000;

@Processor(QUEUES.deliverWebhook.name, workerOptions({ concurrency: 50 }))
export class DeliverWebhookWorker extends WorkerHost {
  constructor(
    private readonly pool: AttemptPool,
    private readonly attempts: DeliveryAttempts,
  ) {
    super();
  }

  /** Run twice, it repeats nothing: every delivery has a lease of its own. Throws when an attempt could not be made. */
  async process(job: Job<unknown>): Promise<void> {
    const { deliveries } = parseJob(QUEUES.deliverWebhook, job);
    const begun = await Promise.all(
      deliveries.map((delivery) =>
        this.pool.begin(delivery.endpointId, (signal) => this.attempts.make(delivery, signal)),
      ),
    );
    const ended = Promise.all(begun.map((attempt) => attempt.ended));
    // Whoever goes on after the job is looked after by its lease.
    ended.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, WAIT_MS);
    });
    try {
      await Promise.race([ended, patience]);
    } finally {
      clearTimeout(timer);
    }
  }
}
