/** Looks for stories whose embargo or time is over. A timer of the process: it outlives an emptied Redis, and PostgreSQL knows what is due. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RepeatedWork } from '#service/repeated-work.js';
import { StoryRightsRunner } from './story-rights.runner.js';

const LOOK_EVERY_MS = 250;
/** Batches of one turn: a partner with a long archive does not keep the end of the process waiting. */
const BATCHES_A_TURN = 20;

@Injectable()
export class StoryRightsSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StoryRightsSweeper.name);
  private readonly repeated = new RepeatedWork(() => this.turn(), this.logger, 'rights could not be looked at');
  private stopped = false;

  constructor(private readonly runner: StoryRightsRunner) {}

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.repeated.stop();
  }

  private async turn(): Promise<void> {
    for (let batch = 0; batch < BATCHES_A_TURN && !this.stopped; batch += 1)
      if ((await this.runner.runDue()) === 0) return;
  }
}
