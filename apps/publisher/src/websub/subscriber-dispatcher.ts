/** Hands subscribers whose turn it is to the workers: at once when events were published, else within a second. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { JobPublisher } from '#messaging/job-publisher.js';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { EventsPublished } from '../webhooks/events-published.js';
import { TopicPings } from './topic-pings.js';

const LOOK_EVERY_MS = 1_000;
/** `perHost`: subscribers of one host in hand at once, so that a slow one delays only its own; `careful`: a quarter of the workers. */
const LIMITS = { batch: 500, perHost: 8, careful: 25, patienceSeconds: 10 };

@Injectable()
export class SubscriberDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SubscriberDispatcher.name);
  private readonly timer = new RepeatedWork(() => this.turn(), this.logger, 'subscribers could not be looked after');
  private running: Promise<void> | undefined;
  private wanted = false;
  private isShort = false;
  private stopped = false;

  constructor(
    private readonly subscriptions: HubSubscriptionRepository,
    private readonly jobs: JobPublisher,
    private readonly pings: TopicPings,
    published: EventsPublished,
    sentinel: RedisSentinel,
  ) {
    published.listen(() => this.poke());
    sentinel.onFlush(async () => {
      await this.subscriptions.release();
      this.poke();
    });
  }

  onApplicationBootstrap(): void {
    this.timer.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.timer.stop();
    await this.running;
  }

  /** Any number of pokes during a claim become one more claim. */
  poke(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.wanted) this.poke();
    });
  }

  /** A subscriber is served: another one may have waited for its place. */
  placeFree(): void {
    if (this.isShort) this.poke();
  }

  private async turn(): Promise<void> {
    await this.subscriptions.sweep();
    this.poke();
  }

  private async run(): Promise<void> {
    this.wanted = false;
    try {
      await this.pings.lookAgain();
      const { claimed, isShort } = await this.subscriptions.claimDue(LIMITS);
      this.isShort = isShort;
      const jobs = claimed.map(({ id, generation }) => ({
        id: `subscriber-${id}-${generation}`,
        data: { subscriptionId: id, generation },
      }));
      const accepted = await this.jobs.publish('serveSubscriber', jobs);
      if (!accepted) await this.subscriptions.release(claimed.map(({ id }) => id));
      else if (claimed.length === LIMITS.batch) this.wanted = true;
    } catch (error) {
      this.logger.warn({ msg: 'subscribers were not claimed; the timer tries again', error: String(error) });
    }
  }
}
