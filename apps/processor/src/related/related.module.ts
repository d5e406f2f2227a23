/** Related stories: different texts on one event, found after the stories were written. */
import { Module } from '@nestjs/common';
import { StoryClusterRepository } from '#storage/story-cluster.repository.js';
import { IntakeModule } from '../intake/intake.module.js';
import { RelatedClusterer } from './related-clusterer.js';
import { RelatedSweeper } from './related.sweeper.js';

@Module({
  imports: [IntakeModule],
  providers: [StoryClusterRepository, RelatedClusterer, RelatedSweeper],
  exports: [RelatedClusterer],
})
export class RelatedModule {}
