/** /api/v1/deliveries: one event for one endpoint, with every attempt. */
import { Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { DELIVERIES_DUE } from '#contracts/commands.js';
import { CommandClient } from '#messaging/command-client.js';
import { DeliveryRepository } from '#storage/delivery.repository.js';
import { type Asker, askerName } from '../auth/asker.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { WhoAsks } from './asker-param.js';
import {
  attemptView,
  deliveryDetailSchema,
  deliveryPageSchema,
  deliveryQuerySchema,
  deliverySchema,
  deliveryView,
} from './deliveries.schemas.js';
import { pageAsked, pageFrom } from './lists.js';
import { conflict, notFound } from './problem.js';

@ApiResource('deliveries')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly commands: CommandClient,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Deliveries, newest first' })
  @Answers(200, deliveryPageSchema, 'A page of deliveries.')
  async list(
    @Query({ schema: deliveryQuerySchema }) query: z.infer<typeof deliveryQuerySchema>,
    @WhoAsks() asker: Asker | undefined,
  ) {
    const { limit, after } = pageAsked(query);
    const { endpointId, status, replayId } = query;
    const scope = asker?.scope;
    return pageFrom(
      await this.deliveries.list({ limit, cursor: after, endpointId, status, replayId, scope }),
      deliveryView,
    );
  }

  @Get(':id')
  @ApiId('delivery')
  @ApiOperation({ summary: 'One delivery with its attempts' })
  @Answers(200, deliveryDetailSchema, 'The delivery.')
  async get(@Id() id: string, @WhoAsks() asker: Asker | undefined) {
    const row = await this.deliveries.get(id, asker?.scope);
    if (row === undefined) throw notFound('delivery', id);
    const attempts = await this.deliveries.attempts(id);
    return { ...deliveryView(row), attemptLog: attempts.map(attemptView) };
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiId('delivery')
  @ApiOperation({ summary: 'Send again now', description: 'Whatever became of it before, under the same webhook-id.' })
  @Answers(202, deliverySchema, 'It is due now.')
  @Answers(
    409,
    deliverySchema.pick({ id: true }),
    'It is being sent at this moment, its endpoint takes nothing, or its text may not be passed on any more.',
  )
  async retry(@Id() id: string, @WhoAsks() asker: Asker | undefined) {
    const known = await this.deliveries.get(id, asker?.scope);
    const result = known && (await this.deliveries.retryNow(id, askerName(asker)));
    if (result === undefined) throw notFound('delivery', id);
    const { verdict, delivery } = result;
    if (verdict === 'in-flight')
      throw conflict('delivery-in-flight', 'It is being sent at this moment. Look again in a few seconds.', { id });
    if (verdict === 'silenced')
      throw conflict(
        'not-passed-on',
        `Its text may not be passed on any more (${delivery.quiet_reason ?? 'its story was withdrawn'}). Endpoints get the story's newer events; what was taken back is told again when its partner's rights allow it or its story is published again, as a new version.`,
        { id },
      );
    if (verdict === 'endpoint-away')
      throw conflict(
        'endpoint-away',
        `Its endpoint ${delivery.endpoint_id} is disabled or removed. Make it active first, with PATCH and {"status":"active"}.`,
        { id },
      );
    this.commands.broadcast(DELIVERIES_DUE, { endpointId: delivery.endpoint_id });
    return deliveryView(delivery);
  }
}
