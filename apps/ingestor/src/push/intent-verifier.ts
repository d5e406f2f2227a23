/** Answers hubs that ask whether a subscription is really wanted, or say that it is denied (WebSub, 5.2 and 5.3). */
import { Injectable, Logger } from '@nestjs/common';
import { cleanLine } from '#domain/clean-text.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { PushMetrics } from './push-metrics.js';
import { deny, verify } from './subscription-state.js';

/** What to answer: the challenge where the question is ours to confirm. */
export interface VerifierAnswer {
  status: 200 | 404;
  body: string;
}

const NO: VerifierAnswer = { status: 404, body: 'not asked for' };
const MAX_CHALLENGE = 2_048;

@Injectable()
export class IntentVerifier {
  private readonly logger = new Logger('Push');

  constructor(
    private readonly subscriptions: FeedSubscriptionRepository,
    private readonly metrics: PushMetrics,
  ) {}

  /** `id` is a subscription's, whose callback address the hub knew. */
  async answer(id: string, query: URLSearchParams): Promise<VerifierAnswer> {
    const mode = query.get('hub.mode');
    const topic = query.get('hub.topic');
    if (mode === 'denied') return this.denied(id, topic, cleanLine(query.get('hub.reason') ?? '', 200));
    const challenge = query.get('hub.challenge') ?? '';
    if ((mode !== 'subscribe' && mode !== 'unsubscribe') || challenge === '' || challenge.length > MAX_CHALLENGE)
      return this.said('other', NO);
    const leaseSeconds = lease(query.get('hub.lease_seconds'));
    const changed = await this.subscriptions.change(id, (now, at) =>
      now.topic === topic ? verify(now, { mode, leaseSeconds }, at, Math.random()) : null,
    );
    if (!changed || changed.after === null) return this.said(mode, NO);
    this.logger.log({ msg: `${mode}: confirmed`, feedId: changed.before.feedId, topic, leaseSeconds });
    return this.said(mode, { status: 200, body: challenge });
  }

  private async denied(id: string, topic: string | null, reason: string): Promise<VerifierAnswer> {
    const changed = await this.subscriptions.change(id, (now, at) =>
      now.topic === topic ? deny(now, reason, at, Math.random()) : null,
    );
    if (!changed || changed.after === null) return this.said('denied', NO);
    this.logger.warn({ msg: 'denied by the hub', feedId: changed.before.feedId, topic, reason });
    return this.said('denied', { status: 200, body: '' });
  }

  private said(mode: string, answer: VerifierAnswer): VerifierAnswer {
    this.metrics.verifications.inc({ mode, outcome: answer.status === 200 ? 'confirmed' : 'refused' });
    return answer;
  }
}

/** A whole number of seconds above none; everything else counts as not said. */
function lease(text: string | null): number | null {
  const seconds = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return seconds > 0 ? seconds : null;
}
