/** Tags and where they come from. */
import { Module } from '@nestjs/common';
import { TagRepository } from '#storage/tag.repository.js';
import { ItemTagger } from './item-tagger.js';
import { TextReader } from './text-reader.js';
import { TopicCatalogue } from './topic-catalogue.js';

@Module({
  providers: [TagRepository, TopicCatalogue, TextReader, ItemTagger],
  exports: [TopicCatalogue, ItemTagger, TagRepository],
})
export class TaggingModule {}
