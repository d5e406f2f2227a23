/** Takes leases for many feeds in one statement: a round trip for each would bound the number of polls. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import type { FeedToFetch } from '#contracts/jobs.js';
import { FeedLeaseRepository, type LeasedFeed, type LeaseRequest } from '#storage/feed-lease.repository.js';
import { BATCHING } from './batching.js';

@Injectable()
export class LeaseDesk {
  private readonly loader: DataLoader<LeaseRequest, LeasedFeed | null>;

  constructor(private readonly leases: FeedLeaseRepository) {
    this.loader = new DataLoader((requests) => this.leases.takeBatch(requests), BATCHING);
  }

  /** The feed with the right to fetch it; null when the claim is outdated or another worker has the feed. */
  take({ feedId, generation }: FeedToFetch): Promise<LeasedFeed | null> {
    return this.loader.load({ feedId, generation, token: randomUUID() });
  }

  /** Gives a lease back without an outcome. Does what it can: a lease that stays runs out by itself. */
  async giveBack(feed: LeasedFeed, options: { requeue: boolean }): Promise<void> {
    await this.leases.release(feed.id, feed.token, options).catch(() => undefined);
  }
}
