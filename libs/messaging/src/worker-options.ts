/** How every worker of the house runs: short locks, stalled jobs taken over in seconds, a bounded history. */
import { type Job, UnrecoverableError, type WorkerOptions } from 'bullmq';
import type { z } from 'zod';

/** What Bull Board can look back on; the history that counts is in Postgres. */
export const KEPT_JOBS = 1_000;

/**
 * `concurrency`: jobs at once in this process. A worker that was killed loses its jobs to the others after
 * `lockDuration`; the high `maxStalledCount` keeps repeated kills from failing a job for good.
 */
export function workerOptions({ concurrency }: { concurrency: number }): Omit<WorkerOptions, 'connection'> {
  return {
    concurrency,
    lockDuration: 5_000,
    stalledInterval: 2_500,
    maxStalledCount: 1_000,
    drainDelay: 1,
    removeOnComplete: { count: KEPT_JOBS },
    removeOnFail: { count: KEPT_JOBS },
  };
}

/** A job's data, checked; a malformed job is failed for good, with the reason, since no retry can mend it. */
export function parseJob<S extends z.ZodType>(queue: { name: string; schema: S }, job: Job<unknown>): z.infer<S> {
  const result = queue.schema.safeParse(job.data);
  if (!result.success)
    throw new UnrecoverableError(
      `malformed job ${job.id ?? ''} on ${queue.name}: ${result.error.issues[0]?.message ?? ''}`,
    );
  return result.data;
}
