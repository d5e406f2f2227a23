/** /api/v1/fetches: every poll and push of every feed, and what came of it. */
import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { fetchPageSchema, fetchQuerySchema, fetchSchema, fetchView } from './fetches.schemas.js';
import { page, pageAsked } from './lists.js';
import { notFound } from './problem.js';

@ApiResource('fetches')
export class FetchesController {
  constructor(private readonly fetches: FetchLogRepository) {}

  @Get()
  @ApiOperation({ summary: 'Fetches of all feeds, newest first' })
  @Answers(200, fetchPageSchema, 'A page of fetches.')
  async list(@Query({ schema: fetchQuerySchema }) query: z.infer<typeof fetchQuerySchema>) {
    const asked = pageAsked(query);
    const { feedId, outcome } = query;
    return page(await this.fetches.list({ ...asked, feedId, outcome }), asked.limit, fetchView);
  }

  @Get(':id')
  @ApiId('fetch')
  @ApiOperation({ summary: 'One fetch' })
  @Answers(200, fetchSchema, 'The fetch.')
  async get(@Id() id: string) {
    const row = await this.fetches.get(id);
    if (row === undefined) throw notFound('fetch', id);
    return fetchView(row);
  }
}
