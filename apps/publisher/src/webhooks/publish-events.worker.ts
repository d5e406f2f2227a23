/** Works on publish-events: moves events' stories between channels and makes the deliveries for endpoints. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { QUEUES } from '#contracts/jobs.js';
import { parseJob, workerOptions } from '#messaging/worker-options.js';
import type { FanOutFacts } from '#storage/fan-out-facts.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { channelMembership } from '../channels/channel-membership.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { matchEndpoints } from './endpoint-matching.js';
import { EventBodies } from './event-bodies.js';
import { EventsPublished } from './events-published.js';

/** Events of one transaction: with a thousand endpoints still some seconds below the statement timeout. */
const EVENTS_PER_TRANSACTION = 100;

/** Batches take turns in one lane anyway; a second one prepares while the first writes. */
@Processor(QUEUES.publishEvents.name, workerOptions({ concurrency: 2 }))
export class PublishEventsWorker extends WorkerHost {
  private readonly logger = new Logger(PublishEventsWorker.name);

  constructor(
    private readonly fanOuts: FanOutRepository,
    private readonly bodies: EventBodies,
    private readonly dispatcher: DeliveryDispatcher,
    private readonly published: EventsPublished,
  ) {
    super();
  }

  /** Idempotent: events that were fanned out before are skipped. */
  async process(job: Job<unknown>): Promise<void> {
    const { eventIds, correlationId } = parseJob(QUEUES.publishEvents, job);
    for (let start = 0; start < eventIds.length; start += EVENTS_PER_TRANSACTION)
      await this.publish(eventIds.slice(start, start + EVENTS_PER_TRANSACTION), correlationId);
  }

  private async publish(eventIds: string[], correlationId: string): Promise<void> {
    const started = performance.now();
    const done = await this.fanOuts.fanOut(eventIds, decide);
    if (done.events.length === 0) return;
    this.published.tell();
    if (done.deliveries.length > 0) this.dispatcher.poke();
    // The deliveries follow in a moment, in this process more often than not; meanwhile PostgreSQL claims them.
    for (const { event } of done.deliveries) this.bodies.remember(event);
    this.logger.log({
      msg: 'events published',
      correlationId,
      events: done.events.length,
      channels: done.changed.length,
      deliveries: done.deliveries.length,
      ms: Math.round(performance.now() - started),
    });
  }
}

function decide(facts: FanOutFacts) {
  return { ...channelMembership(facts), deliveries: matchEndpoints(facts) };
}
