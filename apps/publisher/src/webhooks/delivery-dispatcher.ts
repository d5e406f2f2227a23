/** Hands due deliveries to the workers: at once when poked, at the latest a quarter of a second after they fall due. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type DeliverWebhookJob, MAX_DELIVERIES_PER_JOB } from '#contracts/jobs.js';
import { JobPublisher } from '#messaging/job-publisher.js';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import type { ClaimedDelivery } from '#storage/delivery-claim.js';
import { DeliveryDispatchRepository } from '#storage/delivery-dispatch.repository.js';
import { WebhookMetrics } from './webhook-metrics.js';

const LOOK_EVERY_MS = 250;
/** Claims follow each other at least this far apart: under load they grow instead of becoming more. */
const CLAIM_GAP_MS = 5;
const HOUSEKEEP_EVERY_MS = 1_000;
const LIMITS = { batch: 500, inFlight: 2_000, inFlightOfSuspects: 500, inFlightWhileFailing: 4 };
/** While Redis refuses jobs, one delivery is enough to find out when it accepts them again. */
const PROBE = { ...LIMITS, batch: 1 };
/** How long a job may take from Redis to a worker before its delivery is handed out anew. */
const PATIENCE_SECONDS = 10;
const CANCEL_BATCH = 1_000;

@Injectable()
export class DeliveryDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DeliveryDispatcher.name);
  private readonly timers: NodeJS.Timeout[] = [];
  /** Endpoints that had more due than their cap let through. */
  private backlog = new Set<string>();
  /** Endpoints of which a delivery ended since the last claim began: the claim may not have seen it. */
  private readonly freed = new Set<string>();
  private wanted = false;
  private running: Promise<void> | undefined;
  private stopped = false;
  private redisAccepts = true;
  private housekeeping = false;
  private lastComplaint = 0;

  constructor(
    private readonly deliveries: DeliveryDispatchRepository,
    private readonly jobs: JobPublisher,
    private readonly metrics: WebhookMetrics,
    sentinel: RedisSentinel,
  ) {
    // Whatever Redis may have forgotten and no worker holds.
    sentinel.onFlush(async () => {
      await this.deliveries.releaseStale(0);
      this.redisAccepts = true;
      this.poke();
    });
  }

  onApplicationBootstrap(): void {
    this.timers.push(
      setInterval(() => this.look(), LOOK_EVERY_MS),
      setInterval(() => void this.housekeep(), HOUSEKEEP_EVERY_MS),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }

  /** Deliveries fell due. Any number of pokes during a claim become one more claim. */
  poke(): void {
    if (this.redisAccepts) this.look();
  }

  /** A delivery of this endpoint ended: there is room for another, if one waits. */
  roomFor(endpointId: string): void {
    this.freed.add(endpointId);
    if (this.backlog.has(endpointId)) this.poke();
  }

  private look(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.wanted && !this.stopped) this.look();
    });
  }

  private async run(): Promise<void> {
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      try {
        await this.dispatch();
      } catch (error) {
        this.complain(error);
      }
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, CLAIM_GAP_MS));
    }
  }

  private async dispatch(): Promise<void> {
    const limits = this.redisAccepts ? LIMITS : PROBE;
    this.freed.clear();
    const claim = await this.deliveries.claimDue(limits);
    if (claim === 'busy') {
      this.wanted = true;
      return;
    }
    const { claimed } = claim;
    this.backlog = new Set(claim.backlog);
    if (claim.backlog.some((endpointId) => this.freed.has(endpointId))) this.wanted = true;
    if (claimed.length === 0) return;
    const now = Date.now();
    for (const { due } of claimed) this.metrics.dispatchLag.observe(Math.max(0, now - due.getTime()) / 1_000);
    const accepted = await this.jobs.publish('deliverWebhook', jobsFor(claimed));
    if (!accepted) await this.deliveries.unclaim(claimed);
    // After a refusal only the timer asks again.
    this.wanted = accepted && (this.wanted || claimed.length === limits.batch);
    this.redisAccepts = accepted;
  }

  private async housekeep(): Promise<void> {
    if (this.housekeeping) return;
    this.housekeeping = true;
    try {
      const lost = await this.deliveries.releaseStale(PATIENCE_SECONDS);
      if (lost > 0)
        this.logger.warn({
          msg: 'deliveries taken back: their jobs or workers were lost, or their endpoint paused',
          lost,
        });
      for (let cancelled = CANCEL_BATCH; cancelled === CANCEL_BATCH && !this.stopped;) {
        cancelled = await this.deliveries.cancelUndeliverable(CANCEL_BATCH);
        if (cancelled > 0) this.logger.log({ msg: 'deliveries cancelled: their endpoint is away', cancelled });
      }
    } catch (error) {
      this.complain(error);
    } finally {
      this.housekeeping = false;
    }
  }

  /** One line a second at most: an outage must not fill the log. */
  private complain(error: unknown): void {
    if (Date.now() - this.lastComplaint < 1_000) return;
    this.lastComplaint = Date.now();
    this.logger.warn({ msg: 'dispatching failed; the timer tries again', error: String(error) });
  }
}

/** Those that may last travel apart: a job waits for all of its attempts. */
function jobsFor(claimed: ClaimedDelivery[]) {
  return [...toJobs(claimed.filter((one) => !one.suspect)), ...toJobs(claimed.filter((one) => one.suspect))];
}

/**
 * Deliveries travel together: the queue's own work is a third of a delivery's otherwise. As many as may, also of a small claim: sharing
 * the few of one event among more jobs made its webhooks later, not earlier.
 */
function toJobs(claimed: ClaimedDelivery[]) {
  const jobs: { id: string; data: DeliverWebhookJob }[] = [];
  for (let start = 0; start < claimed.length; start += MAX_DELIVERIES_PER_JOB) {
    const together = claimed.slice(start, start + MAX_DELIVERIES_PER_JOB);
    const [first] = together;
    jobs.push({
      id: `deliveries-${first?.id}-${first?.generation}`,
      data: {
        deliveries: together.map(({ eventId, endpointId, generation, correlationId }) => ({
          eventId,
          endpointId,
          generation,
          correlationId,
        })),
      },
    });
  }
  return jobs;
}
