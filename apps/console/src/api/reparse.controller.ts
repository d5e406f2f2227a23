/** /api/v1/reparse: reads stored documents again, after a fix of the reader or of a feed's rules. */
import { Body, Delete, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { PartnerAdminRepository } from '#storage/partner-admin.repository.js';
import { ReparseAdminRepository, type ReparseSelection } from '#storage/reparse-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { page, pageAsked } from './lists.js';
import { spanAsked } from './moments.js';
import { conflict, invalid, notFound } from './problem.js';
import {
  newFeedReparseSchema,
  newReparseSchema,
  reparseConflictSchema,
  reparseDetailSchema,
  reparsePageSchema,
  reparseQuerySchema,
  reparseView,
} from './reparse.schemas.js';

@ApiResource('reparse')
export class ReparseController {
  constructor(
    private readonly runs: ReparseAdminRepository,
    private readonly feeds: FeedAdminRepository,
    private readonly partners: PartnerAdminRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Runs that read stored documents again, newest first' })
  @Answers(200, reparsePageSchema, 'A page of runs.')
  async list(@Query({ schema: reparseQuerySchema }) query: z.infer<typeof reparseQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.runs.list({ ...asked, status: query.status }), asked.limit, reparseView);
  }

  @Post()
  @ApiOperation({
    summary: 'Read stored documents again',
    description:
      'Without feedId and partnerId: those of all feeds. Goes on in the background; GET shows how far it is. Doing it twice changes nothing.',
  })
  @Answers(201, reparseDetailSchema, 'The new run.')
  @Answers(409, reparseConflictSchema, 'The same is under way; `id` is that run.')
  async create(
    @Body({ schema: newReparseSchema }) body: z.infer<typeof newReparseSchema>,
    @Req() request: FastifyRequest,
  ) {
    const { feedId, partnerId, dryRun } = body;
    if (feedId !== undefined && (await this.feeds.get(feedId)) === undefined)
      throw invalid([{ path: 'feedId', message: 'there is no such feed; GET /api/v1/feeds lists them' }]);
    if (partnerId !== undefined && (await this.partners.get(partnerId)) === undefined)
      throw invalid([{ path: 'partnerId', message: 'there is no such partner; GET /api/v1/partners lists them' }]);
    return begin(this.runs, { feedId, partnerId, ...spanAsked(body), dryRun, requestedBy: request.ip });
  }

  @Get(':id')
  @ApiId('run')
  @ApiOperation({ summary: 'One run with its progress and examples' })
  @Answers(200, reparseDetailSchema, 'The run.')
  async get(@Id() id: string) {
    return detail(this.runs, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('run')
  @ApiOperation({ summary: 'Stop a run', description: 'What it has changed stays. The run stays in the list.' })
  @Answers(204, null, 'Stopped, or over already.')
  async stop(@Id() id: string): Promise<void> {
    if (!(await this.runs.stop(id))) throw notFound('reparse run', id);
  }
}

@ApiResource('feeds')
export class FeedReparseController {
  constructor(
    private readonly runs: ReparseAdminRepository,
    private readonly feeds: FeedAdminRepository,
  ) {}

  @Post(':id/reparse')
  @ApiId('feed')
  @ApiOperation({
    summary: "Read a feed's stored documents again",
    description: 'As POST /api/v1/reparse with its id.',
  })
  @Answers(201, reparseDetailSchema, 'The new run.')
  @Answers(409, reparseConflictSchema, 'The same is under way; `id` is that run.')
  async reparse(
    @Id() id: string,
    @Body({ schema: newFeedReparseSchema }) body: z.infer<typeof newFeedReparseSchema>,
    @Req() request: FastifyRequest,
  ) {
    if ((await this.feeds.get(id)) === undefined) throw notFound('feed', id);
    return begin(this.runs, { feedId: id, ...spanAsked(body), dryRun: body.dryRun, requestedBy: request.ip });
  }
}

/** Throws 409 when a run for the same feed, partner or all is open. */
async function begin(runs: ReparseAdminRepository, selection: ReparseSelection) {
  const { since, until } = selection;
  if (since !== undefined && until !== undefined && since >= until)
    throw invalid([{ path: 'until', message: 'must be later than since' }]);
  const { id, isNew } = await runs.create(selection);
  if (!isNew)
    throw conflict(
      'reparse-under-way',
      `Run ${id} reads them again already. Wait for it, or stop it with DELETE /api/v1/reparse/${id}.`,
      { id },
    );
  return detail(runs, id);
}

async function detail(runs: ReparseAdminRepository, id: string): Promise<z.infer<typeof reparseDetailSchema>> {
  const run = await runs.get(id);
  if (run === undefined) throw notFound('reparse run', id);
  return { ...reparseView(run), examples: run.examples };
}
