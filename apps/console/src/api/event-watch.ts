/** Wakes those who wait for events: one look at the database for all of them, a few times a second. */
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { EndpointStreamRepository } from '#storage/endpoint-stream.repository.js';
import { ProblemException, problemBody } from './problem.js';

const LOOK_EVERY_MS = 250;
/** Each waiter holds a connection of the console; and one receiver has no use for more than a few. */
const MAX_WAITING = 500;
const MAX_WAITING_EACH = 5;

@Injectable()
export class EventWatch implements BeforeApplicationShutdown {
  /** What the database said when last looked. */
  private newest = '';
  private readonly waiting = new Set<() => void>();
  private readonly places = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private ended = false;

  constructor(private readonly events: EndpointStreamRepository) {}

  beforeApplicationShutdown(): void {
    this.ended = true;
    this.wakeAll();
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** Takes a place among those who wait on behalf of `who`; call the answer when done. Throws 429 when there is none. */
  takePlace(who: string): () => void {
    const own = this.places.get(who) ?? 0;
    const all = [...this.places.values()].reduce((sum, places) => sum + places, 0);
    if (own >= MAX_WAITING_EACH || all >= MAX_WAITING)
      throw new ProblemException(
        problemBody(
          429,
          own >= MAX_WAITING_EACH
            ? `${MAX_WAITING_EACH} requests wait for this endpoint's events already. End one, or ask without wait.`
            : 'Too many requests wait for events at this moment. Ask without wait, again in some seconds.',
          { kind: 'too-many-waiting' },
        ),
      );
    this.places.set(who, own + 1);
    return () => {
      const left = (this.places.get(who) ?? 1) - 1;
      if (left > 0) this.places.set(who, left);
      else this.places.delete(who);
    };
  }

  /** Waits until there are other events than when `mark` was taken, `ms` have passed, `signal` fires or the console ends. */
  async wait(mark: string, ms: number, signal: AbortSignal): Promise<void> {
    if (this.ended || signal.aborted || ms <= 0 || mark !== this.newest) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timeout);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        if (this.waiting.size === 0) this.rest();
        resolve();
      };
      const timeout = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.waiting.add(done);
      this.timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS);
    });
  }

  /** To be taken before reading: what comes after it wakes. */
  async mark(): Promise<string> {
    await this.look();
    return this.newest;
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const newest = await this.events.mark();
      if (newest === this.newest) return;
      this.newest = newest;
      this.wakeAll();
    } catch {
      // Postgres is away: those who wait learn it when they read.
    } finally {
      this.looking = false;
    }
  }

  private wakeAll(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
