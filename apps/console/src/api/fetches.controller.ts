/** /api/v1/fetches: every poll and push of every feed, and what came of it. */
import { Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces } from '@nestjs/swagger';
import { z } from 'zod';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { fetchPageSchema, fetchQuerySchema, fetchSchema, fetchView } from './fetches.schemas.js';
import { page, pageAsked } from './lists.js';
import { spanAsked } from './moments.js';
import { notFound } from './problem.js';

@ApiResource('fetches')
export class FetchesController {
  constructor(private readonly fetches: FetchLogRepository) {}

  @Get()
  @ApiOperation({ summary: 'Fetches of all feeds, newest first' })
  @Answers(200, fetchPageSchema, 'A page of fetches.')
  async list(@Query({ schema: fetchQuerySchema }) query: z.infer<typeof fetchQuerySchema>) {
    const asked = pageAsked(query);
    const { feedId, partnerId, outcome, kind, errorClass } = query;
    const filters = { feedId, partnerId, outcome, kind, errorClass, ...spanAsked(query) };
    return page(await this.fetches.list({ ...asked, ...filters }), asked.limit, fetchView);
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
  @Get(':id/document')
  @ApiId('fetch')
  @ApiOperation({
    summary: 'The document that a fetch brought',
    description:
      'The bytes as the partner sent them, with their content type, as a download. Kept for KEEP_DOCUMENTS days, and up to 64 MB a day of one feed.',
  })
  @ApiProduces('application/octet-stream')
  @Answers(200, z.string().meta({ format: 'binary' }), 'The bytes.')
  @Header('x-content-type-options', 'nosniff')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  async document(@Id() id: string): Promise<StreamableFile> {
    const fetch = await this.fetches.get(id);
    if (fetch === undefined) throw notFound('fetch', id);
    // Fetches that failed or found nothing new store none.
    const document = fetch.document_id === null ? undefined : await this.fetches.document(fetch.document_id);
    if (document === undefined) throw notFound('stored document of fetch', id);
    return new StreamableFile(document.body, {
      type: mediaType(document.contentType),
      disposition: `attachment; filename="${document.id}.bin"`,
      length: document.body.byteLength,
    });
  }
}

/** The partner's content type where it is a well-formed one (RFC 9110, 8.3): a header of ours must not carry anything else. */
function mediaType(contentType: string | null): string {
  const wellFormed = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*charset="?[\w.:-]+"?)?$/;
  return contentType !== null && contentType.length < 200 && wellFormed.test(contentType)
    ? contentType
    : 'application/octet-stream';
}
