/** Announces again the events that the publisher never carried outwards: their job was lost on the way. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { EventRepository } from '#storage/event.repository.js';
import { EventAnnouncer } from './event-announcer.js';

const SWEEP_EVERY_MS = 1_000;
/** How long an event may wait for its fan-out before it is announced anew. */
const PATIENCE_MS = 10_000;
const SWEEP_LIMIT = 1_000;
const FLUSH_LIMIT = 20_000;

@Injectable()
export class EventSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventSweeper.name);
  private readonly repeated = new RepeatedWork(
    () => this.announceAgain(PATIENCE_MS, SWEEP_LIMIT),
    this.logger,
    'events could not be swept',
  );

  constructor(
    private readonly events: EventRepository,
    private readonly announcer: EventAnnouncer,
    sentinel: RedisSentinel,
  ) {
    sentinel.onFlush(() => this.announceAgain(0, FLUSH_LIMIT));
  }

  onApplicationBootstrap(): void {
    this.repeated.start(SWEEP_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeated.stop();
  }

  private async announceAgain(patienceMs: number, limit: number): Promise<void> {
    const events = await this.events.claimStale(patienceMs, limit);
    if (events.length === 0) return;
    const accepted = await this.announcer.announce(events);
    this.logger.log({ msg: 'events announced again', events: events.length, accepted });
  }
}
