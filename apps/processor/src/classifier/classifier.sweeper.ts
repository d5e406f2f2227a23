/** Looks every few seconds whether the classifier is to be trained; training itself is rare. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RepeatedWork } from '#service/repeated-work.js';
import { TopicTrainer } from './topic-trainer.js';

const SWEEP_EVERY_MS = 5_000;

@Injectable()
export class ClassifierSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ClassifierSweeper.name);
  private readonly repeated = new RepeatedWork(
    () => this.trainer.trainIfDue(),
    this.logger,
    'classifier could not be looked at',
  );

  constructor(private readonly trainer: TopicTrainer) {}

  onApplicationBootstrap(): void {
    this.repeated.start(SWEEP_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.trainer.giveUp();
    await this.repeated.stop();
  }
}
