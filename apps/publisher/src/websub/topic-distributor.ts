/** Pushes a topic's content to one subscriber (WebSub, 7): whole, signed, and only when it is not what it was sent last. */
import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { openSecret } from '#domain/secret-box.js';
import { OutboundHttp } from '#http-client/http-client.js';
import { OutboundError } from '#http-client/outbound-error.js';
import { type HubSubscription, HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { nextTry } from './next-try.js';
import { type TopicContent, TopicContents } from './topic-content.js';
import { WebSubMetrics } from './websub-metrics.js';

const DEADLINE_MS = 15_000;
const MAX_BYTES = 4_096;
/** About two hours; then new content is waited for. */
const MAX_TRIES = 12;
const GONE = 410;
/** Who takes longer has one of the few places for such next time. */
const SLOW_MS = 2_000;

@Injectable()
export class TopicDistributor {
  constructor(
    private readonly http: OutboundHttp,
    @Inject(CONFIG) private readonly config: Config,
    private readonly subscriptions: HubSubscriptionRepository,
    private readonly contents: TopicContents,
    private readonly metrics: WebSubMetrics,
  ) {}

  async distribute(subscription: HubSubscription & { newestSeq: number }): Promise<void> {
    const { topic, newestSeq } = subscription;
    const content = await this.contents.get(topic, newestSeq);
    const same = content !== undefined && subscription.content_hash?.equals(content.hash) === true;
    if (content === undefined || same)
      return this.subscriptions.settle(subscription, { checked_seq: newestSeq, failures: 0 });
    const startedAt = performance.now();
    const { status, error } = await this.post(subscription, content);
    const slow = performance.now() - startedAt > SLOW_MS;
    const delivered = status !== null && status >= 200 && status < 300;
    this.metrics.distributions.inc({ outcome: delivered ? 'delivered' : status === GONE ? 'gone' : 'failed' });
    if (status === GONE) return this.subscriptions.end(subscription, subscription.asked_id);
    const last = { last_distribution_at: new Date(), last_status: status, last_error: error, slow };
    if (delivered) {
      const change = { content_hash: content.hash, checked_seq: newestSeq, failures: 0 };
      return this.subscriptions.settle(subscription, { ...last, ...change });
    }
    const failures = subscription.failures + 1;
    const change =
      failures < MAX_TRIES
        ? { failures, next_at: nextTry(failures, Math.random()) }
        : { failures: 0, checked_seq: newestSeq };
    return this.subscriptions.settle(subscription, { ...last, ...change });
  }

  private async post(
    subscription: HubSubscription,
    { body, contentType }: TopicContent,
  ): Promise<{ status: number | null; error: string | null }> {
    const { topic, callback, secret_sealed: sealed, id } = subscription;
    const links = `<${new URL(`${this.config.publicUrl}/websub`).href}>; rel="hub", <${topic}>; rel="self"`;
    const headers: Record<string, string> = { 'content-type': contentType, link: links };
    try {
      if (sealed !== null) {
        const secret = openSecret(sealed, this.config.secretKey, id);
        headers['x-hub-signature'] = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      }
      const limits = { deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, overflow: 'truncate' } as const;
      const { status } = await this.http.request({ method: 'POST', url: callback, headers, body, ...limits });
      return { status, error: status >= 200 && status < 300 ? null : `the callback answered ${status}` };
    } catch (error) {
      // A secret that does not open (SECRET_KEY was changed) goes the same way: nothing unsigned is sent.
      return { status: null, error: error instanceof OutboundError ? error.message : 'the push could not be signed' };
    }
  }
}
