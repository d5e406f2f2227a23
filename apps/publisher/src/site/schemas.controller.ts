/** /schemas: what each webhook's body looks like, as JSON Schema, for anyone. */
import { Controller, Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { BODY_SCHEMA_VERSION } from '#contracts/events.js';
import { WEBHOOK_SCHEMAS, webhookJsonSchema, webhookSchemaName } from '#contracts/webhook-schemas.js';
import { RenderedDocument } from '../serving/rendered-document.js';
import { sendDocument } from '../serving/send-document.js';

const CACHE_CONTROL = 'public, max-age=3600';

@ApiExcludeController()
@Controller('schemas')
export class SchemasController {
  /** By address: they are few, and change with a release only. */
  private readonly documents: Map<string, RenderedDocument>;

  constructor(@Inject(CONFIG) config: Config) {
    const base = `/schemas/v${BODY_SCHEMA_VERSION}`;
    const schemas = WEBHOOK_SCHEMAS.map(({ type, form }) => {
      const path = `${base}/${webhookSchemaName(type, form)}.json`;
      return { type, form, path, url: config.publicUrl + path };
    });
    const list = { version: BODY_SCHEMA_VERSION, schemas: schemas.map(({ type, form, url }) => ({ type, form, url })) };
    this.documents = new Map([
      ['/schemas', documentOf(list, 'application/json')],
      ...schemas.map(
        ({ type, form, path, url }) =>
          [path, documentOf(webhookJsonSchema(type, form, url), 'application/schema+json')] as const,
      ),
    ]);
  }

  @Get()
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void | Promise<void> {
    return this.send('/schemas', request, reply);
  }

  @Get(':version/:name')
  schema(
    @Param('version') version: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void | Promise<void> {
    return this.send(`/schemas/${version}/${name}`, request, reply);
  }

  private send(path: string, request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const document = this.documents.get(path);
    if (document === undefined) throw new NotFoundException();
    // Validators run in browsers too.
    void reply.header('access-control-allow-origin', '*');
    return sendDocument(request, reply, document);
  }
}

function documentOf(content: unknown, contentType: string): RenderedDocument {
  return new RenderedDocument({
    status: 200,
    contentType: `${contentType}; charset=utf-8`,
    body: `${JSON.stringify(content, null, 2)}\n`,
    cacheControl: CACHE_CONTROL,
  });
}
