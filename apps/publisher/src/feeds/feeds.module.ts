/** The feeds: every channel, tag, partner and search as RSS, Atom and JSON Feed. */
import { Module } from '@nestjs/common';
import { FeedArchiveRepository } from '#storage/feed-archive.repository.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { ServingModule } from '../serving/serving.module.js';
import { FeedArchive } from './feed-archive.js';
import { FeedLoader } from './feed-loader.js';
import { FeedPast } from './feed-past.js';
import { FeedsController } from './feeds.controller.js';

@Module({
  imports: [ServingModule],
  controllers: [FeedsController],
  providers: [FeedLoader, FeedArchive, FeedPast, FeedArchiveRepository, PublishedStoryRepository],
  exports: [FeedLoader],
})
export class FeedsModule {}
