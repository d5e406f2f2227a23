/** /api/v1/events: what happened to stories, in order; the same events as the webhooks, for those who rather ask. */
import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { eventTypeSchema } from '#contracts/events.js';
import { EventLogRepository, type EventLogRow } from '#storage/event-log.repository.js';
import { Answers, ApiId, ApiResource, dateTime, Id } from './api-route.js';
import { pageAsked, pageFields, pageFrom, pageOf } from './lists.js';
import { notFound } from './problem.js';
import { fields } from './validation.js';

const eventSchema = z
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
    data: z.record(z.string(), z.unknown()).meta({ description: "The webhook body's data, as it was then." }),
  })
  .meta({ id: 'Event' });
const eventPageSchema = pageOf(eventSchema, 'EventPage');
const eventQuerySchema = fields({
  ...pageFields,
  since: z.coerce.number().int().min(0).default(0).meta({ description: 'Only events with a greater seq.', example: 0 }),
  type: eventTypeSchema.optional(),
  storyId: z.uuid().optional(),
  quiet: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'false: only those that endpoints are told of.' }),
});

@ApiResource('events')
export class EventsController {
  constructor(private readonly events: EventLogRepository) {}

  @Get()
  @ApiOperation({ summary: 'Events, oldest first', description: 'Remember the last seq and ask again with since.' })
  @Answers(200, eventPageSchema, 'A page of events.')
  async list(@Query({ schema: eventQuerySchema }) query: z.infer<typeof eventQuerySchema>) {
    const { limit, after } = pageAsked(query, 'seq');
    const rows = await this.events.since({
      limit,
      sinceSeq: Math.max(query.since, Number(after ?? 0)),
      types: query.type === undefined ? undefined : [query.type],
      storyId: query.storyId,
      quiet: query.quiet,
    });
    const items = rows.slice(0, limit);
    return pageFrom({ items, nextCursor: rows.length > limit ? String(items.at(-1)?.seq) : null }, eventView);
  }

  @Get(':id')
  @ApiId('event')
  @ApiOperation({ summary: 'One event' })
  @Answers(200, eventSchema, 'The event.')
  async get(@Id() id: string) {
    const row = await this.events.get(id);
    if (row === undefined) throw notFound('event', id);
    return eventView(row);
  }
}

function eventView(row: EventLogRow): z.infer<typeof eventSchema> {
  return {
    id: row.id,
    seq: row.seq,
    type: row.type,
    timestamp: row.created_at.toISOString(),
    storyId: row.story_id,
    storyVersion: row.story_version,
    quietReason: row.quiet_reason,
    correlationId: row.correlation_id,
    data: row.body,
  };
}
