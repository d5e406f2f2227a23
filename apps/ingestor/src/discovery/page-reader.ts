/** Reads pages in a worker thread with a deadline and a memory cap: a page is as hostile as a feed. */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import type { PageLinks } from './page-links.js';
import type { PageTask } from './page-links.thread.js';

/** Reading 2 MB takes 50 ms; the rest is for a thread that has just been started on a busy machine. */
const DEADLINE_MS = 4_000;
const MEMORY_MB = 128;
const MAX_WAITING = 100;

@Injectable()
export class PageReader implements OnApplicationShutdown {
  private pool: Piscina<PageTask, PageLinks> | undefined;

  /** The links that may be feeds. Throws an Error with a sentence for people. */
  async links(page: PageTask, signal: AbortSignal): Promise<PageLinks> {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      return await this.startedPool().run(page, { signal: stop });
    } catch (error) {
      throw new Error('The page could not be searched for feeds: it took too long or too much memory.', {
        cause: error,
      });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  private startedPool(): Piscina<PageTask, PageLinks> {
    if (this.pool !== undefined) return this.pool;
    this.pool = new Piscina<PageTask, PageLinks>({
      filename: projectFile('dist/apps/ingestor/src/discovery/page-links.thread.js'),
      minThreads: 0,
      maxThreads: 1,
      maxQueue: MAX_WAITING,
      idleTimeout: 30_000,
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: 4 },
    });
    // A thread that dies without a task reports here; the next page starts a new one.
    this.pool.on('error', () => undefined);
    return this.pool;
  }
}
