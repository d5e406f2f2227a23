/** Takes the steps of replays under way, a few a second, and pokes the dispatcher. Which publisher takes one makes no difference. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RepeatedWork } from '#service/repeated-work.js';
import { ReplayStepRepository } from '#storage/replay-step.repository.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { WebhookMetrics } from './webhook-metrics.js';

const LOOK_EVERY_MS = 250;
const TIDY_EVERY_MS = 5_000;
const COMPLAIN_EVERY_MS = 1_000;
/** Replays looked at in one round. */
const AT_ONCE = 100;
/** Steps of one replay in a row: passing over what is not asked for must not hold up the others. */
const STEPS_IN_A_ROW = 10;

@Injectable()
export class ReplayRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReplayRunner.name);
  private readonly repeated = new RepeatedWork(
    () => this.look(),
    this.logger,
    'a replay could not go on; the timer tries again',
    COMPLAIN_EVERY_MS,
  );
  private stopped = false;
  private tidiedAt = 0;

  constructor(
    private readonly replays: ReplayStepRepository,
    private readonly dispatcher: DeliveryDispatcher,
    private readonly metrics: WebhookMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.repeated.stop();
  }

  private async look(): Promise<void> {
    const running = await this.replays.running(AT_ONCE);
    this.metrics.replaysRunning.set(running.length);
    for (const id of running) await this.stepsOf(id);
    if (Date.now() - this.tidiedAt < TIDY_EVERY_MS) return;
    this.tidiedAt = Date.now();
    await this.replays.tidy();
  }

  private async stepsOf(id: string): Promise<void> {
    for (let steps = 0; steps < STEPS_IN_A_ROW && !this.stopped; steps++) {
      const { madeDue, goOn } = await this.replays.step(id);
      if (madeDue > 0) {
        this.metrics.replayed.inc(madeDue);
        this.logger.log({ msg: 'deliveries sent again', replayId: id, deliveries: madeDue });
        this.dispatcher.poke();
      }
      if (!goOn) return;
    }
  }
}
