/** Figures of the hub. */
import { Injectable } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';

@Injectable()
export class WebSubMetrics {
  readonly verifications;
  readonly distributions;

  constructor(metrics: Metrics, subscriptions: HubSubscriptionRepository) {
    this.verifications = metrics.counter(
      'dateline_websub_verifications_total',
      'Questions to subscribers, by what they said: confirmed, refused, unreachable.',
      ['mode', 'outcome'],
    );
    this.distributions = metrics.counter(
      'dateline_websub_distributions_total',
      'Pushes to subscribers, by what came of them: delivered, failed, gone.',
      ['outcome'],
    );
    metrics.gauge('dateline_websub_subscriptions', 'Active subscriptions at our hub.', [], async (gauge) => {
      // Without Postgres the other figures are still worth having.
      const active = await subscriptions.count().catch(() => undefined);
      if (active !== undefined) gauge.set(active);
    });
  }
}
