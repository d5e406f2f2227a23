/** /api/v1/deliveries: one event for one endpoint, with its attempts. */
import { Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { DELIVERIES_DUE } from '#contracts/commands.js';
import { CommandClient } from '#messaging/command-client.js';
import { DeliveryRepository, NEWEST_ATTEMPTS } from '#storage/delivery.repository.js';
import { EndpointRetryRepository, RETRIES_AT_ONCE, RETRY_EVERY_SECONDS } from '#storage/endpoint-retry.repository.js';
import { type Asker, askerName } from '../auth/asker.js';
import { Answers, ApiId, ApiResource, Id, problemSchema } from './api-route.js';
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
import { conflict, notFound, tooSoon } from './problem.js';

@ApiResource('deliveries')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly retries: EndpointRetryRepository,
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
    return pageFrom(await this.deliveries.list({ limit, cursor: after, endpointId, status, replayId, scope }), (row) =>
      deliveryView(row, asker),
    );
  }

  @Get(':id')
  @ApiId('delivery')
  @ApiOperation({ summary: 'One delivery with its attempts', description: `The newest ${NEWEST_ATTEMPTS} of them.` })
  @Answers(200, deliveryDetailSchema, 'The delivery.')
  async get(@Id() id: string, @WhoAsks() asker: Asker | undefined) {
    const row = await this.deliveries.get(id, asker?.scope);
    if (row === undefined) throw notFound('delivery', id);
    const attemptTotal = await this.deliveries.countAttempts(id);
    const attempts = await this.deliveries.attempts(id);
    return { ...deliveryView(row, asker), attemptTotal, attemptLog: attempts.map(attemptView) };
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiId('delivery')
  @ApiOperation({
    summary: 'Send again now',
    description: `Whatever became of it before, under the same webhook-id. Tokens of partners: ${RETRIES_AT_ONCE} of an endpoint's at once, then one in ${RETRY_EVERY_SECONDS} s; a replay takes many.`,
  })
  @Answers(202, deliverySchema, 'It is due now.')
  @Answers(
    409,
    deliverySchema.pick({ id: true }),
    'It is being sent at this moment, its endpoint takes nothing, or its text may not be passed on any more.',
  )
  @Answers(429, problemSchema, "Too many of the endpoint's deliveries were sent again; Retry-After says when to go on.")
  async retry(@Id() id: string, @WhoAsks() asker: Asker | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const known = await this.deliveries.get(id, asker?.scope);
    if (known !== undefined && asker !== undefined) await this.takeTurn(known.endpoint_id, reply);
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
    return deliveryView(delivery, asker);
  }

  private async takeTurn(endpointId: string, reply: FastifyReply): Promise<void> {
    const wait = await this.retries.take(endpointId);
    if (wait > 0)
      throw tooSoon(
        reply,
        wait,
        `Many deliveries of endpoint ${endpointId} were sent again a moment ago. Wait ${wait} s, or have a span of time sent again with POST /api/v1/endpoints/${endpointId}/replays.`,
      );
  }
}
