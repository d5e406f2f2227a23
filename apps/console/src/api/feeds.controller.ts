/** /api/v1/feeds: the URLs that partners publish at. */
import { Body, Delete, Get, HttpCode, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type FeedAdminRow, FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { Answers, ApiId, ApiResource, Id, problemSchema } from './api-route.js';
import { FeedChanger } from './feed-changer.js';
import { FeedRefresh } from './feed-refresh.js';
import {
  feedConflictSchema,
  feedPageSchema,
  feedPatchSchema,
  feedQuerySchema,
  feedSchema,
  feedView,
  newFeedSchema,
  severalFeedsSchema,
} from './feeds.schemas.js';
import { acceptedSchema, fetchPageSchema, fetchSchema, fetchView, feedFetchQuerySchema } from './fetches.schemas.js';
import { page, pageAsked } from './lists.js';
import { spanAsked } from './moments.js';
import { PageAdder } from './page-adder.js';
import { conflict, notFound } from './problem.js';

@ApiResource('feeds')
export class FeedsController {
  constructor(
    private readonly feeds: FeedAdminRepository,
    private readonly fetches: FetchLogRepository,
    private readonly adder: PageAdder,
    private readonly changer: FeedChanger,
    private readonly refresher: FeedRefresh,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Feeds with their health, newest first' })
  @Answers(200, feedPageSchema, 'A page of feeds.')
  async list(@Query({ schema: feedQuerySchema }) query: z.infer<typeof feedQuerySchema>) {
    const asked = pageAsked(query);
    const { partnerId, status, failing } = query;
    return page(await this.feeds.list({ ...asked, partnerId, status, failing }), asked.limit, feedView);
  }

  @Post()
  @ApiOperation({
    summary: 'Add a feed',
    description:
      'Fetched at once, then on schedule. The address of a page adds the feed that the page names. The first real one ends the demo.',
  })
  @Answers(201, feedSchema, 'The new feed.')
  @Answers(409, feedConflictSchema, 'The URL is here already; `id` is its feed.')
  @Answers(422, severalFeedsSchema, 'The address is a page with several feeds; add the one that you mean.')
  async create(@Body({ schema: newFeedSchema }) body: z.infer<typeof newFeedSchema>) {
    const { settings, ...facts } = body;
    const id = await this.adder.add(facts, settings === undefined ? undefined : this.changer.writerOf(settings));
    return feedView(await this.find(id));
  }

  @Patch(':id')
  @ApiId('feed')
  @ApiOperation({ summary: 'Change, pause or resume a feed', description: 'Fields left out stay as they are.' })
  @Answers(200, feedSchema, 'The feed as it is now.')
  @Answers(422, problemSchema, 'A rule is not understood; `errors` says which and why.')
  @Answers(409, feedConflictSchema, 'Another feed has that URL; `id` is that feed.')
  async update(@Id() id: string, @Body({ schema: feedPatchSchema }) body: z.infer<typeof feedPatchSchema>) {
    const feed = await this.find(id);
    if (feed.status === 'retired') throw retired(feed);
    await this.changer.change(feed, body);
    return feedView(await this.find(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('feed')
  @ApiOperation({
    summary: 'Retire a feed',
    description: 'It is not fetched any more. Its stories and its history stay.',
  })
  @Answers(204, null, 'Retired.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.feeds.retire(id))) throw notFound('feed', id);
  }

  @Post(':id/refresh')
  @ApiId('feed')
  @ApiOperation({ summary: 'Fetch a feed now', description: 'Answers when the fetch is done, or after ten seconds.' })
  @Answers(200, fetchSchema, 'The finished fetch, successful or not.')
  @Answers(202, acceptedSchema, 'The fetch is not done yet, or will happen as soon as it can.')
  async refresh(@Id() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const feed = await this.find(id);
    if (feed.status === 'retired') throw retired(feed);
    const result = await this.refresher.refresh(id);
    const fetch = 'fetchId' in result ? await this.fetches.get(result.fetchId) : undefined;
    void reply.status(fetch === undefined ? 202 : 200);
    return fetch === undefined
      ? { feedId: id, detail: 'pending' in result ? result.pending : 'The fetch is done; the feed shows how it ended.' }
      : fetchView(fetch);
  }

  @Get(':id/fetches')
  @ApiId('feed')
  @ApiOperation({ summary: 'The fetches of a feed, newest first' })
  @Answers(200, fetchPageSchema, 'A page of fetches.')
  async listFetches(
    @Id() id: string,
    @Query({ schema: feedFetchQuerySchema }) query: z.infer<typeof feedFetchQuerySchema>,
  ) {
    await this.find(id);
    const asked = pageAsked(query);
    const { outcome, kind, errorClass } = query;
    const filters = { feedId: id, outcome, kind, errorClass, ...spanAsked(query) };
    return page(await this.fetches.list({ ...asked, ...filters }), asked.limit, fetchView);
  }

  private async find(id: string): Promise<FeedAdminRow> {
    const feed = await this.feeds.get(id);
    if (feed === undefined) throw notFound('feed', id);
    return feed;
  }
}

function retired(feed: FeedAdminRow) {
  return conflict(
    'feed-retired',
    `The feed ${feed.url} is retired. Add its URL again with POST /api/v1/feeds to bring it back.`,
    {
      id: feed.id,
    },
  );
}
