/** Replays on the wire. */
import { z } from 'zod';
import { EVENT_TYPES, eventTypeSchema } from '#contracts/events.js';
import type { Asker } from '../auth/asker.js';
import type { ReplayCount, ReplayRow } from '#storage/replay.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { moment } from './moments.js';
import { withoutOperatorsAddress } from './operators-address.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const onlySchema = z.enum(['failed', 'all']);
const DEFAULT_RATE = 600;
const MOST_A_MINUTE = 60_000;
/** Each attempt keeps what was answered: a partner must not be able to fill the disk with a replay of everything after the other. */
export const PARTNERS_MOST_A_MINUTE = 3_000;
const count = (description: string) => z.number().int().meta({ description });
const nothingBefore = dateTime.nullable().meta({
  description:
    'Deliveries of events before this moment are not kept any more and are left out; null: the whole span is kept.',
});

export const replaySchema = z
  .object({
    id: z.uuid(),
    endpointId: z.uuid(),
    url: z.string().nullable().meta({ description: 'Where it sends to; null: to the endpoint itself.' }),
    status: z.enum(['running', 'done', 'stopped']).meta({
      description: 'done: each was tried at least once; what failed goes on by the schedule of attempts.',
    }),
    statusReason: z.string().nullable(),
    from: dateTime,
    to: dateTime,
    nothingBefore,
    only: onlySchema,
    types: z.array(eventTypeSchema).nullable(),
    ratePerMinute: z.number().int(),
    requestedBy: z
      .string()
      .meta({ description: 'The address that asked for it, or the token. Tokens of partners see no addresses.' }),
    total: count('Deliveries to send, counted when it began.'),
    totalIsFloor: z.boolean().meta({ description: 'There were more; counting stopped.' }),
    sent: count('Made due so far.'),
    leftOut: count('Not sent: their text may not be passed on any more.'),
    underWay: count('Not touched: they were on their way anyway.'),
    waiting: count('Of the sent: due, or being sent at this moment.'),
    delivered: count('Of the sent: accepted.'),
    retrying: count('Of the sent: failed, with attempts to come.'),
    failed: count('Of the sent: given up.'),
    cancelled: count(
      'Of the sent: cancelled; the replay was stopped, the endpoint was disabled, or the text may not be passed on any more.',
    ),
    createdAt: dateTime,
    finishedAt: dateTime.nullable(),
  })
  .meta({ id: 'Replay' });
export const replayPageSchema = pageOf(replaySchema, 'ReplayPage');
export const replayQuerySchema = fields(pageFields);

export const replayCountSchema = z
  .object({
    dryRun: z.literal(true),
    total: count('Deliveries that would be sent.'),
    totalIsFloor: z.boolean().meta({ description: 'There are more; counting stopped.' }),
    leftOut: count('Would not be sent: their text may not be passed on any more.'),
    underWay: count('On their way anyway.'),
    nothingBefore,
  })
  .meta({ id: 'ReplayCount' });

export const newReplaySchema = fields({
  from: moment.meta({ description: 'Events that happened from this moment on.' }),
  to: moment
    .optional()
    .meta({ description: 'Events that happened before this moment; left out, or later than now: now.' }),
  only: onlySchema.default('failed').meta({
    description: 'failed: what failed, was cancelled, or waits for its next attempt. all: what was delivered as well.',
  }),
  types: z
    .array(eventTypeSchema)
    .min(1)
    .max(EVENT_TYPES.length)
    .optional()
    .meta({ description: 'Only events of these types.' }),
  url: webUrl('https://staging.partner.example/hooks').optional().meta({
    description:
      "For operators only. Send to this address instead, signed with the endpoint's keys, without its own headers. The endpoint's deliveries stay as they are.",
  }),
  ratePerMinute: z
    .number()
    .int()
    .min(1)
    .max(MOST_A_MINUTE)
    .default(DEFAULT_RATE)
    .meta({ description: `Deliveries made due a minute; with a partner's token at most ${PARTNERS_MOST_A_MINUTE}.` }),
  dryRun: z.boolean().default(false).meta({ description: 'Only count.' }),
}).meta({ id: 'NewReplay', example: { from: '2026-08-01T00:00:00Z', only: 'failed', dryRun: true } });

export const replayConflictSchema = z
  .object({ id: z.uuid().optional().meta({ description: 'The replay that is under way.' }) })
  .meta({ id: 'ReplayConflict' });

/** `asker`: who it is shown to. */
export function replayView(row: ReplayRow, asker: Asker | undefined): z.infer<typeof replaySchema> {
  const { waiting, delivered, retrying, failed, cancelled } = row.outcome;
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    url: row.url,
    status: row.status,
    statusReason: withoutOperatorsAddress(row.status_reason, asker),
    from: row.since.toISOString(),
    to: row.until.toISOString(),
    nothingBefore: isoOrNull(row.nothing_before),
    only: row.only_failed ? 'failed' : 'all',
    types: row.types,
    ratePerMinute: row.rate_per_minute,
    requestedBy: withoutOperatorsAddress(row.requested_by, asker),
    total: row.total,
    totalIsFloor: row.total_is_floor,
    sent: row.made_due,
    leftOut: row.left_out,
    underWay: row.under_way,
    waiting,
    delivered,
    retrying,
    failed,
    cancelled,
    createdAt: row.created_at.toISOString(),
    finishedAt: isoOrNull(row.finished_at),
  };
}

export function replayCountView(row: ReplayCount): z.infer<typeof replayCountSchema> {
  const { toSend: total, isFloor: totalIsFloor, leftOut, underWay } = row;
  return { dryRun: true, total, totalIsFloor, leftOut, underWay, nothingBefore: isoOrNull(row.nothingBefore) };
}
