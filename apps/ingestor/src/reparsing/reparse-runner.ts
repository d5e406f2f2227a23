/** Works on reparse runs beside everything else: claims one on a timer, reads some of its documents, lets others have a turn. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { isRefusedData } from '#storage/refused-data.js';
import { type LeasedRun, type NextDocument, ReparseQueueRepository } from '#storage/reparse-queue.repository.js';
import { type DocumentReading, ReparseStoreRepository } from '#storage/reparse-store.repository.js';
import { DocumentRereader, RereadingInterrupted } from './document-rereader.js';

const LOOK_EVERY_MS = 500;
/** How long one run is worked on before another may have a turn. */
const SLICE_MS = 5_000;
/** Between two documents the runner rests for as long as the last one took: polls come first. */
const LONGEST_REST_MS = 1_000;
/** A document whose step was begun so often and never ended is passed over. */
const MOST_TRIES = 5;

@Injectable()
export class ReparseRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Reparse');
  private readonly repeated = new RepeatedWork(() => this.work(), this.logger, 'documents could not be read again');
  private readonly abort = new AbortController();
  private readonly documents;
  private readonly items;

  constructor(
    private readonly queue: ReparseQueueRepository,
    private readonly store: ReparseStoreRepository,
    private readonly rereader: DocumentRereader,
    private readonly jobs: JobPublisher,
    metrics: Metrics,
  ) {
    this.documents = metrics.counter('dateline_reparsing_documents_total', 'Stored documents read again', ['outcome']);
    this.items = metrics.counter('dateline_reparsing_items_total', 'Items that reading again wrote', ['kind']);
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
      if (error instanceof RereadingInterrupted) return;
      failed = true;
      throw error;
    } finally {
      // Best effort: a lease that stays runs out by itself.
      await this.queue.release(run, { failed }).catch(() => undefined);
    }
  }

  private async slice(run: LeasedRun): Promise<void> {
    const until = performance.now() + SLICE_MS;
    let { tries } = run;
    while (!this.abort.signal.aborted && performance.now() < until) {
      const started = performance.now();
      const document = await this.queue.next(run);
      if (document === 'lost') return;
      if (document === null) {
        await this.queue.finish(run);
        this.logger.log({ msg: 'reparse done', runId: run.id });
        return;
      }
      await this.step(run, document, tries);
      tries = 0;
      const rest = Math.min(performance.now() - started, LONGEST_REST_MS);
      await sleep(rest, undefined, { signal: this.abort.signal }).catch(() => undefined);
    }
  }

  /** Reads and stores one document. Throws when PostgreSQL cannot be reached: the step is then made again. */
  private async step(run: LeasedRun, document: NextDocument, tries: number): Promise<void> {
    const reading =
      tries < MOST_TRIES
        ? await this.rereader.read(document, this.abort.signal)
        : this.rereader.unreadable(
            document,
            performance.now(),
            `given up after ${tries} tries; see the ingestor's log`,
          );
    try {
      await this.write(run, reading);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      await this.write(
        run,
        this.rereader.unreadable(document, performance.now(), `could not be stored: ${error.message}`),
      );
    }
  }

  private async write(run: LeasedRun, reading: DocumentReading): Promise<void> {
    const stored = await this.store.store(run, reading);
    // Lost or overtaken: the next look finds out what is to be done instead.
    if (typeof stored === 'string') return;
    const { fetchId, correlationId } = reading;
    if (stored.hasWork)
      await this.jobs.publish('processItems', [{ id: `items-${fetchId}-0`, data: { fetchId, correlationId } }]);
    this.documents.inc({ outcome: reading.error === null ? 'read' : 'failed' });
    if (!stored.hasWork) return;
    this.items.inc({ kind: 'new' }, stored.itemsNew);
    this.items.inc({ kind: 'changed' }, stored.itemsChanged);
    this.logger.log({
      msg: 'read again',
      runId: run.id,
      feedId: reading.document.feedId,
      documentId: reading.document.id,
      fetchId,
      correlationId,
      new: stored.itemsNew,
      changed: stored.itemsChanged,
    });
  }
}
