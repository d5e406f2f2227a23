/** The room where operators' and partners' wishes about stories are carried out. */
import { Module } from '@nestjs/common';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { IntakeModule } from '../intake/intake.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { StoriesModule } from '../stories/stories.module.js';
import { TaggingModule } from '../tagging/tagging.module.js';
import { ActionDesk } from './action-desk.js';
import { ActionMaterials } from './action-material.js';
import { StoryActionRunner } from './story-action.runner.js';
import { StoryActionSweeper } from './story-action.sweeper.js';

@Module({
  imports: [StoriesModule, IntakeModule, TaggingModule, OutboxModule],
  providers: [StoryRoomRepository, ActionMaterials, ActionDesk, StoryActionRunner, StoryActionSweeper],
})
export class ActionsModule {}
