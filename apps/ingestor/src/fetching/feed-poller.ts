/** One feed's poll from its lease to its outcome, whatever happens on the way. */
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { FeedToFetch } from '#contracts/jobs.js';
import type { LeasedFeed } from '#storage/feed-lease.repository.js';
import { FeedScheduler } from '../scheduling/feed-scheduler.js';
import { FeedFetcher } from './feed-fetcher.js';
import { FetchInterrupted } from './fetch-trouble.js';
import { LeaseDesk } from './lease-desk.js';
import { OutcomeWriter } from './outcome-writer.js';
import { Slots } from './slots.js';

/** Polls at once in this process: hundreds of hanging partners leave room for the others. */
const CONCURRENT_POLLS = 250;

@Injectable()
export class FeedPoller implements BeforeApplicationShutdown {
  private readonly logger = new Logger(FeedPoller.name);
  private readonly slots = new Slots(CONCURRENT_POLLS);
  /** Polls under way, each with what ends it. */
  private readonly running = new Map<Promise<void>, AbortController>();
  private stopped = false;

  constructor(
    private readonly leases: LeaseDesk,
    private readonly fetcher: FeedFetcher,
    private readonly outcomes: OutcomeWriter,
    private readonly scheduler: FeedScheduler,
  ) {}

  /** Polls that are under way end here, their feeds free for another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const abort of this.running.values()) abort.abort();
    await Promise.allSettled(this.running.keys());
  }

  /**
   * Waits until there is room, then starts a poll and resolves with its end. Idempotent: without the lease nothing
   * happens, and only the lease's holder may write.
   */
  async start(feed: FeedToFetch): Promise<{ end: Promise<void> }> {
    await this.slots.take();
    const abort = new AbortController();
    const end = this.poll(feed, abort.signal).finally(() => {
      this.slots.release();
      this.running.delete(end);
      this.scheduler.pollFinished();
    });
    this.running.set(end, abort);
    // Whoever started it may have stopped waiting.
    end.catch(() => undefined);
    return { end };
  }

  /** @throws when the lease cannot be asked for, or the process ends before it: the job is then run again, elsewhere. */
  private async poll(claim: FeedToFetch, signal: AbortSignal): Promise<void> {
    if (this.stopped) throw new FetchInterrupted('the process ends');
    const feed = await this.leases.take(claim);
    if (!feed) return;
    try {
      await this.outcomes.write(await this.fetcher.fetch(feed, signal));
    } catch (error) {
      if (error instanceof FetchInterrupted) await this.leases.giveBack(feed, { requeue: true });
      else await this.giveUp(feed, error);
    }
  }

  /** A mistake of ours, or a store that is away: said on the feed if possible, and tried again later. */
  private async giveUp(feed: LeasedFeed, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.logger.error({ msg: 'a poll could not be finished', feedId: feed.id, error: message });
    try {
      await this.outcomes.write({ quiet: this.fetcher.internalFailure(feed, message) });
    } catch {
      await this.leases.giveBack(feed, { requeue: false });
    }
  }
}
