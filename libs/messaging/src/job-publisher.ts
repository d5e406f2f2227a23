/** Puts jobs on the queues without ever waiting on Redis: what it cannot place, the sweepers find again in Postgres. */
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import type { z } from 'zod';
import { QUEUES } from '#contracts/jobs.js';
import { KEPT_JOBS } from './worker-options.js';

export type QueueKey = keyof typeof QUEUES;
export type JobData<K extends QueueKey> = z.infer<(typeof QUEUES)[K]['schema']>;

/** A throw in a worker is retried after 0.2, 0.4, 0.8 … s; after that the sweeper hands the unit out anew. */
const JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 200 },
  removeOnComplete: { count: KEPT_JOBS },
  removeOnFail: { count: KEPT_JOBS },
} as const;
const GIVE_UP_AFTER_MS = 2_500;
const MAX_BULK = 500;

@Injectable()
export class JobPublisher {
  private readonly logger = new Logger(JobPublisher.name);
  private lastComplaint = 0;

  constructor(private readonly moduleRef: ModuleRef) {}

  /**
   * Adds jobs in bulk. Never throws and never waits longer than a few seconds: false means that Redis did not confirm
   * them (they may still have been added; job ids make that harmless).
   */
  async publish<K extends QueueKey>(key: K, jobs: { id: string; data: JobData<K> }[]): Promise<boolean> {
    if (jobs.length === 0) return true;
    const queue = this.moduleRef.get<Queue>(getQueueToken(QUEUES[key].name), { strict: false });
    const bulk = jobs.map(({ id, data }) => ({ name: QUEUES[key].name, data, opts: { ...JOB_OPTIONS, jobId: id } }));
    let deadline: NodeJS.Timeout | undefined;
    try {
      const expired = new Promise<never>((_, reject) => {
        deadline = setTimeout(() => reject(new Error('Redis did not answer in time')), GIVE_UP_AFTER_MS);
      });
      const adding = (async () => {
        for (let start = 0; start < bulk.length; start += MAX_BULK)
          await queue.addBulk(bulk.slice(start, start + MAX_BULK));
      })();
      await Promise.race([adding, expired]);
      return true;
    } catch (error) {
      this.complain(QUEUES[key].name, error);
      return false;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** One line a second at most: an outage must not fill the log. */
  private complain(queue: string, error: unknown): void {
    if (Date.now() - this.lastComplaint < 1_000) return;
    this.lastComplaint = Date.now();
    this.logger.warn({ msg: 'jobs not enqueued; the sweeper will hand them out again', queue, error: String(error) });
  }
}
