/** Runs rules and reads pages in worker threads, so that neither an expression nor a page can stop or swell the process. */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import { Slots } from '../fetching/slots.js';
import type { Article, PageTask } from './extract-article.js';
import type { ItemTask, TreatedItems } from './treat-items.js';
import type { TreatmentAnswer, TreatmentTask } from './treatment.thread.js';

const THREADS = 2;
const DEADLINE_MS = 2_000;
/** A thread that has just been started loads its modules first, at worst on a busy machine. */
const COLD_START_MS = 5_000;
const MEMORY_MB = 192;

/** The reason is a sentence for operators, beginning in lower case. */
export class TreatmentError extends Error {}

@Injectable()
export class TreatmentThreads implements OnApplicationShutdown {
  private pool: Piscina<TreatmentTask, TreatmentAnswer> | undefined;
  private readonly slots = new Slots(THREADS);
  private readSinceStart = 0;
  private stopped = false;

  /** @throws {TreatmentError} when it takes too long or too much memory. */
  async items(task: ItemTask, signal?: AbortSignal): Promise<TreatedItems> {
    const answer = await this.run({ items: task }, signal);
    if ('items' in answer) return answer.items;
    throw new TreatmentError('error' in answer ? answer.error : 'no answer');
  }

  /** Null when there is no article. @throws {TreatmentError} as `items`. */
  async article(page: PageTask, signal?: AbortSignal): Promise<Article | null> {
    const answer = await this.run({ page: { ...page, bytes: Uint8Array.from(page.bytes) } }, signal);
    if ('article' in answer) return answer.article;
    throw new TreatmentError('error' in answer ? answer.error : 'no answer');
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.pool?.destroy();
    this.pool = undefined;
  }

  /** A task goes to the pool when a thread is free, so that its deadline is its own time and not its neighbours'. */
  private async run(task: TreatmentTask, signal?: AbortSignal): Promise<TreatmentAnswer> {
    await this.slots.take();
    const cold = this.readSinceStart < THREADS;
    const deadline = AbortSignal.timeout(DEADLINE_MS + (cold ? COLD_START_MS : 0));
    try {
      if (this.stopped) throw new TreatmentError('the hub is shutting down');
      const answer = await this.threads().run(task, {
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      this.readSinceStart++;
      return answer;
    } catch (error) {
      this.readSinceStart = 0;
      throw this.explained(error, deadline.aborted);
    } finally {
      this.slots.release();
    }
  }

  private threads(): Piscina<TreatmentTask, TreatmentAnswer> {
    if (this.pool) return this.pool;
    this.pool = new Piscina<TreatmentTask, TreatmentAnswer>({
      filename: projectFile('dist/apps/ingestor/src/settings/treatment.thread.js'),
      minThreads: 1,
      maxThreads: THREADS,
      idleTimeout: 60_000,
      // Waking an idle thread by its event loop instead of Atomics.wait lets it collect garbage and be terminated.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: 8 },
    });
    // A thread that dies without a task reports here; the next task starts a new one.
    this.pool.on('error', () => undefined);
    return this.pool;
  }

  private explained(error: unknown, late: boolean): Error {
    if (error instanceof TreatmentError) return error;
    if (late) return new TreatmentError(`it takes more than ${DEADLINE_MS / 1_000} seconds`);
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new TreatmentError(`it needs more than ${MEMORY_MB} MB of memory`);
    return new TreatmentError(String(message).slice(0, 200));
  }
}
