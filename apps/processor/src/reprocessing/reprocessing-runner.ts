/** Works on reprocessing runs beside everything else: claims one on a timer, processes some of its items again, lets others have a turn. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { type LeasedReprocessing, ReprocessingQueueRepository } from '#storage/reprocessing-queue.repository.js';
import { EventRelay } from '../outbox/event-relay.js';
import { ItemReprocessor } from './item-reprocessor.js';
import { RunLost } from './run-look.js';

const LOOK_EVERY_MS = 500;
/** How long one run is worked on before another may have a turn. */
const SLICE_MS = 5_000;
/** Items of one step; each step is a transaction, which others wait for. */
const STEP = 50;
/** Between two steps the runner rests for as long as the last one took: new items come first. */
const LONGEST_REST_MS = 1_000;
/** Items whose step was begun so often and never ended are passed over. */
const MOST_TRIES = 5;

@Injectable()
export class ReprocessingRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Reprocessing');
  private readonly repeated = new RepeatedWork(() => this.work(), this.logger, 'items could not be reprocessed');
  private readonly abort = new AbortController();
  private readonly items;

  constructor(
    private readonly queue: ReprocessingQueueRepository,
    private readonly reprocessor: ItemReprocessor,
    private readonly relay: EventRelay,
    metrics: Metrics,
  ) {
    this.items = metrics.counter('dateline_reprocessed_items_total', 'Items that runs processed again', ['outcome']);
  }

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.repeated.stop();
  }

  /** One slice of the run that has waited longest, if there is one. */
  async work(): Promise<void> {
    const run = await this.queue.claim(randomUUID());
    if (run === null) return;
    let failed = false;
    try {
      // Only for the progress: a count that takes too long must not keep the run from its work.
      if (run.isUncounted) await this.queue.count(run).catch(() => undefined);
      await this.slice(run);
    } catch (error) {
      if (error instanceof RunLost) return;
      failed = true;
      throw error;
    } finally {
      // Best effort: a lease that stays runs out by itself.
      await this.queue.release(run, { failed }).catch(() => undefined);
    }
  }

  private async slice(run: LeasedReprocessing): Promise<void> {
    const until = performance.now() + SLICE_MS;
    let { tries } = run;
    while (!this.abort.signal.aborted && performance.now() < until) {
      const started = performance.now();
      const items = await this.queue.next(run, STEP);
      if (items === 'lost') return;
      const cursor = items.at(-1)?.id;
      if (cursor === undefined) {
        await this.queue.finish(run);
        this.logger.log({ msg: 'reprocessing done', runId: run.id, dryRun: run.dryRun });
        return;
      }
      const isHopeless = tries >= MOST_TRIES;
      if (!isHopeless) await this.reprocessor.process(run, items);
      const errors = isHopeless ? items.length : 0;
      const lastError = isHopeless
        ? `items up to ${cursor}: given up after ${tries} tries; see the processor's log`
        : null;
      await this.queue.advance(run, { cursor, items: items.length, errors, lastError });
      this.items.inc({ outcome: isHopeless ? 'given-up' : run.dryRun ? 'looked-at' : 'processed' }, items.length);
      if (!run.dryRun) this.relay.poke();
      tries = 0;
      const rest = Math.min(performance.now() - started, LONGEST_REST_MS);
      await sleep(rest, undefined, { signal: this.abort.signal }).catch(() => undefined);
    }
  }
}
