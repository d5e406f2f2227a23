/** Events on the wire: the log, and one endpoint's share of it. */
import { z } from 'zod';
import { eventTypeSchema } from '#contracts/events.js';
import { thinData } from '#domain/webhook-body.js';
import type { StreamEvent } from '#storage/endpoint-stream.repository.js';
import type { EventLogRow } from '#storage/event-log.repository.js';
import { dateTime, problemSchema } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

export const eventSchema = z
  .object({
    id: z.uuid(),
    seq: z
      .number()
      .int()
      .meta({ description: 'Grows without a gap that could still be filled: ask for what is since.' }),
    type: eventTypeSchema,
    timestamp: dateTime,
    storyId: z.uuid().nullable(),
    storyVersion: z.number().int().nullable(),
    quietReason: z.string().nullable().meta({
      description:
        'Why no endpoint is told of it, such as backlog; or why none is told any more: what its partner allowed was changed.',
    }),
    correlationId: z.string(),
    webhookId: z.string().nullable().meta({
      description:
        'With endpointId: the webhook-id that the endpoint gets it under, to tell what came by webhook already.',
    }),
    data: z.record(z.string(), z.unknown()).meta({
      description:
        "The webhook body's data, as it was then; only ids and addresses where the text may not be passed on any more, for its partner's rights or because its story was withdrawn.",
    }),
  })
  .meta({ id: 'Event' });
export const eventPageSchema = pageOf(eventSchema, 'EventPage')
  .extend({
    nextSince: z.number().int().meta({
      description: 'Ask with it as since the next time. It moves on past events that are not for the endpoint.',
    }),
  })
  .meta({ id: 'EventPage' });
export const noLongerKeptSchema = problemSchema
  .extend({ oldestSince: z.number().int().meta({ description: 'All events after this number are kept.' }) })
  .meta({ id: 'NoLongerKept' });

/** Below the half minute after which proxies give up. */
const MOST_WAIT_SECONDS = 25;

export const eventQuerySchema = fields({
  ...pageFields,
  since: z.coerce.number().int().min(0).default(0).meta({ description: 'Only events with a greater seq.', example: 0 }),
  type: eventTypeSchema.optional(),
  storyId: z.uuid().optional(),
  endpointId: z.uuid().optional().meta({
    description: "Only what this endpoint is told, in its form: the webhooks' stream for those who rather ask.",
  }),
  wait: z.coerce.number().int().min(0).max(MOST_WAIT_SECONDS).default(0).meta({
    description: 'With endpointId: seconds to wait for an event while there is none, at most 25.',
    example: 0,
  }),
  quiet: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'false: only those that endpoints are told of.' }),
});

export type EventQuery = z.infer<typeof eventQuerySchema>;

export function eventView(row: EventLogRow | StreamEvent): z.infer<typeof eventSchema> {
  return {
    id: row.id,
    seq: row.seq,
    type: row.type,
    timestamp: row.created_at.toISOString(),
    storyId: row.story_id,
    storyVersion: row.story_version,
    quietReason: row.quiet_reason,
    correlationId: row.correlation_id,
    webhookId: 'webhook_id' in row ? row.webhook_id : null,
    data: row.taken_back ? thinData(row.body) : row.body,
  };
}
