/** Opens what endpoints have sealed, once: opening a box costs more than signing a webhook. */
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#config/config.js';
import { EndpointBoxes } from '#domain/endpoint-boxes.js';
import { type WebhookSigner, webhookSigner } from '#domain/webhook-signature.js';
import type { LeasedDelivery } from '#storage/held-deliveries.js';

/** At most some 4 KiB each: of more endpoints than this, those that have waited longest are opened anew. */
const REMEMBERED_ENDPOINTS = 1_000;

type Sealed = Pick<LeasedDelivery, 'endpointId' | 'secretSealed' | 'formerKeysSealed' | 'headersSealed'>;

interface Opened {
  sealed: Sealed;
  sign: WebhookSigner;
  former: { sign: WebhookSigner; until: number }[];
  headers: Record<string, string>;
}

@Injectable()
export class EndpointKeys {
  private readonly opened = new LRUCache<string, Opened>({ max: REMEMBERED_ENDPOINTS });

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * The endpoint's own headers, and what signs for it at this moment: the newest key first, then those from before rotations
   * that have not ended. Throws when a box does not open (SECRET_KEY was changed).
   */
  of(delivery: Sealed, now = Date.now()): { headers: Record<string, string>; signers: WebhookSigner[] } {
    const { sign, former, headers } = this.open(delivery);
    const still = former.filter(({ until }) => until > now);
    return { headers, signers: [sign, ...still.map((one) => one.sign)] };
  }

  private open(sealed: Sealed): Opened {
    const known = this.opened.get(sealed.endpointId);
    if (known !== undefined && isSame(known.sealed, sealed)) return known;
    const boxes = new EndpointBoxes(this.config.secretKey, sealed.endpointId);
    const { endpointId, secretSealed, formerKeysSealed, headersSealed } = sealed;
    const opened: Opened = {
      // Not the delivery itself, which holds more.
      sealed: { endpointId, secretSealed, formerKeysSealed, headersSealed },
      sign: webhookSigner(boxes.openKey(sealed.secretSealed)),
      former: boxes
        .openFormerKeys(sealed.formerKeysSealed)
        .map(({ key, until }) => ({ sign: webhookSigner(key), until })),
      headers: boxes.openHeaders(sealed.headersSealed),
    };
    this.opened.set(sealed.endpointId, opened);
    return opened;
  }
}

function isSame(one: Sealed, other: Sealed): boolean {
  return (
    one.secretSealed.equals(other.secretSealed) &&
    isSameBox(one.formerKeysSealed, other.formerKeysSealed) &&
    isSameBox(one.headersSealed, other.headersSealed)
  );
}

function isSameBox(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}
