/** /api/v1/items: what partners sent, one entry a partner's copy, each with the way it took. */
import { Get, Header, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { type ItemAdminRow, ItemAdminRepository } from '#storage/item-admin.repository.js';
import { StoryAdminRepository } from '#storage/story-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { fetchView } from './fetches.schemas.js';
import { itemSteps } from './item-steps.js';
import { itemWay } from './item-way.js';
import { itemDetailSchema, itemPageSchema, itemQuerySchema, itemView, joinView } from './items.schemas.js';
import { page, pageAsked } from './lists.js';
import { notFound } from './problem.js';

@ApiResource('items')
export class ItemsController {
  constructor(
    private readonly items: ItemAdminRepository,
    private readonly fetches: FetchLogRepository,
    private readonly stories: StoryAdminRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Items, newest first' })
  @Answers(200, itemPageSchema, 'A page of items.')
  async list(@Query({ schema: itemQuerySchema }) query: z.infer<typeof itemQuerySchema>) {
    const asked = pageAsked(query);
    const { limit: _limit, cursor: _cursor, ...filters } = query;
    return page(await this.items.list({ ...asked, ...filters }), asked.limit, itemView);
  }

  @Get(':id')
  @ApiId('item')
  @ApiOperation({
    summary: 'One item and its way',
    description: 'Fetch, document, story, and the reasons for each step.',
  })
  @Answers(200, itemDetailSchema, 'The item.')
  async get(@Id() id: string) {
    const item = await this.find(id);
    const [first, last, trail] = await Promise.all([
      this.fetches.get(item.first_fetch_id),
      this.fetches.get(item.fetch_id),
      item.story_id === null ? undefined : this.stories.trail(item.story_id),
    ]);
    const surroundings = { firstFetch: first ?? null, lastFetch: last ?? null, trail: trail ?? null };
    return {
      ...itemView(item),
      feed: { id: item.feed_id, url: item.feed_url, title: item.feed_title },
      join: joinView(item),
      parsed: item.parsed,
      firstFetch: first === undefined ? null : fetchView(first),
      lastFetch: last === undefined ? null : fetchView(last),
      way: itemWay(item, first ?? null, last ?? null),
      steps: itemSteps(item, surroundings),
    };
  }

  @Get(':id/document')
  @ApiId('item')
  @ApiOperation({
    summary: 'The document the item came in',
    description: 'The bytes as the partner sent them, as a download.',
  })
  @ApiProduces('text/plain')
  @Answers(200, z.string().meta({ format: 'binary' }), 'The bytes.')
  @Header('content-type', 'text/plain')
  @Header('x-content-type-options', 'nosniff')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  async document(@Id() id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    const item = await this.find(id);
    const document = item.document_id === null ? undefined : await this.fetches.document(item.document_id);
    if (document === undefined) throw notFound('document any more of item', id);
    void reply.header('x-dateline-original-type', (document.contentType ?? 'unknown').replace(/[^\x20-\x7e]/g, ''));
    return new StreamableFile(document.body, {
      type: 'text/plain',
      disposition: `attachment; filename="${document.id}.txt"`,
      length: document.body.byteLength,
    });
  }

  private async find(id: string): Promise<ItemAdminRow> {
    const item = await this.items.get(id);
    if (item === undefined) throw notFound('item', id);
    return item;
  }
}
