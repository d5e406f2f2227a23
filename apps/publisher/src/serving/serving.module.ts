/** What feeds and pages share: the content's version, the cache of rendered documents, its fast lane, and the line of searches. */
import { Module } from '@nestjs/common';
import { SearchLine } from '#service/search-line.js';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { ContentVersion } from './content-version.js';
import { DocumentCache } from './document-cache.js';
import { FastLane } from './fast-lane.js';
import { StoriesChangedController } from './stories-changed.controller.js';

@Module({
  controllers: [StoriesChangedController],
  providers: [SiteDirectoryRepository, ContentVersion, DocumentCache, FastLane, SearchLine],
  exports: [SiteDirectoryRepository, ContentVersion, DocumentCache, SearchLine],
})
export class ServingModule {}
