/** Limits the attempts under way in this process, and ends them with it. */
import { setMaxListeners } from 'node:events';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Most of them wait for an answer; endpoints that hang may hold a few each for the whole deadline. */
const AT_ONCE = 250;
/** What is under way when the process ends gets this long to finish. */
const GRACE_MS = 1_000;

@Injectable()
export class AttemptPool implements BeforeApplicationShutdown {
  private readonly ending = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];

  constructor() {
    setMaxListeners(0, this.ending.signal);
  }

  /** Waits for a place, first come first served, and starts `attempt`. Answers when it has begun. */
  async begin(attempt: (signal: AbortSignal) => Promise<void>): Promise<{ ended: Promise<void> }> {
    if (this.running.size >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const ended = attempt(this.ending.signal).finally(() => {
      this.running.delete(ended);
      this.waiting.shift()?.();
    });
    this.running.add(ended);
    ended.catch(() => undefined);
    return { ended };
  }

  /** Breaks off what does not finish in time; its deliveries are due again at once. */
  async beforeApplicationShutdown(): Promise<void> {
    const finished = Promise.allSettled(this.running);
    await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
    this.ending.abort();
    await Promise.allSettled(this.running);
  }
}
