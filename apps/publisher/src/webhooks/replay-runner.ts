/** Takes the steps of replays under way, a few a second, and pokes the dispatcher. Which publisher takes one makes no difference. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ReplayStepRepository } from '#storage/replay-step.repository.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { WebhookMetrics } from './webhook-metrics.js';

const LOOK_EVERY_MS = 250;
const TIDY_EVERY_MS = 5_000;
/** Replays looked at in one round. */
const AT_ONCE = 100;
/** Steps of one replay in a row: passing over what is not asked for must not hold up the others. */
const STEPS_IN_A_ROW = 10;

@Injectable()
export class ReplayRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReplayRunner.name);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = false;
  private tidiedAt = 0;
  private lastComplaint = 0;

  constructor(
    private readonly replays: ReplayStepRepository,
    private readonly dispatcher: DeliveryDispatcher,
    private readonly metrics: WebhookMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.round ??= this.look().finally(() => {
        this.round = undefined;
      });
    }, LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.round;
  }

  private async look(): Promise<void> {
    try {
      const running = await this.replays.running(AT_ONCE);
      this.metrics.replaysRunning.set(running.length);
      for (const id of running) await this.stepsOf(id);
      if (Date.now() - this.tidiedAt >= TIDY_EVERY_MS) {
        this.tidiedAt = Date.now();
        await this.replays.tidy();
      }
    } catch (error) {
      if (Date.now() - this.lastComplaint < 1_000) return;
      this.lastComplaint = Date.now();
      this.logger.warn({ msg: 'a replay could not go on; the timer tries again', error: String(error) });
    }
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
