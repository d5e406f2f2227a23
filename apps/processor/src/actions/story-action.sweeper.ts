/** Looks for actions that wait. They are few and somebody waits for each, so PostgreSQL is asked several times a second. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { StoryActionRunner } from './story-action.runner.js';

const LOOK_EVERY_MS = 250;

@Injectable()
export class StoryActionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StoryActionSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(private readonly runner: StoryActionRunner) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await this.runner.runDue();
    } catch (error) {
      this.logger.warn({ msg: 'story actions could not be looked for', error: String(error) });
    }
  }
}
