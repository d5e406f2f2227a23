/** The feeds: every channel, tag, partner and search as RSS, Atom and JSON Feed. */
import { Module } from '@nestjs/common';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { ServingModule } from '../serving/serving.module.js';
import { FeedLoader } from './feed-loader.js';
import { FeedsController } from './feeds.controller.js';

@Module({
  imports: [ServingModule],
  controllers: [FeedsController],
  providers: [FeedLoader, PublishedStoryRepository],
  exports: [FeedLoader],
})
export class FeedsModule {}
