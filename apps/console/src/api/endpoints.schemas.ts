/** Endpoints on the wire. */
import { z } from 'zod';
import { endpointFilterSchema } from '#contracts/channel-filter.js';
import { EVENT_TYPES, eventTypeSchema } from '#contracts/events.js';
import type { EndpointRow } from '#storage/endpoint.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const EXAMPLE_URL = 'https://partner.example/hooks/dateline';
const description = z.string().max(500);
const events = z
  .array(eventTypeSchema)
  .min(1)
  .max(EVENT_TYPES.length)
  .transform((types) => [...new Set(types)])
  .meta({ description: 'The types it is told of.', example: ['story.published'] });
const filter = endpointFilterSchema.meta({
  description: 'All conditions must hold, one match of each list is enough; empty takes every story.',
  example: { channels: ['sport'] },
});
const maxInFlight = z
  .number()
  .int()
  .min(1)
  .max(200)
  .meta({ description: 'Deliveries under way to it at once.', example: 16 });
const statusSchema = z.enum(['active', 'paused', 'disabled']);

/** What an endpoint hears of unless it says otherwise: everything that happens to stories. */
export const DEFAULT_EVENTS = EVENT_TYPES.filter((type) => type.startsWith('story.'));

export const endpointSchema = z
  .object({
    id: z.uuid(),
    url: z.string().meta({ example: EXAMPLE_URL }),
    description,
    events: z.array(eventTypeSchema),
    filter: endpointFilterSchema,
    status: statusSchema,
    statusReason: z.string().nullable(),
    sinceSeq: z.number().int().meta({ description: 'It gets events with a greater sequence number.' }),
    maxInFlight: z.number().int(),
    demo: z.boolean(),
    failingSince: dateTime.nullable(),
    lastSuccessAt: dateTime.nullable(),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Endpoint' });
export const endpointPageSchema = pageOf(endpointSchema, 'EndpointPage');
export const endpointQuerySchema = fields(pageFields);
export const createdEndpointSchema = endpointSchema
  .extend({
    secret: z.string().meta({
      description: 'Verifies the signatures (Standard Webhooks). Shown now and never again.',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    }),
  })
  .meta({ id: 'CreatedEndpoint' });

export const newEndpointSchema = fields({
  url: webUrl(EXAMPLE_URL),
  description: description.optional(),
  events: events.optional(),
  filter: filter.optional(),
  maxInFlight: maxInFlight.optional(),
  demo: z.boolean().default(false),
}).meta({ id: 'NewEndpoint' });

export const endpointPatchSchema = fields({
  url: webUrl(EXAMPLE_URL).optional(),
  description: description.optional(),
  events: events.optional(),
  filter: filter.optional(),
  maxInFlight: maxInFlight.optional(),
  status: statusSchema
    .optional()
    .meta({ description: 'active forgets past failures; paused keeps what is due; disabled gets nothing more.' }),
}).meta({ id: 'EndpointPatch' });

export function endpointView(row: EndpointRow): z.infer<typeof endpointSchema> {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.event_types,
    filter: row.filter,
    status: row.status,
    statusReason: row.status_reason,
    sinceSeq: row.since_seq,
    maxInFlight: row.max_in_flight,
    demo: row.is_demo,
    failingSince: isoOrNull(row.first_failure_at),
    lastSuccessAt: isoOrNull(row.last_success_at),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
