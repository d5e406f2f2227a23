/** The room where items are recognised as stories that exist, or as new ones. */
import { Module } from '@nestjs/common';
import { IdentityAnnouncementRepository } from '#storage/identity-announcement.repository.js';
import { IdentityRepository } from '#storage/identity.repository.js';
import { HashCountsRepository } from '#storage/hash-counts.repository.js';
import { ItemSketchRepository } from '#storage/item-sketch.repository.js';
import { TextStatisticsRepository } from '#storage/text-statistics.repository.js';
import { ChunkTurns } from './chunk-turns.js';
import { StoryRecogniser } from './story-recogniser.js';
import { StoredCounters } from './stored-counters.js';
import { TextStatistics } from './text-statistics.js';

@Module({
  providers: [
    IdentityAnnouncementRepository,
    IdentityRepository,
    ItemSketchRepository,
    TextStatisticsRepository,
    ChunkTurns,
    StoryRecogniser,
    HashCountsRepository,
    StoredCounters,
    TextStatistics,
  ],
  exports: [ChunkTurns, StoryRecogniser, TextStatistics],
})
export class IdentityModule {}
