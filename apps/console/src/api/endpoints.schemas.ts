/** Endpoints on the wire. */
import { z } from 'zod';
import { endpointFilterSchema } from '#contracts/channel-filter.js';
import { EVENT_TYPES, eventTypeSchema } from '#contracts/events.js';
import { ownHeaderProblem, ownHeadersProblem } from '#domain/own-headers.js';
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
const bodyForm = z
  .enum(['full', 'thin'])
  .meta({ description: 'thin: ids and addresses only, for those who fetch the rest themselves.', example: 'full' });
const rateLimit = z
  .number()
  .int()
  .min(1)
  .max(600_000)
  .nullable()
  .meta({ description: 'Attempts a minute at most; null: as fast as it answers.', example: 600 });
const ordered = z.boolean().meta({
  description:
    'One event at a time, in the order of their sequence numbers: the next one only after the last one ended.',
});
const signing = z.enum(['hmac', 'ed25519']).meta({
  description:
    'hmac: a shared secret (v1). ed25519: a key pair (v1a); whoever has publicKey can verify. Changed by rotating.',
  example: 'hmac',
});
const partnerId = z
  .uuid()
  .nullable()
  .meta({ description: "Whose endpoint it is: that partner's tokens open it. Null: the operator's own." });
const headers = <Value extends z.ZodType<string | null>>(value: Value) =>
  z
    .record(z.string(), value)
    .superRefine((given, context) => {
      const problem = ownHeadersProblem(lowered(given));
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      if (Object.keys(lowered(given)).length < Object.keys(given).length)
        context.addIssue({ code: 'custom', message: 'names the same header twice: names have no capitals' });
      for (const [name, text] of Object.entries(given)) {
        const wrong = ownHeaderProblem(name, text ?? 'x');
        if (wrong !== null) context.addIssue({ code: 'custom', path: [name], message: wrong });
      }
    })
    .meta({
      description:
        'Sent with every webhook, such as what a gateway before the receiver asks for. Values are never shown again.',
      example: { authorization: 'Bearer 5up3r' },
    });

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
    partnerId,
    bodyForm,
    rateLimitPerMinute: rateLimit,
    ordered,
    signing,
    publicKey: z
      .string()
      .nullable()
      .meta({ description: 'Verifies v1a signatures; null with hmac.', example: 'whpk_…' }),
    formerKeysUntil: dateTime
      .nullable()
      .meta({ description: 'Until then keys from before a rotation sign as well; null when none does.' }),
    headers: z.array(z.string()).meta({ description: 'Names of its own headers; their values are not shown.' }),
    demo: z.boolean(),
    circuit: z
      .object({
        state: z.enum(['closed', 'open', 'half-open']),
        until: dateTime.nullable(),
        reason: z.string().nullable().meta({ example: '12 attempts in a row failed, the last: answered 500' }),
      })
      .meta({
        description:
          'Open: nothing is sent until then, because attempts failed in a row. Half-open: one attempt at a time, a success closes it. PATCH {"status":"active"} closes it at once.',
      }),
    failingSince: dateTime.nullable(),
    lastSuccessAt: dateTime.nullable(),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Endpoint' });
export const endpointPageSchema = pageOf(endpointSchema, 'EndpointPage');
export const endpointQuerySchema = fields({ ...pageFields, partnerId: z.uuid().optional() });
export const createdEndpointSchema = endpointSchema
  .extend({
    secret: z.string().nullable().meta({
      description:
        'Verifies the signatures (Standard Webhooks). Shown now and never again. Null with ed25519: publicKey is all that a receiver needs.',
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
  partnerId: partnerId.optional(),
  bodyForm: bodyForm.optional(),
  rateLimitPerMinute: rateLimit.optional(),
  ordered: ordered.optional(),
  signing: signing.optional(),
  headers: headers(z.string()).optional(),
  status: z.enum(['active', 'paused']).optional(),
  demo: z.boolean().default(false),
}).meta({ id: 'NewEndpoint' });

export const endpointPatchSchema = fields({
  url: webUrl(EXAMPLE_URL).optional(),
  description: description.optional(),
  events: events.optional(),
  filter: filter.optional(),
  maxInFlight: maxInFlight.optional(),
  partnerId: partnerId.optional(),
  bodyForm: bodyForm.optional(),
  rateLimitPerMinute: rateLimit.optional(),
  ordered: ordered.optional(),
  headers: headers(z.string().nullable()).optional().meta({
    description: 'Headers to set; null takes one away, those not named stay as they are.',
  }),
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
    partnerId: row.partner_id,
    bodyForm: row.body_form,
    rateLimitPerMinute: row.rate_limit_per_minute,
    ordered: row.ordered,
    signing: row.signing,
    publicKey: row.public_key,
    formerKeysUntil: isoOrNull(stillToCome(row.former_keys_until)),
    headers: row.header_names,
    demo: row.is_demo,
    circuit: circuitOf(row),
    failingSince: isoOrNull(row.first_failure_at),
    lastSuccessAt: isoOrNull(row.last_success_at),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** By small names, as they are stored and sent. */
export function lowered<Value extends string | null>(given: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
}

function stillToCome(date: Date | null): Date | null {
  return date !== null && date.getTime() > Date.now() ? date : null;
}

function circuitOf(row: EndpointRow): z.infer<typeof endpointSchema>['circuit'] {
  if (row.circuit_until === null) return { state: 'closed', until: null, reason: null };
  const open = row.circuit_until.getTime() > Date.now();
  const last = row.last_failure === null ? '' : `, the last: ${row.last_failure}`;
  return {
    state: open ? 'open' : 'half-open',
    until: open ? row.circuit_until.toISOString() : null,
    reason: `${row.failures_in_row} attempts in a row failed${last}`,
  };
}
