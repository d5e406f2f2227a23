/** Makes one attempt of one delivery, from the lease to the written outcome. */
import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { DeliveryToSend } from '#contracts/jobs.js';
import { type AfterAttempt, afterAttempt } from '#domain/retry-schedule.js';
import type { LeasedDelivery, SettledDelivery } from '#storage/held-deliveries.js';
import { uuidV7 } from '#storage/uuid.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { EndpointHealth } from './endpoint-health.js';
import { EventBodies } from './event-bodies.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { type SentWebhook, WebhookSender } from './webhook-sender.js';

@Injectable()
export class DeliveryAttempts {
  private readonly logger = new Logger(DeliveryAttempts.name);

  constructor(
    private readonly ledger: DeliveryLedger,
    private readonly bodies: EventBodies,
    private readonly sender: WebhookSender,
    private readonly health: EndpointHealth,
    private readonly dispatcher: DeliveryDispatcher,
    private readonly metrics: WebhookMetrics,
  ) {}

  /**
   * Does nothing when the claim is void: another job has the delivery, or it ended. At least once: a death between the
   * POST and its outcome sends the same webhook-id again. Throws when Postgres is away.
   */
  async make({ eventId, endpointId, generation, correlationId }: DeliveryToSend, signal: AbortSignal): Promise<void> {
    const bodies = await this.bodies.get(eventId);
    const delivery = await this.ledger.lease({ eventId, endpointId, generation, token: randomUUID() });
    if (delivery === undefined) return;
    try {
      await this.attempt(delivery, bodies[delivery.bodyForm], correlationId, signal);
    } finally {
      this.ledger.letGo(delivery);
    }
  }

  private async attempt(
    delivery: LeasedDelivery,
    body: Buffer,
    correlationId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const answered = this.health.watch(delivery.endpointId);
    const sent = await this.sender.send(delivery, body, signal);
    answered();
    const after = sent.interrupted
      ? INTERRUPTED
      : afterAttempt(delivery.attempts + 1, sent.result, new Date(), Math.random());
    const written = await this.ledger.settle(settlement(delivery, sent, after));
    this.dispatcher.roomFor(delivery.endpointId);
    this.report(delivery, sent, after, { correlationId, written });
    if (!sent.interrupted && !sent.ours) await this.health.note(delivery, after);
  }

  private report(
    delivery: LeasedDelivery,
    sent: SentWebhook,
    after: AfterAttempt,
    { correlationId, written }: { correlationId: string; written: boolean },
  ): void {
    const outcome = sent.interrupted ? 'returned' : after.status === 'pending' ? 'retry' : after.status;
    this.metrics.attempts.inc({ outcome });
    this.metrics.duration.observe({ outcome }, sent.durationMs / 1_000);
    this.logger.log({
      msg: 'delivery attempt',
      outcome,
      correlationId,
      deliveryId: delivery.id,
      endpointId: delivery.endpointId,
      webhookId: delivery.webhookId,
      attempt: delivery.attempts + 1,
      ms: sent.durationMs,
      ...(sent.result.kind === 'answered' ? { httpStatus: sent.result.status } : { error: sent.result.message }),
      ...(after.status === 'pending' ? { nextAttemptAt: after.nextAttemptAt } : {}),
      ...(written ? {} : { takenOver: true }),
    });
  }
}

/** The hub is shutting down: the attempt does not count, and the next one is due at once. */
const INTERRUPTED: AfterAttempt = {
  status: 'pending',
  reason: 'the hub ended before the answer came',
  nextAttemptAt: new Date(0),
};

function settlement(delivery: LeasedDelivery, sent: SentWebhook, after: AfterAttempt): SettledDelivery {
  const { result } = sent;
  return {
    eventId: delivery.eventId,
    endpointId: delivery.endpointId,
    token: delivery.token,
    status: after.status,
    reason: after.reason,
    nextAttemptAt: after.status === 'pending' && !sent.interrupted ? after.nextAttemptAt : null,
    attempt: sent.interrupted
      ? null
      : {
          id: uuidV7(),
          startedAt: sent.startedAt,
          durationMs: sent.durationMs,
          httpStatus: result.kind === 'answered' ? result.status : null,
          errorClass: result.kind === 'failed' ? result.errorClass : null,
          error: result.kind === 'failed' ? result.message : null,
          responseExcerpt: sent.excerpt === null || sent.excerpt.length === 0 ? null : sent.excerpt,
        },
  };
}
