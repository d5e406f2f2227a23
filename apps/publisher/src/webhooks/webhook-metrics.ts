/** Figures of the webhooks room. */
import { Injectable } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { DeliveryDispatchRepository } from '#storage/delivery-dispatch.repository.js';
import { EndpointHealthRepository } from '#storage/endpoint-health.repository.js';

/** Counting a million rows takes a while; whoever scrapes more often than this sees the last count. */
const COUNT_EVERY_MS = 10_000;

@Injectable()
export class WebhookMetrics {
  /** `outcome`: delivered, retry, failed, cancelled, or returned when the hub ended before the answer came. */
  readonly attempts;
  readonly duration;
  readonly dispatchLag;
  readonly replayed;
  readonly replaysRunning;
  /** By the hub itself: gone, or failing for too long. */
  readonly disabled;
  private countedAt = 0;

  constructor(metrics: Metrics, deliveries: DeliveryDispatchRepository, endpoints: EndpointHealthRepository) {
    this.attempts = metrics.counter(
      'dateline_webhooks_attempts_total',
      'Attempts at deliveries, by what came of them.',
      ['outcome'],
    );
    this.duration = metrics.histogram(
      'dateline_webhooks_attempt_duration_seconds',
      'Time from sending a webhook to the end of its answer.',
      ['outcome'],
    );
    this.dispatchLag = metrics.histogram(
      'dateline_webhooks_dispatch_lag_seconds',
      'Time from when a delivery was due to when it was handed to the workers.',
    );
    this.replayed = metrics.counter('dateline_webhooks_replayed_total', 'Deliveries that replays made due again.');
    this.replaysRunning = metrics.gauge('dateline_webhooks_replays_running', 'Replays under way.');
    metrics.gauge(
      'dateline_webhooks_circuits',
      'Endpoints that get nothing until a pause is over, or one attempt at a time.',
      ['state'],
      async (gauge) => {
        const circuits = await endpoints.countCircuits().catch(() => undefined);
        if (circuits === undefined) return;
        gauge.set({ state: 'open' }, circuits.open);
        gauge.set({ state: 'half-open' }, circuits.halfOpen);
      },
    );
    this.disabled = metrics.counter(
      'dateline_webhooks_disabled_endpoints_total',
      'Endpoints that the hub disabled: they were gone, or failed for too long.',
    );
    metrics.gauge('dateline_webhooks_open_deliveries', 'Deliveries not yet ended.', ['status'], async (gauge) => {
      if (Date.now() - this.countedAt < COUNT_EVERY_MS) return;
      this.countedAt = Date.now();
      // Without Postgres the other figures are still worth having.
      const open = await deliveries.countOpen().catch(() => undefined);
      if (open === undefined) return;
      gauge.set({ status: 'pending' }, open.pending);
      gauge.set({ status: 'delivering' }, open.delivering);
    });
  }
}
