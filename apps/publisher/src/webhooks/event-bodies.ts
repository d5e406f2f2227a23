/** Keeps the bytes of recent events' webhooks, serialised once for all their deliveries. */
import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { EventType } from '#contracts/events.js';
import { DeliveryAttemptRepository } from '#storage/delivery-attempt.repository.js';
import { BATCH_SIZE, soon } from './batching.js';

const MAX_BYTES = 16 * 1024 * 1024;

interface SendableEvent {
  id: string;
  type: EventType;
  createdAt: Date;
  body: Record<string, unknown> | null;
}

@Injectable()
export class EventBodies {
  private readonly bodies = new LRUCache<string, Buffer>({
    maxSize: MAX_BYTES,
    sizeCalculation: (body) => body.length,
  });
  private readonly loader: DataLoader<string, Buffer | undefined>;

  constructor(attempts: DeliveryAttemptRepository) {
    this.loader = new DataLoader(
      async (ids) => {
        const events = await attempts.events(ids);
        const bodies = new Map(events.map((event) => [event.id, serialise(event.type, event.createdAt, event.data)]));
        return ids.map((id) => bodies.get(id));
      },
      // Equal ids of one batch are loaded once; what is worth keeping longer is kept in the LRU.
      { cache: false, maxBatchSize: BATCH_SIZE, batchScheduleFn: soon },
    );
  }

  /** Saves a look-up for an event that was just read. */
  remember({ id, type, createdAt, body }: SendableEvent): void {
    if (body !== null && !this.bodies.has(id)) this.bodies.set(id, serialise(type, createdAt, body));
  }

  /** The webhook's body, the same to the byte whenever it is asked for. Throws when the event is gone. */
  async get(eventId: string): Promise<Buffer> {
    const known = this.bodies.get(eventId);
    if (known !== undefined) return known;
    const body = await this.loader.load(eventId);
    if (body === undefined) throw new Error(`event ${eventId} does not exist`);
    this.bodies.set(eventId, body);
    return body;
  }
}

/** Key order is jsonb's own, which depends on the keys alone: every process writes the same bytes. */
function serialise(type: EventType, createdAt: Date, data: Record<string, unknown>): Buffer {
  return Buffer.from(JSON.stringify({ type, timestamp: createdAt.toISOString(), data }));
}
