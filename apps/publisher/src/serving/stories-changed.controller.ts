/** Hears that stories changed and looks at once, instead of at the next tick. A hint: missing one costs a moment. */
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { STORIES_CHANGED } from '#contracts/commands.js';
import { ContentVersion } from './content-version.js';

@Controller()
export class StoriesChangedController {
  constructor(private readonly contentVersion: ContentVersion) {}

  @EventPattern(STORIES_CHANGED)
  async storiesChanged(_news: unknown): Promise<void> {
    await this.contentVersion.look();
  }
}
