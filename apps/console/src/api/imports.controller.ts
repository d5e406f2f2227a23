/** /api/v1/imports: how far the import of a list is, and what became of each of its lines. */
import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { ImportRepository } from '#storage/import.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import {
  importLinePageSchema,
  importLineQuerySchema,
  importLineView,
  importPageSchema,
  importQuerySchema,
  importSchema,
  importView,
} from './imports.schemas.js';
import { page, pageAsked, pageFrom } from './lists.js';
import { notFound } from './problem.js';

@ApiResource('imports')
export class ImportsController {
  constructor(private readonly imports: ImportRepository) {}

  @Get()
  @ApiOperation({ summary: 'Imports of feed lists, newest first' })
  @Answers(200, importPageSchema, 'A page of imports.')
  async list(@Query({ schema: importQuerySchema }) query: z.infer<typeof importQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.imports.list(asked), asked.limit, importView);
  }

  @Get(':id')
  @ApiId('import')
  @ApiOperation({ summary: 'One import and its progress' })
  @Answers(200, importSchema, 'The import.')
  async get(@Id() id: string) {
    const row = await this.imports.get(id);
    if (row === undefined) throw notFound('import', id);
    return importView(row);
  }

  @Get(':id/lines')
  @ApiId('import')
  @ApiOperation({ summary: 'What became of each feed of the list, in its order' })
  @Answers(200, importLinePageSchema, 'A page of lines.')
  async lines(
    @Id() id: string,
    @Query({ schema: importLineQuerySchema }) query: z.infer<typeof importLineQuerySchema>,
  ) {
    await this.get(id);
    const { limit, after } = pageAsked(query, 'seq');
    const rows = await this.imports.lines(id, { limit, after: Number(after ?? 0), outcome: query.outcome });
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? String(items.at(-1)?.position ?? 0) : null;
    return pageFrom({ items, nextCursor }, importLineView);
  }
}
