/** The room that trains the classifier of topics; the room for tags uses what comes of it. */
import { Module } from '@nestjs/common';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { TaggingModule } from '../tagging/tagging.module.js';
import { ClassifierSweeper } from './classifier.sweeper.js';
import { TopicTrainer } from './topic-trainer.js';

@Module({
  imports: [TaggingModule],
  providers: [ClassifierRepository, TopicTrainer, ClassifierSweeper],
})
export class ClassifierModule {}
