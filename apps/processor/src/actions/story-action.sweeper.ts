/** Looks for actions that wait. They are few and somebody waits for each, so PostgreSQL is asked several times a second. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RepeatedWork } from '#service/repeated-work.js';
import { StoryActionRunner } from './story-action.runner.js';

const LOOK_EVERY_MS = 250;

@Injectable()
export class StoryActionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StoryActionSweeper.name);
  private readonly repeated = new RepeatedWork(
    () => this.runner.runDue(),
    this.logger,
    'story actions could not be looked for',
  );

  constructor(private readonly runner: StoryActionRunner) {}

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeated.stop();
  }
}
