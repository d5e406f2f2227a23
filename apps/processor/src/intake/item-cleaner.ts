/** Cleans items in worker threads with a deadline and a memory cap, and finds the item that breaks a batch. */
import { availableParallelism } from 'node:os';
import { Injectable, Logger, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import type { RawItem } from './clean-item.js';
import type { CleaningResult } from './clean-items.thread.js';
import { Gate } from './gate.js';

/** `threadFile` is always a compiled one: threads know neither Jest nor TypeScript. */
interface CleaningLimits {
  threadFile: string;
  batchDeadlineMs: number;
  itemDeadlineMs: number;
}

/**
 * A hundred ordinary items take 50 ms, the largest item that is let through 300 ms. The rest is for a thread that has just
 * been started on a machine with too much to do: an honest item must never fail because others were quicker.
 */
const LIMITS: CleaningLimits = {
  threadFile: projectFile('dist/apps/processor/src/intake/clean-items.thread.js'),
  batchDeadlineMs: 6_000,
  itemDeadlineMs: 8_000,
};
const MAX_HEAP_MB = 192;
const THREADS = Math.max(2, Math.min(4, availableParallelism() - 1));

/** Polls, readers and webhooks come first where the processors are busy; a thread alone runs as fast as ever. */
const NICE = 5;

@Injectable()
export class ItemCleaner implements OnApplicationShutdown {
  private readonly logger = new Logger(ItemCleaner.name);
  private readonly limits: CleaningLimits;
  /** A batch is given to the pool when a thread is free, so that its deadline is its own time and not its neighbours'. */
  private readonly gate = new Gate(THREADS);
  private readonly pool: Piscina<RawItem[], CleaningResult[]>;

  constructor(@Optional() limits: Partial<CleaningLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
    this.pool = new Piscina<RawItem[], CleaningResult[]>({
      filename: this.limits.threadFile,
      minThreads: 1,
      maxThreads: THREADS,
      niceIncrement: NICE,
      idleTimeout: 60_000,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 16 },
    });
    // A thread that dies after its batch was given up has nobody left to tell; unheard, it would end the process.
    this.pool.on('error', () => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  /** One result an item, in order; an item that cannot be cleaned says why. Throws only when the threads themselves fail. */
  async clean(items: RawItem[]): Promise<CleaningResult[]> {
    if (items.length === 0) return [];
    try {
      return await this.run(items);
    } catch (error) {
      const reason = this.reasonOf(error);
      // Threads that cannot start, or that are being shut down, are no item's fault: the job is tried again.
      if (reason === undefined) throw error;
      if (items.length === 1) return [{ failure: reason }];
      this.logger.warn({ msg: 'a batch broke its cleaning thread; looking for the item', items: items.length });
      const results: CleaningResult[] = [];
      for (const item of items) results.push(...(await this.clean([item])));
      return results;
    }
  }

  private async run(items: RawItem[]): Promise<CleaningResult[]> {
    const deadlineMs = items.length === 1 ? this.limits.itemDeadlineMs : this.limits.batchDeadlineMs;
    await new Promise<void>((start) => this.gate.enter(start));
    try {
      return await this.pool.run(items, { signal: AbortSignal.timeout(deadlineMs) });
    } finally {
      this.gate.leave();
    }
  }

  /** Undefined when the items are not to blame. */
  private reasonOf(error: unknown): string | undefined {
    const { name, code } = error as { name?: string; code?: string };
    if (name === 'AbortError' || name === 'TimeoutError')
      return `cleaning took longer than ${this.limits.itemDeadlineMs / 1_000} s`;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `cleaning needed more than ${MAX_HEAP_MB} MB of memory`;
    return undefined;
  }
}
