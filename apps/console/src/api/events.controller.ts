/** /api/v1/events: what happened to stories, in order; the same events as the webhooks, for those who rather ask. */
import { Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventLogRepository } from '#storage/event-log.repository.js';
import type { Asker } from '../auth/asker.js';
import { Answers, ApiId, ApiResource, Id, problemSchema } from './api-route.js';
import { WhoAsks } from './asker-param.js';
import { beyondNewest } from './beyond-newest.js';
import { EndpointStream } from './endpoint-stream.js';
import {
  type EventQuery,
  eventPageSchema,
  eventQuerySchema,
  eventSchema,
  eventView,
  noLongerKeptSchema,
} from './events.schemas.js';
import { pageAsked, pageFrom } from './lists.js';
import { invalid, notFound } from './problem.js';

@ApiResource('events')
export class EventsController {
  constructor(
    private readonly events: EventLogRepository,
    private readonly stream: EndpointStream,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Events, oldest first',
    description:
      "Remember nextSince and ask again with it as since. With endpointId (a token of one endpoint needs none): what that endpoint is told, whether it is active or paused, filtered and in the form of its webhooks; wait=25 answers as soon as there is something; Accept: text/event-stream keeps the answer open (each event's id is its seq, and Last-Event-ID works as since).",
  })
  @Answers(200, eventPageSchema, 'A page of events.')
  @Answers(
    410,
    noLongerKeptSchema,
    'Events after since are not kept any more, or since is beyond the newest, as after a restore from a backup; oldestSince says where to go on.',
  )
  @Answers(429, problemSchema, 'Too many requests wait already.')
  async list(
    @Query({ schema: eventQuerySchema }) query: EventQuery,
    @WhoAsks() asker: Asker | undefined,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { limit, after } = pageAsked(query, 'seq');
    const since = Math.max(query.since, Number(after ?? 0));
    const endpointId = query.endpointId ?? asker?.scope.endpointId ?? undefined;
    if (endpointId === undefined && asker !== undefined)
      throw invalid([{ path: 'endpointId', message: 'say which of your endpoints; GET /api/v1/endpoints lists them' }]);
    if (endpointId === undefined) return this.log(query, limit, since);
    if (query.type !== undefined || query.storyId !== undefined || query.quiet !== undefined)
      throw invalid([
        { path: 'endpointId', message: 'its own settings choose its events: leave out type, storyId and quiet' },
      ]);
    // Who asks for no body waits for no event.
    const isHead = reply.request.method === 'HEAD';
    if (!isHead && accept?.includes('text/event-stream') === true)
      return this.stream.follow({ endpointId, asker, limit, since: sinceOf(lastEventId) ?? since }, reply);
    return this.stream.page({ endpointId, asker, limit, since }, isHead ? 0 : query.wait * 1_000, reply);
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

  private async log({ type, storyId, quiet }: EventQuery, limit: number, sinceSeq: number) {
    const newest = sinceSeq === 0 ? 0 : await this.events.newestSeq();
    if (sinceSeq > newest) throw beyondNewest(sinceSeq, newest, 0);
    const types = type === undefined ? undefined : [type];
    const rows = await this.events.since({ limit, sinceSeq, types, storyId, quiet });
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? String(items.at(-1)?.seq) : null;
    return { ...pageFrom({ items, nextCursor }, eventView), nextSince: items.at(-1)?.seq ?? sinceSeq };
  }
}

/** What a browser sends when it connects again: the id of the last event that it got. */
function sinceOf(lastEventId: string | undefined): number | undefined {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}
