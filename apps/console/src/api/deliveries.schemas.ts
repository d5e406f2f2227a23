/** Deliveries and their attempts on the wire. */
import { z } from 'zod';
import { eventTypeSchema } from '#contracts/events.js';
import { type AttemptRow, type DeliveryRow, NEWEST_ATTEMPTS } from '#storage/delivery.repository.js';
import type { Asker } from '../auth/asker.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { withoutOperatorsAddress } from './operators-address.js';
import { fields } from './validation.js';

const statusSchema = z.enum(['pending', 'delivering', 'delivered', 'failed', 'cancelled']);

export const deliverySchema = z
  .object({
    id: z.uuid(),
    endpointId: z.uuid(),
    eventId: z.uuid(),
    eventType: eventTypeSchema,
    eventSeq: z.number().int(),
    storyId: z.uuid().nullable(),
    storyVersion: z.number().int().nullable(),
    webhookId: z.string().meta({ description: 'The webhook-id header, the same in every attempt.' }),
    status: statusSchema,
    statusReason: z.string().nullable().meta({
      description: 'What came of it last, or what it waits for: the delivery before it, or its endpoint’s circuit.',
    }),
    attempts: z.number().int().meta({ description: 'Since it was last sent anew.' }),
    nextAttemptAt: dateTime.nullable().meta({ description: 'Null when nothing more will be tried.' }),
    correlationId: z.string(),
    createdAt: dateTime,
    finishedAt: dateTime.nullable(),
    replayId: z.uuid().nullable().meta({ description: 'The newest replay that sent it again.' }),
  })
  .meta({ id: 'Delivery' });
export const deliveryPageSchema = pageOf(deliverySchema, 'DeliveryPage');

const attemptSchema = z
  .object({
    id: z.uuid(),
    number: z.number().int(),
    startedAt: dateTime,
    durationMs: z.number().int(),
    httpStatus: z.number().int().nullable(),
    error: z.object({ class: z.string(), message: z.string() }).nullable(),
    response: z.string().nullable().meta({ description: 'The start of what the endpoint answered, as text.' }),
  })
  .meta({ id: 'Attempt' });
export const deliveryDetailSchema = deliverySchema
  .extend({
    attemptTotal: z.number().int().meta({ description: 'All attempts that are kept, those of former schedules too.' }),
    attemptLog: z.array(attemptSchema).meta({ description: `The newest ${NEWEST_ATTEMPTS}, oldest first.` }),
  })
  .meta({ id: 'DeliveryDetail' });

export const deliveryQuerySchema = fields({
  ...pageFields,
  endpointId: z.uuid().optional(),
  status: statusSchema.optional(),
  replayId: z.uuid().optional().meta({ description: 'Those that this replay sent again.' }),
});

/** `asker`: who it is shown to. */
export function deliveryView(row: DeliveryRow, asker: Asker | undefined): z.infer<typeof deliverySchema> {
  const open = row.status === 'pending' || row.status === 'delivering';
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
    eventSeq: row.event_seq,
    storyId: row.story_id,
    storyVersion: row.story_version,
    webhookId: row.webhook_id,
    status: row.status,
    statusReason: withoutOperatorsAddress(reasonOf(row), asker),
    attempts: row.attempts,
    nextAttemptAt: open ? row.next_attempt_at.toISOString() : null,
    correlationId: row.correlation_id,
    createdAt: row.created_at.toISOString(),
    finishedAt: isoOrNull(row.finished_at),
    replayId: row.replay_id,
  };
}

function reasonOf(row: DeliveryRow): string | null {
  if (row.waits_for !== null) return `waits for delivery ${row.waits_for}: its endpoint gets events in order`;
  if (row.circuit_until === null) return row.status_reason;
  const circuit = `the endpoint's circuit is open until ${row.circuit_until.toISOString()}`;
  return row.status_reason === null ? circuit : `${row.status_reason}; ${circuit}`;
}

export function attemptView(row: AttemptRow): z.infer<typeof attemptSchema> {
  return {
    id: row.id,
    number: row.number,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    httpStatus: row.http_status,
    error: row.error_class === null ? null : { class: row.error_class, message: row.error ?? 'no details' },
    response: row.response_excerpt === null ? null : readable(row.response_excerpt),
  };
}

/** Whatever the endpoint sent, as text that JSON and a terminal survive. */
function readable(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
}
