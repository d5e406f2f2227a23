/** /api/v1/endpoints/ID/replays: an endpoint's deliveries of a span of time are sent again. */
import { Body, Get, HttpCode, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type NewReplay, type ReplayRefusal, ReplayRepository } from '#storage/replay.repository.js';
import { EndpointRepository } from '#storage/endpoint.repository.js';
import { type Asker, askerName } from '../auth/asker.js';
import { Answers, ApiId, ApiResource, Id, problemSchema } from './api-route.js';
import { WhoAsks } from './asker-param.js';
import { page, pageAsked } from './lists.js';
import { conflict, forbidden, invalid, notFound, type ProblemException, tooSoon, unprocessable } from './problem.js';
import {
  newReplaySchema,
  PARTNERS_MOST_A_MINUTE,
  replayConflictSchema,
  replayCountSchema,
  replayCountView,
  replayPageSchema,
  replayQuerySchema,
  replaySchema,
  replayView,
} from './replays.schemas.js';

const replayIdSchema = z.uuid({ error: 'an id is a UUID, as the lists show it' });
const ReplayId = () => Param('replayId', { schema: replayIdSchema });
const ApiReplayId = () =>
  ApiParam({ name: 'replayId', description: 'Id of the replay.', schema: { type: 'string', format: 'uuid' } });

/** A count of so many takes a fraction of a second. */
const PARTNERS_MOST_LOOKED_AT = 50_000;

@ApiResource('endpoints')
export class ReplaysController {
  /** Tokens of partners that have something counted at this moment: each has one count at a time. */
  private readonly counting = new Set<string>();

  constructor(
    private readonly replays: ReplayRepository,
    private readonly endpoints: EndpointRepository,
  ) {}

  @Get(':id/replays')
  @ApiId('endpoint')
  @ApiOperation({ summary: "An endpoint's replays, newest first" })
  @Answers(200, replayPageSchema, 'A page of replays.')
  async list(
    @Id() id: string,
    @WhoAsks() asker: Asker | undefined,
    @Query({ schema: replayQuerySchema }) query: z.infer<typeof replayQuerySchema>,
  ) {
    await this.opened(id, asker);
    const asked = pageAsked(query);
    return page(await this.replays.list(id, asked), asked.limit, (row) => replayView(row, asker));
  }

  @Post(':id/replays')
  @ApiId('endpoint')
  @ApiOperation({
    summary: 'Send deliveries again',
    description:
      'What failed (or everything) in a span of time is sent again under its old webhook-ids, the oldest first, at a set rate. Goes on in the background; GET shows how far it is. One replay an endpoint is under way at a time. Try it with dryRun first. Only operators send to another address with url: tokens of partners get 403.',
  })
  @Answers(200, replayCountSchema, 'With dryRun: what would be sent. Nothing was.')
  @Answers(201, replaySchema, 'The new replay.')
  @Answers(403, problemSchema, "A partner's token asked for another address with url.")
  @Answers(409, replayConflictSchema, 'A replay of this endpoint is under way, or the endpoint is disabled.')
  @Answers(429, problemSchema, "Another is being counted for this partner's token.")
  async create(
    @Id() endpointId: string,
    @WhoAsks() asker: Asker | undefined,
    @Body({ schema: newReplaySchema }) body: z.infer<typeof newReplaySchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.opened(endpointId, asker);
    // It would reach whatever the hub reaches, and its deliveries would show the answers.
    if (asker !== undefined && body.url !== undefined)
      throw forbidden(
        'not-for-partners',
        "Only the operator of the hub sends a replay to another address. Leave url out, and it goes to the endpoint's own; or ask the operator for an endpoint at the other address, or for this replay.",
      );
    if (asker !== undefined && body.ratePerMinute > PARTNERS_MOST_A_MINUTE)
      throw invalid([
        {
          path: 'ratePerMinute',
          message: `at most ${PARTNERS_MOST_A_MINUTE} with a partner's token; the operator may set more`,
        },
      ]);
    const asked = asReplay(endpointId, body, asker === undefined ? request.ip : askerName(asker));
    if (asker === undefined) return this.countedOrBegun(asked, body.dryRun, undefined, reply);
    if (this.counting.has(asker.tokenId))
      throw tooSoon(reply, 1, 'A replay is being counted for this token. Wait for its answer before the next.');
    this.counting.add(asker.tokenId);
    try {
      const bounded = { ...asked, mostLookedAt: PARTNERS_MOST_LOOKED_AT };
      return await this.countedOrBegun(bounded, body.dryRun, asker, reply);
    } finally {
      this.counting.delete(asker.tokenId);
    }
  }

  private async countedOrBegun(asked: NewReplay, isDryRun: boolean, asker: Asker | undefined, reply: FastifyReply) {
    if (isDryRun) {
      const count = await this.replays.count(asked);
      if ('refused' in count) throw refusal(count, asked.endpointId);
      void reply.status(HttpStatus.OK);
      return replayCountView(count);
    }
    const replay = await this.replays.create(asked);
    if ('refused' in replay) throw refusal(replay, asked.endpointId);
    return replayView(replay, asker);
  }

  @Get(':id/replays/:replayId')
  @ApiId('endpoint')
  @ApiReplayId()
  @ApiOperation({ summary: 'One replay with its progress' })
  @Answers(200, replaySchema, 'The replay.')
  async get(@Id() endpointId: string, @ReplayId() id: string, @WhoAsks() asker: Asker | undefined) {
    await this.opened(endpointId, asker);
    const row = await this.replays.get(endpointId, id);
    if (row === undefined) throw notFound('replay', id);
    return replayView(row, asker);
  }

  @Post(':id/replays/:replayId/stop')
  @HttpCode(200)
  @ApiId('endpoint')
  @ApiReplayId()
  @ApiOperation({
    summary: 'Stop a replay',
    description:
      'Nothing more is made due, and what failed and waits for another attempt is cancelled, also of a replay that is done; the few that are due for the first time still go out, and what waited for its next attempt before the replay took it over waits for it again. Of a replay to another address nothing more goes out at all. statusReason says how many were cancelled.',
  })
  @Answers(200, replaySchema, 'The replay as it ended, now or before.')
  async stop(@Id() endpointId: string, @ReplayId() id: string, @WhoAsks() asker: Asker | undefined) {
    await this.opened(endpointId, asker);
    const row = await this.replays.stop(endpointId, id, askerName(asker));
    if (row === undefined) throw notFound('replay', id);
    return replayView(row, asker);
  }

  /** Throws 404 for an endpoint that is not there, or that the asker's token does not open. */
  private async opened(id: string, asker: Asker | undefined): Promise<void> {
    if ((await this.endpoints.get(id, asker?.scope)) === undefined) throw notFound('endpoint', id);
  }
}

function asReplay(endpointId: string, body: z.infer<typeof newReplaySchema>, requestedBy: string): NewReplay {
  const since = new Date(body.from);
  // What happens from now on is on its way by itself: a replay that went on with it would send it twice, and never end.
  const now = Date.now();
  const until = new Date(Math.min(now, body.to === undefined ? now : Date.parse(body.to)));
  if (since.getTime() >= now) throw invalid([{ path: 'from', message: 'must be earlier than now' }]);
  if (since >= until) throw invalid([{ path: 'to', message: 'from must be earlier than to' }]);
  return {
    endpointId,
    since,
    until,
    onlyFailed: body.only === 'failed',
    types: body.types ?? null,
    url: body.url === undefined ? null : new URL(body.url).href,
    ratePerMinute: body.ratePerMinute,
    requestedBy,
  };
}

function refusal(refused: ReplayRefusal, endpointId: string): ProblemException {
  switch (refused.refused) {
    case 'no-endpoint':
      return notFound('endpoint', endpointId);
    case 'endpoint-away':
      return conflict(
        'endpoint-away',
        'The endpoint is disabled. Make it active first, with PATCH and {"status":"active"}; nothing of it is sent to another address either.',
      );
    case 'under-way':
      return conflict(
        'replay-under-way',
        `Replay ${refused.id} of this endpoint is under way. Wait for it, or stop it with POST /api/v1/endpoints/${endpointId}/replays/${refused.id}/stop.`,
        { id: refused.id },
      );
    case 'not-kept':
      return unprocessable('not-kept', [
        {
          path: 'to',
          message: `deliveries of events before ${refused.keptSince.toISOString()} are not kept any more; older stories are in the archive of the feeds`,
        },
      ]);
  }
}
