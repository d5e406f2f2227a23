/** The room that keeps stories as their partners' rights allow them. */
import { Module } from '@nestjs/common';
import { StoryRightsRepository } from '#storage/story-rights.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { IntakeModule } from '../intake/intake.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { StoriesModule } from '../stories/stories.module.js';
import { RightsDesk } from './rights-desk.js';
import { StoryRightsRunner } from './story-rights.runner.js';
import { StoryRightsSweeper } from './story-rights.sweeper.js';

@Module({
  imports: [StoriesModule, IntakeModule, OutboxModule],
  providers: [StoryRightsRepository, StoryRoomRepository, RightsDesk, StoryRightsRunner, StoryRightsSweeper],
})
export class RightsModule {}
