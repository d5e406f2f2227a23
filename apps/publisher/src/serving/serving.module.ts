/** What feeds and pages share: the content's version, the cache of rendered documents and its fast lane. */
import { Module } from '@nestjs/common';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { ContentVersion } from './content-version.js';
import { DocumentCache } from './document-cache.js';
import { FastLane } from './fast-lane.js';
import { StoriesChangedController } from './stories-changed.controller.js';

@Module({
  controllers: [StoriesChangedController],
  providers: [SiteDirectoryRepository, ContentVersion, DocumentCache, FastLane],
  exports: [SiteDirectoryRepository, ContentVersion, DocumentCache],
})
export class ServingModule {}
