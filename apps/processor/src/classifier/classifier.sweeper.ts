/** Looks every few seconds whether the classifier is to be trained; training itself is rare. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { TopicTrainer } from './topic-trainer.js';

const SWEEP_EVERY_MS = 5_000;

@Injectable()
export class ClassifierSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ClassifierSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(private readonly trainer: TopicTrainer) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweeping ??= this.trainer
        .trainIfDue()
        .then(() => undefined)
        .catch((error: unknown) => this.logger.warn({ msg: 'classifier could not be looked at', error: String(error) }))
        .finally(() => (this.sweeping = undefined));
    }, SWEEP_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.trainer.giveUp();
    await this.sweeping;
  }
}
