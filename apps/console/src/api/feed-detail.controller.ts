/** /api/v1/feeds/ID: one feed, with why it is fetched next when it is. */
import { Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '#config/config.js';
import { fetchRhythm } from '#domain/poll-interval.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { feedDetailSchema, feedDetailView } from './feed-detail.js';
import { notFound } from './problem.js';

@ApiResource('feeds')
export class FeedDetailController {
  constructor(
    private readonly feeds: FeedAdminRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(':id')
  @ApiId('feed')
  @ApiOperation({ summary: 'One feed with its health, and why it is fetched next when it is' })
  @Answers(200, feedDetailSchema, 'The feed.')
  async get(@Id() id: string) {
    const feed = await this.feeds.get(id);
    if (feed === undefined) throw notFound('feed', id);
    return feedDetailView(feed, fetchRhythm(this.config));
  }
}
