/** Gathers what attempts say about endpoints and tells Postgres, no more often than needed. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type DataLoader from 'dataloader';
import type { AfterAttempt } from '#domain/retry-schedule.js';
import type { LeasedDelivery } from '#storage/held-deliveries.js';
import { EndpointHealthRepository, type EndpointSighting } from '#storage/endpoint-health.repository.js';
import { sharedStatement } from './shared-statements.js';
import { WebhookMetrics } from './webhook-metrics.js';

/** An endpoint that fails this long without one success is disabled. */
const PATIENCE_DAYS = 5;
/** Successes of a healthy endpoint are written down at this pace. */
const SUCCESS_EVERY_MS = 1_000;
/** An endpoint that lets us wait longer is slow; looked at so often. */
const SLOW_MS = 1_500;
const LOOK_EVERY_MS = 500;
const REMEMBERED_ENDPOINTS = 10_000;

@Injectable()
export class EndpointHealth implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(EndpointHealth.name);
  private readonly lastSuccess = new Map<string, number>();
  /** What is sent at this moment, the longest first. */
  private readonly sending = new Set<{ endpointId: string; since: number }>();
  private timer: NodeJS.Timeout | undefined;
  private readonly sightings: DataLoader<EndpointSighting, void>;

  constructor(
    private readonly endpoints: EndpointHealthRepository,
    metrics: WebhookMetrics,
  ) {
    this.sightings = sharedStatement(async (seen) => {
      for (const { id, url, status_reason } of await endpoints.note(merged(seen), PATIENCE_DAYS)) {
        metrics.disabled.inc();
        this.logger.warn({ msg: 'endpoint disabled', endpointId: id, url, reason: status_reason });
      }
      return seen.map(() => undefined);
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.noteSlow(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Watches how long the endpoint takes; call what is answered when it has. */
  watch(endpointId: string): () => void {
    const one = { endpointId, since: performance.now() };
    this.sending.add(one);
    return () => void this.sending.delete(one);
  }

  private noteSlow(): void {
    const slow = new Set<string>();
    const before = performance.now() - SLOW_MS;
    for (const { endpointId, since } of this.sending) {
      if (since > before) break;
      slow.add(endpointId);
    }
    // When it fails, the next look brings the same news.
    if (slow.size > 0) void this.endpoints.noteSlow([...slow]).catch(() => undefined);
  }

  /** Notes an attempt. Never throws: the next attempt brings the same news. */
  async note({ endpointId, failing }: LeasedDelivery, after: AfterAttempt): Promise<void> {
    const succeeded = after.status === 'delivered';
    if (succeeded && !failing && Date.now() - (this.lastSuccess.get(endpointId) ?? 0) < SUCCESS_EVERY_MS) return;
    if (succeeded) this.rememberSuccess(endpointId);
    // The next success ends the failure, so it must be written down however soon it comes.
    else this.lastSuccess.delete(endpointId);
    const goneReason = after.status === 'failed' && after.disableEndpoint ? after.reason : null;
    const sighting = { endpointId, succeeded, failures: succeeded ? 0 : 1, lastFailure: after.reason, goneReason };
    await this.sightings.load(sighting).catch(() => undefined);
  }

  private rememberSuccess(endpointId: string): void {
    if (this.lastSuccess.size >= REMEMBERED_ENDPOINTS) this.lastSuccess.clear();
    this.lastSuccess.set(endpointId, Date.now());
  }
}

/** One sighting an endpoint: one success in a batch makes up for its failures, but "gone" stands. */
function merged(seen: readonly EndpointSighting[]): EndpointSighting[] {
  const byEndpoint = new Map<string, EndpointSighting>();
  for (const one of seen) {
    const other = byEndpoint.get(one.endpointId);
    byEndpoint.set(one.endpointId, {
      endpointId: one.endpointId,
      succeeded: one.succeeded || (other?.succeeded ?? false),
      failures: one.failures + (other?.failures ?? 0),
      lastFailure: one.lastFailure ?? other?.lastFailure ?? null,
      goneReason: one.goneReason ?? other?.goneReason ?? null,
    });
  }
  return [...byEndpoint.values()];
}
