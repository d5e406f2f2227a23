/** Tags and where they come from. */
import { Module } from '@nestjs/common';
import { TagRepository } from '#storage/tag.repository.js';
import { ItemTagger } from './item-tagger.js';
import { TopicCatalogue } from './topic-catalogue.js';

@Module({
  providers: [TagRepository, TopicCatalogue, ItemTagger],
  exports: [TopicCatalogue, ItemTagger, TagRepository],
})
export class TaggingModule {}
