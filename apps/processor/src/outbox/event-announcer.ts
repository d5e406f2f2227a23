/** Tells the publisher of relayed events, many in one job. */
import { Injectable } from '@nestjs/common';
import { JobPublisher } from '#messaging/job-publisher.js';
import type { RelayedEvent } from '#storage/event.repository.js';

const EVENTS_A_JOB = 250;

@Injectable()
export class EventAnnouncer {
  constructor(private readonly jobs: JobPublisher) {}

  /** `events` in the order of their sequence. False when Redis did not take them: the sweeper announces them again. */
  async announce(events: readonly RelayedEvent[]): Promise<boolean> {
    const jobs = [];
    for (let start = 0; start < events.length; start += EVENTS_A_JOB) {
      const part = events.slice(start, start + EVENTS_A_JOB);
      const [first, last] = [part[0], part.at(-1)];
      if (first === undefined || last === undefined) continue;
      const generation = Math.max(...part.map((event) => event.generation));
      jobs.push({
        id: `events-${first.seq}-${last.seq}-${generation}`,
        // One job carries many fetches' events; each event keeps its own correlation id in its row.
        data: { eventIds: part.map(({ id }) => id), correlationId: first.correlationId },
      });
    }
    return this.jobs.publish('publishEvents', jobs);
  }
}
