/** Carries committed events on to the publisher: gives each its place in the sequence, then tells Redis. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { STORIES_CHANGED } from '#contracts/commands.js';
import { CommandClient } from '#messaging/command-client.js';
import { Metrics } from '#observability/metrics.js';
import { EventRepository, type RelayedEvent } from '#storage/event.repository.js';
import { EventAnnouncer } from './event-announcer.js';

const LOOK_EVERY_MS = 200;
const BATCH = 500;

@Injectable()
export class EventRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventRelay.name);
  private readonly relayed;
  private readonly lag;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private readonly announcing = new Set<Promise<unknown>>();
  private wanted = false;
  private stopped = false;
  private lastComplaint = 0;

  constructor(
    private readonly events: EventRepository,
    private readonly announcer: EventAnnouncer,
    private readonly commands: CommandClient,
    metrics: Metrics,
  ) {
    this.relayed = metrics.counter('dateline_outbox_events_total', 'Events relayed to the publisher');
    this.lag = metrics.histogram('dateline_outbox_lag_seconds', 'From an event’s transaction to its relay');
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.poke(), LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
    await Promise.all(this.announcing);
  }

  /** Events were committed. Any number of pokes during a run become one more run. */
  poke(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    try {
      while (this.wanted && !this.stopped) {
        this.wanted = false;
        const count = await this.relay();
        if (count === BATCH) this.wanted = true;
      }
    } catch (error) {
      this.complain(error);
    }
  }

  private async relay(): Promise<number> {
    const events = await this.events.relay(BATCH);
    const last = events.at(-1);
    if (last === undefined) return 0;
    const now = Date.now();
    for (const { createdAt } of events) this.lag.observe(Math.max(0, now - createdAt.getTime()) / 1_000);
    this.relayed.inc(events.length);
    this.commands.broadcast(STORIES_CHANGED, { seq: last.seq });
    this.announce(events);
    return events.length;
  }

  /** Not waited for: while Redis is slow, events still get their places, and pages and feeds move on. */
  private announce(events: readonly RelayedEvent[]): void {
    const announcing: Promise<unknown> = this.announcer
      .announce(events)
      .finally(() => this.announcing.delete(announcing));
    this.announcing.add(announcing);
  }

  /** One line a second at most: an outage must not fill the log. */
  private complain(error: unknown): void {
    if (Date.now() - this.lastComplaint < 1_000) return;
    this.lastComplaint = Date.now();
    this.logger.warn({ msg: 'events could not be relayed; the timer tries again', error: String(error) });
  }
}
