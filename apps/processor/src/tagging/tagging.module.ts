/** Tags and where they come from. */
import { Module } from '@nestjs/common';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { TagRepository } from '#storage/tag.repository.js';
import { TopicMappingRepository } from '#storage/topic-mapping.repository.js';
import { TopicClassifier } from '../classifier/topic-classifier.js';
import { ItemTagger } from './item-tagger.js';
import { NamedThings } from './named-things.js';
import { TextReader } from './text-reader.js';
import { TopicCatalogue } from './topic-catalogue.js';
import { TopicMappingWatch } from './topic-mapping-watch.js';

@Module({
  providers: [
    TagRepository,
    TopicCatalogue,
    NamedThings,
    TopicMappingRepository,
    TopicMappingWatch,
    TextReader,
    ClassifierRepository,
    TopicClassifier,
    ItemTagger,
  ],
  exports: [TopicCatalogue, NamedThings, ItemTagger, TagRepository],
})
export class TaggingModule {}
