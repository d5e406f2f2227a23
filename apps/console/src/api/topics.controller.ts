/** /api/v1/topics and /api/v1/topic-mappings: the topics there are, and what partners' categories mean. */
import { Body, Delete, Get, HttpCode, Put, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { categoryKey, mappedTopics } from '#domain/topic-mapping.js';
import { PartnerAdminRepository } from '#storage/partner-admin.repository.js';
import { MAX_MAPPINGS, TopicMappingRepository } from '#storage/topic-mapping.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { page, pageAsked, pageFrom } from './lists.js';
import { conflict, invalid, notFound } from './problem.js';
import { TopicList } from './topic-list.js';
import {
  topicMappingPageSchema,
  topicMappingPutSchema,
  topicMappingQuerySchema,
  topicMappingSchema,
  topicMappingView,
  topicPageSchema,
  topicQuerySchema,
  topicView,
  unmappedPageSchema,
  unmappedQuerySchema,
} from './topics.schemas.js';
import { unmappedCategories } from './unmapped-categories.js';

/** How many of the newest items are looked at for their categories. */
const ITEMS_LOOKED_AT = 10_000;

@ApiResource('topics')
export class TopicsController {
  constructor(private readonly list: TopicList) {}

  @Get()
  @ApiOperation({ summary: 'IPTC Media Topics, by name' })
  @Answers(200, topicPageSchema, 'A page of topics.')
  search(@Query({ schema: topicQuerySchema }) query: z.infer<typeof topicQuerySchema>) {
    const { limit, after } = pageAsked(query, 'seq');
    const from = Number(after ?? 0);
    const found = this.list.search(query.q);
    const nextCursor = found.length > from + limit ? String(from + limit) : null;
    return pageFrom({ items: found.slice(from, from + limit), nextCursor }, topicView);
  }
}

@ApiResource('topic-mappings')
export class TopicMappingsController {
  constructor(
    private readonly mappings: TopicMappingRepository,
    private readonly partners: PartnerAdminRepository,
    private readonly list: TopicList,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What operators say that categories mean, newest first' })
  @Answers(200, topicMappingPageSchema, 'A page of mappings.')
  async all(@Query({ schema: topicMappingQuerySchema }) query: z.infer<typeof topicMappingQuerySchema>) {
    const asked = pageAsked(query);
    const partnerId = query.partnerId === 'none' ? null : query.partnerId;
    return page(await this.mappings.list({ ...asked, partnerId, q: query.q }), asked.limit, (row) => this.view(row));
  }

  @Get('unmapped')
  @ApiOperation({
    summary: 'Categories that name no topic yet, the most frequent first',
    description: `Of the newest ${ITEMS_LOOKED_AT} items. There is one page only: ask for as many as you want.`,
  })
  @Answers(200, unmappedPageSchema, 'The categories.')
  async unmapped(@Query({ schema: unmappedQuerySchema }) { limit, partnerId }: z.infer<typeof unmappedQuerySchema>) {
    const find = mappedTopics(this.list.topics, this.list.find, await this.mappings.all());
    const used = await this.mappings.usedCategories(ITEMS_LOOKED_AT, partnerId);
    const items = unmappedCategories(used, find, this.list.find).slice(0, limit);
    return {
      items: items.map((one) => ({ ...one, suggestions: one.suggestions.map(topicView) })),
      nextCursor: null,
    };
  }

  @Get(':id')
  @ApiId('mapping')
  @ApiOperation({ summary: 'One mapping' })
  @Answers(200, topicMappingSchema, 'The mapping.')
  async get(@Id() id: string) {
    const row = await this.mappings.get(id);
    if (row === undefined) throw notFound('topic mapping', id);
    return this.view(row);
  }

  @Put()
  @ApiOperation({
    summary: 'Say what a category means',
    description:
      "For one partner or all; a partner's own mapping comes first. It holds within seconds, for items processed from then on.",
  })
  @Answers(200, topicMappingSchema, 'The mapping as it is now.')
  async put(@Body({ schema: topicMappingPutSchema }) body: z.infer<typeof topicMappingPutSchema>) {
    const { category, partnerId } = body;
    const topic = body.topic === null ? null : this.list.find(body.topic);
    if (topic === undefined)
      throw invalid([{ path: 'topic', message: 'names no topic; GET /api/v1/topics?q= finds codes and names' }]);
    if (partnerId !== null && (await this.partners.get(partnerId)) === undefined)
      throw invalid([{ path: 'partnerId', message: 'there is no such partner; GET /api/v1/partners lists them' }]);
    const row = await this.mappings.put({
      ...{ category, partnerId },
      categoryKey: categoryKey(category),
      code: topic?.code ?? null,
    });
    if (row === undefined)
      throw conflict('too-many-mappings', `There are ${MAX_MAPPINGS} mappings, as many as may be: delete some first.`);
    return this.view(row);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('mapping')
  @ApiOperation({ summary: 'Forget a mapping', description: 'The category means again what Dateline finds by itself.' })
  @Answers(204, null, 'Done.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.mappings.remove(id))) throw notFound('topic mapping', id);
  }

  private view(row: Parameters<typeof topicMappingView>[0]) {
    return topicMappingView(row, (code) => this.list.byTopicCode(code));
  }
}
