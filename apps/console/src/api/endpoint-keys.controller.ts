/** /api/v1/endpoints/ID/…: what its operator or its partner does with an endpoint: see a webhook arrive, change the key. */
import { Body, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { DELIVERIES_DUE } from '#contracts/commands.js';
import { CommandClient } from '#messaging/command-client.js';
import { EndpointKeyRepository, ROTATE_EVERY_SECONDS } from '#storage/endpoint-key.repository.js';
import { EndpointPingRepository, PING_EVERY_SECONDS } from '#storage/endpoint-ping.repository.js';
import { EndpointRepository, type EndpointRow } from '#storage/endpoint.repository.js';
import { type Asker, askerName } from '../auth/asker.js';
import { Answers, ApiId, ApiResource, Id, problemSchema } from './api-route.js';
import { WhoAsks } from './asker-param.js';
import {
  newKeySchema,
  pingSchema,
  rotationPageSchema,
  rotationQuerySchema,
  rotationView,
  rotationWishSchema,
} from './endpoint-keys.schemas.js';
import { page, pageAsked } from './lists.js';
import { conflict, notFound, tooSoon } from './problem.js';

@ApiResource('endpoints')
export class EndpointKeysController {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly keys: EndpointKeyRepository,
    private readonly pings: EndpointPingRepository,
    private readonly commands: CommandClient,
  ) {}

  @Post(':id/ping')
  @HttpCode(202)
  @ApiId('endpoint')
  @ApiOperation({
    summary: 'Send a ping',
    description: `An event of type ping for this endpoint alone, delivered like every other, whatever types it asked for. Once in ${PING_EVERY_SECONDS} s. Look at its delivery for what became of it.`,
  })
  @Answers(202, pingSchema, 'It is on its way.')
  @Answers(409, newKeySchema.pick({ id: true }), 'It is paused or disabled: nothing is sent there.')
  @Answers(429, problemSchema, 'It was pinged a moment ago; Retry-After says when it can be again.')
  async ping(
    @Id() id: string,
    @WhoAsks() asker: Asker | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof pingSchema>> {
    const { status } = await this.opened(id, asker);
    const ping = await this.pings.ping(id);
    if (ping === undefined) throw notFound('endpoint', id);
    if (ping.verdict === 'away')
      throw conflict('endpoint-away', `It is ${status}: nothing is sent there. Make it active first.`, { id });
    if (ping.verdict === 'too-soon')
      throw tooSoon(
        reply,
        PING_EVERY_SECONDS,
        `It was pinged a moment ago. Wait ${PING_EVERY_SECONDS} s; the deliveries show what became of that one.`,
      );
    this.commands.broadcast(DELIVERIES_DUE, { endpointId: id });
    return { deliveryId: ping.deliveryId, webhookId: ping.webhookId };
  }

  @Post(':id/rotate')
  @ApiId('endpoint')
  @ApiOperation({
    summary: 'Change the key',
    description: `The new secret is in this answer and nowhere else. Until the old key ends, every webhook is signed with both. Tokens of partners: once in ${ROTATE_EVERY_SECONDS} s.`,
  })
  @Answers(201, newKeySchema, 'The new key.')
  @Answers(409, newKeySchema.pick({ id: true }), 'Four former keys still sign.')
  @Answers(429, problemSchema, "It was changed a moment ago; Retry-After says when a partner's token may do it again.")
  async rotate(
    @Id() id: string,
    @WhoAsks() asker: Asker | undefined,
    @Body({ schema: rotationWishSchema }) wish: z.infer<typeof rotationWishSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof newKeySchema>> {
    await this.opened(id, asker);
    const made = await this.keys.rotate(id, { ...wish, by: askerName(asker), isPaced: asker !== undefined });
    if (made === undefined) throw notFound('endpoint', id);
    if (made === 'too-soon')
      throw tooSoon(
        reply,
        ROTATE_EVERY_SECONDS,
        `Its key was changed a moment ago. Wait ${ROTATE_EVERY_SECONDS} s; GET /api/v1/endpoints/${id}/rotations lists the changes.`,
      );
    if (made === 'too-many')
      throw conflict(
        'too-many-keys',
        'Four keys from before still sign beside the newest. Wait until one ends, or end all of them at once with {"overlapSeconds": 0}.',
        { id },
      );
    const { rotation, secret, publicKey } = made;
    return { ...rotationView(rotation), secret, publicKey };
  }

  @Get(':id/rotations')
  @ApiId('endpoint')
  @ApiOperation({ summary: 'Changes of the key, newest first' })
  @Answers(200, rotationPageSchema, 'A page of rotations.')
  async rotations(
    @Id() id: string,
    @WhoAsks() asker: Asker | undefined,
    @Query({ schema: rotationQuerySchema }) query: z.infer<typeof rotationQuerySchema>,
  ) {
    await this.opened(id, asker);
    const asked = pageAsked(query);
    return page(await this.keys.rotations(id, asked), asked.limit, rotationView);
  }

  /** 404 also for what is another's: nobody learns which ids there are. */
  private async opened(id: string, asker: Asker | undefined): Promise<EndpointRow> {
    const endpoint = await this.endpoints.get(id, asker?.scope);
    if (endpoint === undefined) throw notFound('endpoint', id);
    return endpoint;
  }
}
