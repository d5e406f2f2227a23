/** The push room's numbers. */
import { Injectable } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';

@Injectable()
export class PushMetrics {
  /** `stored`, `repeated` (it is here already), `unsigned` (missing or wrong signature), `unreadable`, `too-large`, `late` (not whole in time), `busy`, `unknown`, `failed`. */
  readonly pushes;
  /** From the whole body to the commit. */
  readonly seconds;
  readonly items;
  readonly requests;
  readonly verifications;

  constructor(metrics: Metrics, subscriptions: FeedSubscriptionRepository) {
    this.pushes = metrics.counter('dateline_push_received_total', 'Documents that hubs pushed, by outcome', [
      'outcome',
    ]);
    this.seconds = metrics.histogram('dateline_push_duration_seconds', 'From a pushed document to its commit');
    this.items = metrics.counter('dateline_push_items_total', 'Items stored from pushes', ['kind']);
    this.requests = metrics.counter('dateline_push_hub_requests_total', 'Requests to hubs', ['mode', 'outcome']);
    this.verifications = metrics.counter('dateline_push_verifications_total', 'Questions of hubs', ['mode', 'outcome']);
    metrics.gauge('dateline_push_subscriptions', 'Subscriptions at hubs, by state', ['state'], async (gauge) => {
      gauge.reset();
      for (const { state, count } of await subscriptions.countByState()) gauge.set({ state }, count);
    });
  }
}
