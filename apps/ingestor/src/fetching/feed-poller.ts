/** Polls from their claims to their outcomes, whatever happens on the way. */
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { FeedToFetch } from '#contracts/jobs.js';
import { FeedInHandRepository, type FeedInHand } from '#storage/feed-in-hand.repository.js';
import { isImpossibleData } from '#storage/refused-data.js';
import { FeedScheduler } from '../scheduling/feed-scheduler.js';
import { DocumentMemory } from './document-memory.js';
import { FeedFetcher } from './feed-fetcher.js';
import { FetchSequel } from './fetch-sequel.js';
import { FetchInterrupted } from './fetch-trouble.js';
import { OutcomeWriter } from './outcome-writer.js';
import { Slots } from './slots.js';

/** Polls at once in this process: hundreds of hanging partners leave room for the others. */
const CONCURRENT_POLLS = 500;
/** What was read of a feed is not waited with any longer: its claim must outlast the fetch. */
const READ_AGAIN_AFTER_MS = 5_000;

@Injectable()
export class FeedPoller implements BeforeApplicationShutdown {
  private readonly logger = new Logger(FeedPoller.name);
  private readonly slots = new Slots(CONCURRENT_POLLS);
  /** Polls under way, by feed and generation: a job that comes twice does not ask a partner twice. */
  private readonly running = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly claims: FeedInHandRepository,
    private readonly fetcher: FeedFetcher,
    private readonly outcomes: OutcomeWriter,
    private readonly sequel: FetchSequel,
    private readonly scheduler: FeedScheduler,
    private readonly memory: DocumentMemory,
  ) {}

  /** Polls that are under way end here, their feeds free for another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }

  /**
   * Starts a poll of each feed as room allows, and resolves with their common end when all have begun. Idempotent:
   * claims that are outdated or fulfilled are left alone, and an outcome is only written for a claim that stands.
   * @throws when Postgres cannot be asked, or the process ends: the job is then run again, elsewhere.
   */
  async start(feeds: readonly FeedToFetch[]): Promise<{ end: Promise<unknown> }> {
    const ends: Promise<void>[] = [];
    let rest = await this.open(feeds);
    let readAt = performance.now();
    while (rest.length > 0) {
      await this.slots.take();
      if (performance.now() - readAt > READ_AGAIN_AFTER_MS) {
        rest = await this.open(rest.map(claimOf)).finally(() => this.slots.release());
        readAt = performance.now();
      } else {
        ends.push(this.follow(rest.shift() as FeedInHand));
      }
    }
    return { end: Promise.all(ends) };
  }

  private async open(claims: readonly FeedToFetch[]): Promise<FeedInHand[]> {
    if (this.ending.signal.aborted) throw new FetchInterrupted('the process ends');
    return this.claims.begin(claims.filter((claim) => !this.running.has(keyOf(claim))));
  }

  private follow(feed: FeedInHand): Promise<void> {
    const key = keyOf(claimOf(feed));
    const end = this.poll(feed).finally(() => {
      this.slots.release();
      this.running.delete(key);
      this.scheduler.pollFinished();
    });
    this.running.set(key, end);
    // Whoever started it may have stopped waiting.
    end.catch(() => undefined);
    return end;
  }

  private async poll(feed: FeedInHand): Promise<void> {
    const memory = this.memory.open();
    try {
      const result = await this.fetcher.fetch(feed, memory, this.ending.signal);
      await this.outcomes.write(result);
      await this.sequel.follow(feed, result);
    } catch (error) {
      if (error instanceof FetchInterrupted) await this.giveBack(feed);
      else await this.giveUp(feed, error);
    } finally {
      memory.close();
    }
  }

  /** A mistake of ours, a store that is away, or what it refuses: said on the feed if possible, and tried again later. */
  private async giveUp(feed: FeedInHand, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.logger.error({ msg: 'a poll could not be finished', feedId: feed.id, error: message });
    // When even this fails, the claim runs out by itself.
    const quiet = isImpossibleData(error)
      ? this.fetcher.unstorable(feed, message)
      : this.fetcher.internalFailure(feed, message);
    await this.outcomes.write({ quiet }).catch(() => undefined);
  }

  /** Does what it can: a claim that stays runs out by itself. */
  private async giveBack(feed: FeedInHand): Promise<void> {
    await this.claims.giveBack([claimOf(feed)]).catch(() => undefined);
  }
}

function claimOf({ id, generation }: FeedInHand): FeedToFetch {
  return { feedId: id, generation };
}

function keyOf({ feedId, generation }: FeedToFetch): string {
  return `${feedId}-${generation}`;
}
