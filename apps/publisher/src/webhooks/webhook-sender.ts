/** Sends one webhook: signs it, posts it through the guarded door, and says what came back. */
import { Inject, Injectable } from '@nestjs/common';
import type { AttemptResult } from '#domain/retry-schedule.js';
import { OutboundHttp } from '#http-client/http-client.js';
import { OutboundError } from '#http-client/outbound-error.js';
import type { LeasedDelivery } from '#storage/held-deliveries.js';
import { EndpointKeys } from './endpoint-keys.js';

/** Nest injection token: milliseconds for an attempt as a whole, the answer's last byte included. */
export const ATTEMPT_DEADLINE_MS = Symbol('webhooks.attempt-deadline-ms');

/** What is kept of an answer's body for the operator. */
const RESPONSE_BYTES = 16 * 1024;

/** `ours`: the failure says nothing of the receiver; `interrupted`: we broke off ourselves, so nothing is known. */
export interface SentWebhook {
  result: AttemptResult;
  ours: boolean;
  interrupted: boolean;
  startedAt: Date;
  durationMs: number;
  excerpt: Buffer | null;
}

@Injectable()
export class WebhookSender {
  constructor(
    private readonly http: OutboundHttp,
    private readonly keys: EndpointKeys,
    @Inject(ATTEMPT_DEADLINE_MS) private readonly deadlineMs: number,
  ) {}

  /** Never throws: whatever goes wrong is the attempt's result. */
  async send(delivery: LeasedDelivery, body: Buffer, signal: AbortSignal): Promise<SentWebhook> {
    const startedAt = new Date();
    const started = performance.now();
    const ended = () => ({ startedAt, durationMs: Math.round(performance.now() - started) });
    try {
      const answer = await this.http.request({
        method: 'POST',
        url: delivery.url,
        headers: this.headers(delivery, body, Math.floor(startedAt.getTime() / 1_000)),
        body,
        deadlineMs: this.deadlineMs,
        maxBytes: RESPONSE_BYTES,
        overflow: 'truncate',
        signal,
      });
      const result = { kind: 'answered', status: answer.status, retryAfter: answer.headers['retry-after'] } as const;
      return { ...ended(), result, ours: false, interrupted: false, excerpt: answer.body };
    } catch (error) {
      const { kind, message, scope } = toOutboundError(error);
      const result = { kind: 'failed', errorClass: kind, message } as const;
      return { ...ended(), result, ours: scope === 'ours', interrupted: kind === 'aborted', excerpt: null };
    }
  }

  /** The endpoint's own headers first: ours stand whatever it asks for. */
  private headers(delivery: LeasedDelivery, body: Buffer, timestamp: number): Record<string, string> {
    const { headers, signers } = this.keys.of(delivery);
    const content = { id: delivery.webhookId, timestamp, body };
    return {
      ...headers,
      'content-type': 'application/json',
      'webhook-id': delivery.webhookId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signers.map((sign) => sign(content)).join(' '),
    };
  }
}

/** A secret that does not open (SECRET_KEY was changed) is an operator's to mend, not the receiver's. */
function toOutboundError(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  return new OutboundError(
    'protocol',
    `the webhook could not be signed: ${error instanceof Error ? error.message : String(error)}`,
    'ours',
  );
}
