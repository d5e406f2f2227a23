/** Hands due feeds to the queue: on a timer, sooner when the queue runs low, and again after Redis has forgotten them. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { type FetchFeedJob, MAX_FEEDS_PER_JOB } from '#contracts/jobs.js';
import { JobPublisher } from '#messaging/job-publisher.js';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import { Metrics } from '#observability/metrics.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import type { ClaimedFeed } from '#storage/feed-hand.js';
import { FeedInHandRepository } from '#storage/feed-in-hand.repository.js';

const TICK_MS = 250;
/** After a large claim, when its polls do not end as fast as expected. */
const LOOK_AGAIN_MS = 1_000;
/** Feeds in the queue or being fetched: about what is done in two seconds, so that claims never grow old in the queue. */
const MIN_AHEAD = 512;
const MAX_AHEAD = 6_000;
const AHEAD_SECONDS = 2;
/** Fine around 50 ms, the most that claiming may take. */
const CLAIM_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 5];

@Injectable()
export class FeedScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(FeedScheduler.name);
  private timer: NodeJS.Timeout | undefined;
  private claiming: Promise<void> | undefined;
  private stopped = false;
  private finishedSinceTick = 0;
  private finishedSinceClaim = 0;
  private perSecond = 0;
  private lastClaim = 0;
  private claimedAt = 0;
  /** How many were to be in hand after the last claim: a faster rhythm counts from the next one on. */
  private claimedAhead = MIN_AHEAD;
  private readonly claimSeconds;

  constructor(
    private readonly claims: FeedClaimRepository,
    private readonly handedOut: FeedInHandRepository,
    private readonly jobs: JobPublisher,
    sentinel: RedisSentinel,
    metrics: Metrics,
  ) {
    sentinel.onFlush(() => this.recover());
    this.claimSeconds = metrics.histogram('dateline_scheduling_claim_seconds', 'Claiming due feeds', [], CLAIM_BUCKETS);
    metrics.gauge('dateline_scheduling_due_feeds', 'Feeds that are due and wait for their poll', [], async (gauge) => {
      gauge.set(await this.claims.countDue());
    });
    metrics.gauge(
      'dateline_scheduling_deferrals',
      'Feeds put off since the start because the budget of their host was spent',
      [],
      (gauge) => gauge.set(this.claims.deferred),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      const perSecond = (this.finishedSinceTick * 1000) / TICK_MS;
      this.finishedSinceTick = 0;
      this.perSecond = (this.perSecond + perSecond) / 2;
      // While much is in hand, looking again would mostly find that.
      if (!this.isStocked()) void this.claim();
    }, TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.claiming;
  }

  /** Told after each poll: a queue that runs low is filled before the next tick. */
  pollFinished(): void {
    this.finishedSinceTick++;
    this.finishedSinceClaim++;
    if (this.lastClaim > 0 && this.finishedSinceClaim >= this.claimedAhead / 2) void this.claim();
  }

  /** The last claim, a moment ago, filled the queue: the end of a part of its polls will cause the next one. */
  private isStocked(): boolean {
    return this.lastClaim >= this.claimedAhead / 2 && performance.now() - this.claimedAt < LOOK_AGAIN_MS;
  }

  /** Hands out one feed at once, due or not. Answers the database's time of it, or null when there is no such feed. */
  async refresh(feedId: string): Promise<Date | null> {
    const asked = await this.claims.claimForRefresh(feedId);
    if (asked?.claimed) await this.publish([asked.claimed]);
    return asked?.at ?? null;
  }

  /** One claim at a time; failures are said and left to the next tick. */
  private claim(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.claiming ??= this.claimOnce()
      .catch((error: unknown) => this.logger.warn({ msg: 'due feeds could not be claimed', error: String(error) }))
      .finally(() => (this.claiming = undefined));
    return this.claiming;
  }

  private async claimOnce(): Promise<void> {
    this.finishedSinceClaim = 0;
    const end = this.claimSeconds.startTimer();
    this.claimedAhead = this.ahead();
    const claimed = await this.claims.claimDue(this.claimedAhead);
    end();
    this.lastClaim = claimed.length;
    this.claimedAt = performance.now();
    await this.publish(claimed);
  }

  private ahead(): number {
    return Math.round(Math.max(MIN_AHEAD, Math.min(this.perSecond * AHEAD_SECONDS, MAX_AHEAD)));
  }

  /** Redis was emptied: what it knew is handed out anew. */
  private async recover(): Promise<void> {
    const claimed = await this.claims.reclaimAll();
    await this.publish(claimed);
  }

  /** Claims that Redis does not take are given back, for the next tick. */
  private async publish(claimed: ClaimedFeed[]): Promise<void> {
    if (await this.jobs.publish('fetchFeed', packJobs(claimed))) return;
    await this.handedOut.giveBack(claimed.map(({ id, generation }) => ({ feedId: id, generation })));
  }
}

/**
 * Few feeds travel one a job; many travel together, still in several jobs, so that all processes get their share. A
 * feed's generation is in one job only, so its first feed names a job for good.
 */
function packJobs(claimed: ClaimedFeed[]): { id: string; data: FetchFeedJob }[] {
  const size = Math.min(Math.ceil(claimed.length / 16), MAX_FEEDS_PER_JOB);
  const jobs: { id: string; data: FetchFeedJob }[] = [];
  for (let start = 0; start < claimed.length; start += size) {
    const feeds = claimed.slice(start, start + size);
    const [first] = feeds;
    jobs.push({
      id: `feed-${first?.id ?? ''}-${first?.generation ?? 0}`,
      data: { feeds: feeds.map(({ id, generation }) => ({ feedId: id, generation })) },
    });
  }
  return jobs;
}
