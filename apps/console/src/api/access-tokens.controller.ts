/** /api/v1/partners/ID/tokens and /api/v1/endpoints/ID/tokens: what those who receive may open themselves. */
import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { z } from 'zod';
import { type AccessScope, AccessTokenRepository, type AccessTokenRow } from '#storage/access-token.repository.js';
import { Answers, ApiId, ApiResource, dateTime, Id, isoOrNull } from './api-route.js';
import { page, pageAsked, pageFields, pageOf } from './lists.js';
import { conflict, notFound } from './problem.js';
import { fields } from './validation.js';

const name = z.string().trim().max(100).meta({ description: 'Who or what uses it.', example: 'their test bench' });
const tokenSchema = z
  .object({
    id: z.uuid(),
    partnerId: z.uuid().nullable(),
    endpointId: z.uuid().nullable(),
    name,
    createdAt: dateTime,
    lastUsedAt: dateTime.nullable().meta({ description: 'To the minute.' }),
    revokedAt: dateTime.nullable(),
  })
  .meta({ id: 'AccessToken' });
const tokenPageSchema = pageOf(tokenSchema, 'AccessTokenPage');
const newTokenSchema = fields({ name: name.default('') })
  .prefault({})
  .meta({ id: 'NewAccessToken' });
const createdTokenSchema = tokenSchema
  .extend({
    token: z.string().meta({ description: 'A bearer token. Shown now and never again.', example: 'dlp_…' }),
  })
  .meta({ id: 'CreatedAccessToken' });
const querySchema = fields(pageFields);
const idSchema = z.uuid({ error: 'an id is a UUID, as the lists show it' });
const ApiTokenId = () =>
  ApiParam({ name: 'tokenId', description: 'Id of the token.', schema: { type: 'string', format: 'uuid' } });
const OPENS =
  'A token lists, pings and rotates what it opens, shows its deliveries with their attempts, sends them again (one, or those of a span of time by a replay, to no other address) and gives its events to who rather asks than is called; nothing else.';

@ApiResource('partners')
export class PartnerTokensController {
  constructor(private readonly tokens: AccessTokenRepository) {}

  @Get(':id/tokens')
  @ApiId('partner')
  @ApiOperation({ summary: "A partner's tokens, newest first" })
  @Answers(200, tokenPageSchema, 'A page of tokens.')
  list(@Id() id: string, @Query({ schema: querySchema }) query: z.infer<typeof querySchema>) {
    return listed(this.tokens, { partnerId: id, endpointId: null }, query);
  }

  @Post(':id/tokens')
  @ApiId('partner')
  @ApiOperation({ summary: "Make a token for all of a partner's endpoints", description: OPENS })
  @Answers(201, createdTokenSchema, 'The new token.')
  create(@Id() id: string, @Body({ schema: newTokenSchema }) body: z.infer<typeof newTokenSchema>) {
    return created(this.tokens, { partnerId: id, endpointId: null }, body.name);
  }

  @Delete(':id/tokens/:tokenId')
  @HttpCode(204)
  @ApiId('partner')
  @ApiTokenId()
  @ApiOperation({ summary: 'End a token, at once and for good' })
  @Answers(204, null, 'It opens nothing any more.')
  revoke(@Id() id: string, @Param('tokenId', { schema: idSchema }) tokenId: string): Promise<void> {
    return revoked(this.tokens, { partnerId: id, endpointId: null }, tokenId);
  }
}

@ApiResource('endpoints')
export class EndpointTokensController {
  constructor(private readonly tokens: AccessTokenRepository) {}

  @Get(':id/tokens')
  @ApiId('endpoint')
  @ApiOperation({ summary: "An endpoint's own tokens, newest first" })
  @Answers(200, tokenPageSchema, 'A page of tokens.')
  list(@Id() id: string, @Query({ schema: querySchema }) query: z.infer<typeof querySchema>) {
    return listed(this.tokens, { partnerId: null, endpointId: id }, query);
  }

  @Post(':id/tokens')
  @ApiId('endpoint')
  @ApiOperation({ summary: 'Make a token for this endpoint alone', description: OPENS })
  @Answers(201, createdTokenSchema, 'The new token.')
  create(@Id() id: string, @Body({ schema: newTokenSchema }) body: z.infer<typeof newTokenSchema>) {
    return created(this.tokens, { partnerId: null, endpointId: id }, body.name);
  }

  @Delete(':id/tokens/:tokenId')
  @HttpCode(204)
  @ApiId('endpoint')
  @ApiTokenId()
  @ApiOperation({ summary: 'End a token, at once and for good' })
  @Answers(204, null, 'It opens nothing any more.')
  revoke(@Id() id: string, @Param('tokenId', { schema: idSchema }) tokenId: string): Promise<void> {
    return revoked(this.tokens, { partnerId: null, endpointId: id }, tokenId);
  }
}

async function listed(tokens: AccessTokenRepository, scope: AccessScope, query: z.infer<typeof querySchema>) {
  const asked = pageAsked(query);
  return page(await tokens.list(scope, asked), asked.limit, tokenView);
}

async function created(tokens: AccessTokenRepository, scope: AccessScope, tokenName: string) {
  const made = await tokens.create(scope, tokenName);
  if (made === 'nobody')
    throw notFound(scope.partnerId === null ? 'endpoint' : 'partner', scope.partnerId ?? scope.endpointId ?? '');
  if (made === 'too-many')
    throw conflict('too-many-tokens', 'It has twenty tokens already. End one that is not needed.');
  return { ...tokenView(made.row), token: made.token };
}

async function revoked(tokens: AccessTokenRepository, scope: AccessScope, tokenId: string): Promise<void> {
  if (!(await tokens.revoke(scope, tokenId))) throw notFound('token', tokenId);
}

function tokenView(row: AccessTokenRow): z.infer<typeof tokenSchema> {
  return {
    id: row.id,
    partnerId: row.partner_id,
    endpointId: row.endpoint_id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: isoOrNull(row.last_used_at),
    revokedAt: isoOrNull(row.revoked_at),
  };
}
