/** Limits the attempts under way in this process, shares the places among endpoints, and ends all with the process. */
import { setMaxListeners } from 'node:events';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Places for attempts that end soon, as nearly all do. */
const QUICK_PLACES = 250;
/** An attempt that lasts longer leaves its place to others: it only waits for an answer. */
const QUICK_MS = 1_000;
/**
 * Attempts that have left their place, and those begun meanwhile at endpoints that have such. The dispatcher hands out about
 * as many to suspects; beyond them an endpoint's further attempts wait, those of the others do not.
 */
const SLOW_PLACES = 1_000;
/** What is under way when the process ends gets this long to finish. */
const GRACE_MS = 1_000;

type Begin = () => void;

@Injectable()
export class AttemptPool implements BeforeApplicationShutdown {
  private readonly ending = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private quick = 0;
  private slow = 0;
  /** Attempts in slow places, by endpoint. */
  private readonly slowOf = new Map<string, number>();
  /** Who waits for a quick place: endpoints take turns, each of their attempts comes in its order. */
  private readonly waiting = new Map<string, Begin[]>();
  private readonly waitingForSlow: Begin[] = [];

  constructor() {
    setMaxListeners(0, this.ending.signal);
  }

  /** Waits for a place and starts `attempt`. Answers when it has begun. */
  async begin(endpointId: string, attempt: (signal: AbortSignal) => Promise<void>): Promise<{ ended: Promise<void> }> {
    const place = this.slowOf.has(endpointId) ? await this.slowPlace(endpointId) : await this.quickPlace(endpointId);
    const ended = attempt(this.ending.signal).finally(() => {
      this.running.delete(ended);
      place.leave();
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

  private async quickPlace(endpointId: string): Promise<{ leave: () => void }> {
    if (this.quick >= QUICK_PLACES)
      await new Promise<void>((resolve) => {
        const mine = this.waiting.get(endpointId);
        if (mine) mine.push(resolve);
        else this.waiting.set(endpointId, [resolve]);
      });
    else this.quick++;
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.takeSlow(endpointId);
      this.leaveQuick();
    }, QUICK_MS);
    return {
      leave: () => {
        clearTimeout(timer);
        if (isSlow) this.leaveSlow(endpointId);
        else this.leaveQuick();
      },
    };
  }

  private async slowPlace(endpointId: string): Promise<{ leave: () => void }> {
    if (this.slow >= SLOW_PLACES) await new Promise<void>((resolve) => this.waitingForSlow.push(resolve));
    this.takeSlow(endpointId);
    return { leave: () => this.leaveSlow(endpointId) };
  }

  /** The place goes to the endpoint whose turn it is; it then waits behind the others. */
  private leaveQuick(): void {
    for (const [endpointId, mine] of this.waiting) {
      this.waiting.delete(endpointId);
      const [next, ...others] = mine;
      if (others.length > 0) this.waiting.set(endpointId, others);
      next?.();
      return;
    }
    this.quick--;
  }

  private takeSlow(endpointId: string): void {
    this.slow++;
    this.slowOf.set(endpointId, (this.slowOf.get(endpointId) ?? 0) + 1);
  }

  private leaveSlow(endpointId: string): void {
    this.slow--;
    const left = (this.slowOf.get(endpointId) ?? 1) - 1;
    if (left === 0) this.slowOf.delete(endpointId);
    else this.slowOf.set(endpointId, left);
    this.waitingForSlow.shift()?.();
  }
}
