/** The public pages: home, lists, stories, archive, search, about, and what search engines read. */
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ArchiveRepository } from '#storage/archive.repository.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { RelatedStoryRepository } from '#storage/related-story.repository.js';
import { SearchWordRepository } from '#storage/search-word.repository.js';
import { StoryChangesRepository } from '#storage/story-changes.repository.js';
import { StoryHistoryRepository } from '#storage/story-history.repository.js';
import { ServingModule } from '../serving/serving.module.js';
import { AboutController } from './about.controller.js';
import { ArchiveController } from './archive.controller.js';
import { ArchivePage } from './archive-page.js';
import { AssetsController } from './assets.controller.js';
import { Editions } from './editions.js';
import { ErrorPageFilter } from './error-page.filter.js';
import { HomePage } from './home-page.js';
import { ListPage } from './list-page.js';
import { ListsController } from './lists.controller.js';
import { OpmlController } from './opml.controller.js';
import { PageRenderer } from './page-renderer.js';
import { PageServer } from './page-server.js';
import { SchemasController } from './schemas.controller.js';
import { PageTemplates } from './page-templates.js';
import { SearchController } from './search.controller.js';
import { SearchCorrections } from './search-corrections.js';
import { SearchFilters } from './search-filters.js';
import { SearchPage } from './search-page.js';
import { SearchEnginesController } from './search-engines.controller.js';
import { SiteAssets } from './site-assets.js';
import { SiteFactsReader } from './site-facts.js';
import { StoryChangesPage } from './story-changes-page.js';
import { StoryController } from './story.controller.js';
import { StoryPage } from './story-page.js';

@Module({
  imports: [ServingModule],
  controllers: [
    ListsController,
    StoryController,
    ArchiveController,
    SearchController,
    AboutController,
    OpmlController,
    SearchEnginesController,
    AssetsController,
    SchemasController,
  ],
  providers: [
    PublishedStoryRepository,
    StoryHistoryRepository,
    StoryChangesRepository,
    RelatedStoryRepository,
    ArchiveRepository,
    Editions,
    SiteAssets,
    PageTemplates,
    SiteFactsReader,
    PageRenderer,
    PageServer,
    ListPage,
    HomePage,
    StoryPage,
    StoryChangesPage,
    ArchivePage,
    SearchWordRepository,
    SearchCorrections,
    SearchFilters,
    SearchPage,
    { provide: APP_FILTER, useClass: ErrorPageFilter },
  ],
})
export class SiteModule {}
