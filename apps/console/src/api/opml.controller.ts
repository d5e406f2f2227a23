/** /api/v1/opml: feeds in and out as the lists that feed readers exchange. */
import { Body, Get, Headers, Inject, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG, type Config } from '#config/config.js';
import { ImportRepository } from '#storage/import.repository.js';
import { OPML_TYPES, type OpmlUpload } from '../opml/opml-body.js';
import { OpmlImporter } from '../opml/opml-importer.js';
import { OpmlWriter } from '../opml/opml-writer.js';
import { UploadSpool, UploadTooLargeError } from '../opml/upload-spool.js';
import { Answers, ApiResource } from './api-route.js';
import { importSchema, importView } from './imports.schemas.js';
import { conflict, notFound, problemBody, ProblemException } from './problem.js';

/** A list that is imported within this time is answered as done; a longer one goes on. */
const WAIT_MS = 8_000;

@ApiResource('opml')
export class OpmlController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly importer: OpmlImporter,
    private readonly imports: ImportRepository,
    private readonly writer: OpmlWriter,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Import a list of feeds',
    description:
      'OPML of any size. Each feed gets the partner of its home page. Safe to repeat. GET /imports/ID/lines is the report.',
  })
  @ApiConsumes(...OPML_TYPES)
  @ApiBody({ schema: { type: 'string', example: '<opml version="2.0"><body><outline xmlUrl="…"/></body></opml>' } })
  @Answers(200, importSchema, 'The import is over; `added`, `alreadyHere` and `failed` say how it went.')
  @Answers(202, importSchema, 'The import goes on; ask for it by its id.')
  async import(
    @Body() body: OpmlUpload | undefined,
    @Headers('content-type') contentType: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (!(body?.opml instanceof Readable))
      throw new ProblemException(
        problemBody(415, `Send the list itself, with the header content-type: ${OPML_TYPES[0]}.`),
      );
    if (!this.importer.hasRoom)
      throw conflict(
        'imports-running',
        'Other lists are being imported. GET /api/v1/imports shows them; wait for one.',
      );
    const spool = await this.take(body.opml, contentType ?? '');
    const { id, done } = await this.importer.start(spool);
    await Promise.race([done, sleep(WAIT_MS, undefined, { ref: false })]);
    const row = await this.imports.get(id);
    if (row === undefined) throw notFound('import', id);
    if (row.status === 'failed' && row.added + row.already_here + row.failed === 0)
      throw new ProblemException(problemBody(422, row.error ?? 'The list cannot be read.', { kind: 'no-opml', id }));
    void reply.status(row.status === 'running' ? 202 : 200).header('location', `/api/v1/imports/${id}`);
    return importView(row);
  }

  @Get()
  @ApiOperation({ summary: 'Export all feeds', description: 'OPML 2.0, an outline a partner with its feeds inside.' })
  @ApiProduces('text/x-opml')
  @Answers(200, importSchema.shape.title.unwrap(), 'The list; POST /opml reads it again.')
  export(): StreamableFile {
    const list = Readable.from(this.writer.write(this.config.siteName, new Date()), { objectMode: false });
    return new StreamableFile(list, {
      type: 'text/x-opml; charset=utf-8',
      disposition: 'attachment; filename="dateline.opml"',
    });
  }

  private async take(upload: Readable, contentType: string): Promise<UploadSpool> {
    try {
      return await UploadSpool.take(upload, contentType);
    } catch (error) {
      if (error instanceof UploadTooLargeError) throw new ProblemException(problemBody(413, error.message));
      throw error;
    }
  }
}
