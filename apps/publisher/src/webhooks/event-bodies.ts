/** Keeps the bytes of recent events' webhooks, serialised once for all their deliveries. */
import { Injectable } from '@nestjs/common';
import type DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { EventType } from '#contracts/events.js';
import type { BodyForm } from '#contracts/webhook-schemas.js';
import { type EventToTell, webhookBody } from '#domain/webhook-body.js';
import { DeliveryAttemptRepository } from '#storage/delivery-attempt.repository.js';
import { sharedStatement } from './shared-statements.js';

/** Events of the last minutes; what is tried again later is read again. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Then an event is read again: its text may have been taken back meanwhile. */
const MAX_AGE_MS = 10_000;

/** What one event says, in each form. */
export type Bodies = Record<BodyForm, Buffer>;

interface SendableEvent {
  id: string;
  type: EventType;
  createdAt: Date;
  body: Record<string, unknown> | null;
}

@Injectable()
export class EventBodies {
  private readonly bodies = new LRUCache<string, Bodies>({
    maxSize: MAX_BYTES,
    ttl: MAX_AGE_MS,
    sizeCalculation: ({ full, thin }) => full.length + thin.length,
  });
  private readonly loader: DataLoader<string, Bodies | undefined>;

  constructor(attempts: DeliveryAttemptRepository) {
    // Equal ids of one statement are loaded once; what is worth keeping longer is kept in the LRU.
    this.loader = sharedStatement(async (ids) => {
      const events = await attempts.events(ids);
      const bodies = new Map(events.map((event) => [event.id, inBothForms(event)]));
      return ids.map((id) => bodies.get(id));
    });
  }

  /** Saves a look-up for an event that was just read. */
  remember({ id, type, createdAt, body }: SendableEvent): void {
    if (body !== null && !this.bodies.has(id)) this.bodies.set(id, inBothForms({ type, createdAt, data: body }));
  }

  /** The webhook's bodies, the same to the byte whenever they are asked for, unless text was taken back. Throws when the event is gone. */
  async get(eventId: string): Promise<Bodies> {
    const known = this.bodies.get(eventId);
    if (known !== undefined) return known;
    const body = await this.loader.load(eventId);
    if (body === undefined) throw new Error(`event ${eventId} does not exist`);
    this.bodies.set(eventId, body);
    return body;
  }
}

/** The thin one costs a hundredth of the full one: made at once, so that the event's data need not be kept. */
function inBothForms(event: EventToTell): Bodies {
  return { full: webhookBody(event, 'full'), thin: webhookBody(event, 'thin') };
}
