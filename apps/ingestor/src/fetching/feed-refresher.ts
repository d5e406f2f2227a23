/** Fetches a feed because somebody asked, and waits for the result where Postgres shows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { RefreshFeedReply } from '#contracts/commands.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import { FeedScheduler } from '../scheduling/feed-scheduler.js';

const LOOK_EVERY_MS = 50;

@Injectable()
export class FeedRefresher {
  constructor(
    private readonly claims: FeedClaimRepository,
    private readonly scheduler: FeedScheduler,
  ) {}

  /**
   * Has the feed fetched now. `done` with the id of a fetch that began after the call, or not done when `timeoutMs` is
   * over (the fetch still happens) or there is no such feed. Every instance of the ingestor may be asked at once: the
   * claim lets one job through.
   */
  async refresh(feedId: string, timeoutMs: number): Promise<RefreshFeedReply> {
    const giveUpAt = performance.now() + timeoutMs;
    const since = await this.scheduler.refresh(feedId);
    if (since === null) return { done: false, fetchId: null };
    while (performance.now() < giveUpAt) {
      const { finishedFetchId, busy } = await this.claims.progress(feedId, since);
      if (finishedFetchId !== null) return { done: true, fetchId: finishedFetchId };
      // A fetch that was under way when we came has ended: now ours.
      if (!busy) await this.scheduler.refresh(feedId);
      await sleep(LOOK_EVERY_MS);
    }
    return { done: false, fetchId: null };
  }
}
