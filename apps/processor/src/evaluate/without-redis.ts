/** What an evaluation has in the place of queues, broadcasts and their watch. */
import type { CommandClient } from '#messaging/command-client.js';
import type { JobData, JobPublisher, QueueKey } from '#messaging/job-publisher.js';
import type { RedisSentinel } from '#messaging/redis-sentinel.js';
import type { EvaluationRepository } from '#storage/evaluation.repository.js';

/** A publisher with nobody to tell: events are carried outwards as soon as they are announced. */
export class ReaderlessPublisher implements Pick<JobPublisher, 'publish'> {
  constructor(private readonly evaluation: EvaluationRepository) {}

  async publish<K extends QueueKey>(key: K, jobs: { id: string; data: JobData<K> }[]): Promise<boolean> {
    const events = key === 'publishEvents' ? (jobs as { data: JobData<'publishEvents'> }[]) : [];
    if (events.length > 0) await this.evaluation.carry(events.flatMap(({ data }) => data.eventIds));
    return true;
  }
}

/** Nothing forgets, where nothing is remembered. */
export class NoSentinel implements Pick<RedisSentinel, 'onFlush'> {
  onFlush(): void {
    // There is no Redis that could be emptied.
  }
}

export class NoListeners implements Pick<CommandClient, 'send' | 'isHeard' | 'broadcast'> {
  send<Reply>(pattern: string): Promise<Reply> {
    return Promise.reject(new Error(`nobody answers ${pattern} in an evaluation`));
  }

  isHeard(): Promise<boolean> {
    return Promise.resolve(false);
  }

  broadcast(): void {
    // Nobody listens.
  }
}
