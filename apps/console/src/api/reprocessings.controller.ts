/** /api/v1/reprocessings: stored items are processed again, after a change of rules, dictionaries or thresholds. */
import { Body, Delete, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ReprocessingAdminRepository } from '#storage/reprocessing-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { page, pageAsked } from './lists.js';
import { conflict, invalid, notFound } from './problem.js';
import {
  newReprocessingSchema,
  reprocessingConflictSchema,
  reprocessingDetailSchema,
  reprocessingPageSchema,
  reprocessingQuerySchema,
  reprocessingView,
} from './reprocessings.schemas.js';

@ApiResource('reprocessings')
export class ReprocessingsController {
  constructor(private readonly runs: ReprocessingAdminRepository) {}

  @Get()
  @ApiOperation({ summary: 'Runs that process stored items again, newest first' })
  @Answers(200, reprocessingPageSchema, 'A page of runs.')
  async list(@Query({ schema: reprocessingQuerySchema }) query: z.infer<typeof reprocessingQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.runs.list({ ...asked, status: query.status }), asked.limit, reprocessingView);
  }

  @Post()
  @ApiOperation({
    summary: 'Process stored items again',
    description:
      'The items that were received in a span of time take the way of new ones again: cleaning, language, rules, tags, identity. Goes on in the background; GET shows how far it is. Doing it twice changes nothing. Try it with dryRun first.',
  })
  @Answers(201, reprocessingDetailSchema, 'The new run.')
  @Answers(409, reprocessingConflictSchema, 'A run of this kind is under way; `id` is that run.')
  async create(
    @Body({ schema: newReprocessingSchema }) body: z.infer<typeof newReprocessingSchema>,
    @Req() request: FastifyRequest,
  ) {
    const from = body.from === undefined ? undefined : new Date(body.from);
    const to = body.to === undefined ? new Date() : new Date(body.to);
    if (from !== undefined && from >= to)
      throw invalid([{ path: body.to === undefined ? 'from' : 'to', message: 'from must be earlier than to' }]);
    const { id, isNew } = await this.runs.create({ from, to, dryRun: body.dryRun, requestedBy: request.ip });
    if (!isNew)
      throw conflict(
        'reprocessing-under-way',
        `Run ${id} is under way. Wait for it, or stop it with DELETE /api/v1/reprocessings/${id}.`,
        { id },
      );
    return this.get(id);
  }

  @Get(':id')
  @ApiId('run')
  @ApiOperation({ summary: 'One run with its progress and examples' })
  @Answers(200, reprocessingDetailSchema, 'The run.')
  async get(@Id() id: string): Promise<z.infer<typeof reprocessingDetailSchema>> {
    const run = await this.runs.get(id);
    if (run === undefined) throw notFound('reprocessing run', id);
    return { ...reprocessingView(run), examples: run.examples };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('run')
  @ApiOperation({ summary: 'Stop a run', description: 'What it has changed stays. The run stays in the list.' })
  @Answers(204, null, 'Stopped, or over already.')
  async stop(@Id() id: string): Promise<void> {
    if (!(await this.runs.stop(id))) throw notFound('reprocessing run', id);
  }
}
