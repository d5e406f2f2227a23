/** Tells the processor what fetches brought: at once, but for the first items of feeds that come in numbers, which let the feeds go first. */
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { JobPublisher } from '#messaging/job-publisher.js';
import type { FetchedDocument } from '#storage/fetched-document.repository.js';

/** A pause this long between two new feeds, and the rush is over: one feed that is added alone does not notice. */
const PAUSE_MS = 100;
/** What is held is handed over after this at the latest, well before the processor's sweeper would look for it. */
const MOST_HELD_MS = 4_000;
const MOST_HELD = 1_000;

type Job = Parameters<typeof JobPublisher.prototype.publish<'processItems'>>[1][number];

/**
 * Making stories of a thousand new feeds' items takes the processor several times as long as storing them. Begun at once, it
 * would keep the feeds behind waiting with their servers' connections open. Nothing depends on what is held here: items are
 * in Postgres, and the processor's sweeper finds what a process took with it.
 */
@Injectable()
export class ItemHandover implements BeforeApplicationShutdown {
  private held: Job[] = [];
  private pause: NodeJS.Timeout | undefined;
  private limit: NodeJS.Timeout | undefined;

  constructor(private readonly jobs: JobPublisher) {}

  /** Does not throw. */
  async handOver({ isFirst, outcome: { fetchId, correlationId } }: FetchedDocument): Promise<void> {
    const job = { id: `items-${fetchId}-0`, data: { fetchId, correlationId } };
    if (!isFirst) return void (await this.jobs.publish('processItems', [job]));
    this.held.push(job);
    this.limit ??= setTimeout(() => void this.release(), MOST_HELD_MS);
    clearTimeout(this.pause);
    if (this.held.length >= MOST_HELD) await this.release();
    else this.pause = setTimeout(() => void this.release(), PAUSE_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.release();
  }

  private async release(): Promise<void> {
    clearTimeout(this.pause);
    clearTimeout(this.limit);
    this.limit = undefined;
    const jobs = this.held.splice(0);
    await this.jobs.publish('processItems', jobs);
  }
}
