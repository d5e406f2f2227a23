/** /api/v1/endpoints: where partner sites receive webhooks. */
import { Body, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { DELIVERIES_DUE } from '#contracts/commands.js';
import { CommandClient } from '#messaging/command-client.js';
import { EndpointRepository, NoSuchPartner, TooManyHeaders } from '#storage/endpoint.repository.js';
import type { Asker } from '../auth/asker.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { WhoAsks } from './asker-param.js';
import { DemoEnd } from './demo-end.js';
import {
  createdEndpointSchema,
  DEFAULT_EVENTS,
  endpointPageSchema,
  endpointPatchSchema,
  endpointQuerySchema,
  endpointSchema,
  endpointView,
  lowered,
  newEndpointSchema,
} from './endpoints.schemas.js';
import { pageAsked, pageFrom } from './lists.js';
import { invalid, notFound } from './problem.js';

@ApiResource('endpoints')
export class EndpointsController {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly commands: CommandClient,
    private readonly demoEnd: DemoEnd,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Endpoints, newest first' })
  @Answers(200, endpointPageSchema, 'A page of endpoints.')
  async list(
    @Query({ schema: endpointQuerySchema }) query: z.infer<typeof endpointQuerySchema>,
    @WhoAsks() asker: Asker | undefined,
  ) {
    const { limit, after } = pageAsked(query);
    const { partnerId } = query;
    return pageFrom(await this.endpoints.list({ limit, cursor: after, partnerId, scope: asker?.scope }), endpointView);
  }

  @Post()
  @ApiOperation({
    summary: 'Add an endpoint',
    description: 'It starts with the next event. The secret is in this answer and nowhere else.',
  })
  @Answers(201, createdEndpointSchema, 'The new endpoint with its secret.')
  async create(@Body({ schema: newEndpointSchema }) body: z.infer<typeof newEndpointSchema>) {
    if (body.demo) await this.demoEnd.refuseWhenOver();
    const { url, events, headers, demo, ...settings } = body;
    const { endpoint, secret } = await this.endpoints
      .create({
        ...settings,
        url: new URL(url).href,
        eventTypes: events ?? DEFAULT_EVENTS,
        headers: headers === undefined ? undefined : lowered(headers),
        isDemo: demo,
      })
      .catch(throwProblem);
    return { ...endpointView(endpoint), secret };
  }

  @Get(':id')
  @ApiId('endpoint')
  @ApiOperation({ summary: 'One endpoint' })
  @Answers(200, endpointSchema, 'The endpoint.')
  async get(@Id() id: string, @WhoAsks() asker: Asker | undefined) {
    const row = await this.endpoints.get(id, asker?.scope);
    if (row === undefined) throw notFound('endpoint', id);
    return endpointView(row);
  }

  @Patch(':id')
  @ApiId('endpoint')
  @ApiOperation({ summary: 'Change, pause, disable or re-enable an endpoint' })
  @Answers(200, endpointSchema, 'The endpoint as it is now.')
  async update(@Id() id: string, @Body({ schema: endpointPatchSchema }) body: z.infer<typeof endpointPatchSchema>) {
    const { events, url, headers, ...patch } = body;
    const row = await this.endpoints
      .update(id, {
        ...patch,
        eventTypes: events,
        url: url === undefined ? undefined : new URL(url).href,
        headers: headers === undefined ? undefined : lowered(headers),
      })
      .catch(throwProblem);
    if (row === undefined) throw notFound('endpoint', id);
    this.commands.broadcast(DELIVERIES_DUE, { endpointId: id });
    return endpointView(row);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('endpoint')
  @ApiOperation({
    summary: 'Remove an endpoint',
    description: 'What is still pending is cancelled; the history stays.',
  })
  @Answers(204, null, 'Removed.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.endpoints.remove(id))) throw notFound('endpoint', id);
  }
}

function throwProblem(error: unknown): never {
  if (error instanceof NoSuchPartner)
    throw invalid([{ path: 'partnerId', message: 'there is no such partner; GET /api/v1/partners lists them' }]);
  if (error instanceof TooManyHeaders) throw invalid([{ path: 'headers', message: error.message }]);
  throw error;
}
