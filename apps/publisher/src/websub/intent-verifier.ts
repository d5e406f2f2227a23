/** Asks subscribers whether they meant it (WebSub, 5.3), and tells those whom the operator has ended (5.2). */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OutboundHttp } from '#http-client/http-client.js';
import { OutboundError } from '#http-client/outbound-error.js';
import { type HubSubscription, HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { nextTry } from './next-try.js';
import { TopicContents } from './topic-content.js';
import { WebSubMetrics } from './websub-metrics.js';

const DEADLINE_MS = 10_000;
const MAX_BYTES = 1_024;
const MAX_TRIES = 4;

@Injectable()
export class IntentVerifier {
  constructor(
    private readonly http: OutboundHttp,
    private readonly subscriptions: HubSubscriptionRepository,
    private readonly contents: TopicContents,
    private readonly metrics: WebSubMetrics,
  ) {}

  async verify(subscription: HubSubscription & { newestSeq: number }): Promise<void> {
    const { asked_mode: mode, asked_id: askedId } = subscription;
    const said = await this.ask(subscription);
    this.metrics.verifications.inc({ mode: mode ?? '', outcome: said });
    if (mode === 'denied') return this.subscriptions.end(subscription, askedId);
    if (said === 'unreachable' && subscription.failures + 1 < MAX_TRIES) {
      const failures = subscription.failures + 1;
      return this.subscriptions.settle(subscription, { failures, next_at: nextTry(failures, Math.random()) });
    }
    if (said === 'confirmed' && mode === 'unsubscribe') return this.subscriptions.end(subscription, askedId);
    if (said === 'confirmed') return this.activate(subscription);
    // What is there already stays as it is.
    if (subscription.active) return this.subscriptions.settle(subscription, { failures: 0 }, askedId);
    return this.subscriptions.end(subscription, askedId);
  }

  private async activate(subscription: HubSubscription & { newestSeq: number }): Promise<void> {
    const { topic, newestSeq, asked_id, asked_lease_seconds: seconds } = subscription;
    // A new subscriber has what is there; a renewed one keeps what it waits for.
    const content = subscription.active ? undefined : await this.contents.get(topic, newestSeq);
    await this.subscriptions.settle(
      subscription,
      {
        active: true,
        secret_sealed: subscription.asked_secret_sealed,
        lease_until: new Date(Date.now() + (seconds ?? 0) * 1_000),
        failures: 0,
        ...(content === undefined ? {} : { content_hash: content.hash, checked_seq: newestSeq }),
      },
      asked_id,
    );
  }

  private async ask(subscription: HubSubscription): Promise<'confirmed' | 'refused' | 'unreachable'> {
    const { topic, asked_mode: mode, asked_lease_seconds: seconds } = subscription;
    const challenge = randomBytes(24).toString('base64url');
    const url = new URL(subscription.callback);
    const query = new URLSearchParams({ 'hub.mode': mode ?? '', 'hub.topic': topic });
    if (mode === 'denied') query.set('hub.reason', 'the operator of this hub has ended the subscription');
    else query.set('hub.challenge', challenge);
    if (mode === 'subscribe') query.set('hub.lease_seconds', String(seconds));
    // The callback's own query stays as it was written.
    url.search = url.search === '' ? query.toString() : `${url.search}&${query.toString()}`;
    try {
      const limits = { deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, overflow: 'truncate' } as const;
      const { status, body } = await this.http.request({ url: url.href, ...limits });
      if (status >= 500 || status === 429) return 'unreachable';
      return status >= 200 && status < 300 && body.toString('utf8') === challenge ? 'confirmed' : 'refused';
    } catch (error) {
      if (error instanceof OutboundError) return 'unreachable';
      throw error;
    }
  }
}
