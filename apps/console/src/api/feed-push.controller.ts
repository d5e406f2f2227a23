/** /api/v1/feeds/ID/subscribe and /unsubscribe: an operator's word on whether a feed's hub shall push. */
import { HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { feedSchema, feedView } from './feeds.schemas.js';
import { notFound } from './problem.js';

@ApiResource('feeds')
export class FeedPushController {
  constructor(
    private readonly feeds: FeedAdminRepository,
    private readonly hubs: FollowedHubRepository,
  ) {}

  @Post(':id/subscribe')
  @HttpCode(202)
  @ApiId('feed')
  @ApiOperation({
    summary: "Have a feed's hub push",
    description:
      'As by itself for every feed that names a hub; here for one that was told not to, or to try again now.',
  })
  @Answers(202, feedSchema, 'The feed; `push` shows how the request goes on.')
  subscribe(@Id() id: string) {
    return this.want(id, true);
  }

  @Post(':id/unsubscribe')
  @HttpCode(202)
  @ApiId('feed')
  @ApiOperation({
    summary: 'Do without pushes for a feed',
    description: 'It is polled only, until it is subscribed again.',
  })
  @Answers(202, feedSchema, 'The feed; `push` shows how the request goes on.')
  unsubscribe(@Id() id: string) {
    return this.want(id, false);
  }

  private async want(id: string, wanted: boolean) {
    const feed = (await this.hubs.want(id, wanted)) ? await this.feeds.get(id) : undefined;
    if (feed === undefined) throw notFound('feed', id);
    return feedView(feed);
  }
}
