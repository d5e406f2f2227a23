/** Looks after every worker and queue of an app: error handlers from the start, and an orderly end with a deadline. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { WorkerHost } from '@nestjs/bullmq';
import { type Job, Queue, type Worker } from 'bullmq';

/** Running jobs get this long to finish; then they are told to stop and their work is taken over after the next start. */
const DRAIN_MS = 2_000;
const COMPLAIN_EVERY_MS = 5_000;
/** So long a start waits for the connections; when Redis is away it goes on without them. */
const READY_MS = 1_000;

@Injectable()
export class WorkerDrain implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Queues');
  private readonly workers: Worker[] = [];
  private lastComplaint = 0;
  private isEnding = false;

  constructor(private readonly discovery: DiscoveryService) {}

  /**
   * Without Redis the service starts all the same, for what needs none, and works through its queues once it is there. A
   * connection that breaks while BullMQ initialises it is never tried again, and the process would stay deaf: it ends
   * then, at its start or later, and its supervisor starts it anew.
   */
  async onApplicationBootstrap(): Promise<void> {
    const ready: Promise<unknown>[] = [];
    for (const { instance } of this.discovery.getProviders() as { instance: unknown }[]) {
      if (instance instanceof WorkerHost) {
        const worker = instance.worker as Worker;
        this.workers.push(worker);
        worker.on('error', (error: Error) => this.complain(error));
        worker.on('failed', (job: Job | undefined, error: Error) => {
          this.logger.warn({
            msg: 'job failed',
            queue: job?.queueName,
            jobId: job?.id,
            attempt: job?.attemptsMade,
            error: error.message,
          });
        });
        ready.push(worker.waitUntilReady());
      }
      if (instance instanceof Queue) {
        instance.on('error', (error: Error) => this.complain(error));
        ready.push(instance.waitUntilReady());
      }
    }
    const allReady = Promise.all(ready);
    // Caught by nobody: a rejection later on ends the process.
    void allReady.catch((error: unknown) => {
      if (!this.isEnding) throw error;
    });
    if (!(await within(allReady, READY_MS)))
      this.logger.warn({ msg: 'started without Redis; queues are worked through when it is there' });
  }

  /** Before the queues close, so that a running job's follow-up `add` still works. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.workers.map((worker) => this.end(worker)));
  }

  private async end(worker: Worker): Promise<void> {
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      deadline = setTimeout(() => resolve('late'), DRAIN_MS);
    });
    const closed = worker.close().then(() => 'closed' as const);
    closed.catch(() => undefined);
    if ((await Promise.race([closed, late]).catch(() => 'closed')) === 'late') {
      worker.cancelAllJobs('the hub is shutting down');
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500))]).catch(() => undefined);
    }
    clearTimeout(deadline);
  }

  /** An outage raises hundreds of connection errors; one line in five seconds tells as much. */
  private complain(error: Error): void {
    if (Date.now() - this.lastComplaint < COMPLAIN_EVERY_MS) return;
    this.lastComplaint = Date.now();
    this.logger.warn({ msg: 'Redis connection trouble; work goes on when it is back', error: error.message });
  }
}

/** Whether the promise is fulfilled in time. */
async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([promise.then(() => true), late]).finally(() => clearTimeout(timer));
}
