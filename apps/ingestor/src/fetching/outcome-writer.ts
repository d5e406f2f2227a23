/** Stores what fetches came to, tells the processor, counts and logs it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type DataLoader from 'dataloader';
import { Metrics } from '#observability/metrics.js';
import { FetchRepository, type FetchOutcome, type QuietOutcome } from '#storage/fetch.repository.js';
import {
  type FetchedDocument,
  FetchedDocumentRepository,
  type StoredDocument,
} from '#storage/fetched-document.repository.js';
import { PushWatch } from '../push/push-watch.js';
import type { FetchResult } from './feed-fetcher.js';
import { gathered } from './gathered.js';
import { ItemHandover } from './item-handover.js';
import { Slots } from './slots.js';

const CONCURRENT_TRANSACTIONS = 5;
const CONCURRENT_BATCHES = 1;
/** A connection that was cut is replaced in a moment. */
const RETRY_AFTER_MS = [100, 1_000];

@Injectable()
export class OutcomeWriter {
  private readonly logger = new Logger('Fetch');
  private readonly quiet: DataLoader<QuietOutcome, boolean>;
  private readonly transactions = new Slots(CONCURRENT_TRANSACTIONS);
  private readonly polls;
  private readonly seconds;
  private readonly items;

  constructor(
    private readonly fetches: FetchRepository,
    private readonly documents: FetchedDocumentRepository,
    private readonly handover: ItemHandover,
    private readonly pushWatch: PushWatch,
    metrics: Metrics,
  ) {
    this.quiet = gathered((outcomes) => this.fetches.writeQuietBatch(outcomes), { atOnce: CONCURRENT_BATCHES });
    this.polls = metrics.counter('dateline_fetching_polls_total', 'Finished polls by outcome', ['outcome']);
    this.seconds = metrics.histogram('dateline_fetching_poll_duration_seconds', 'Request and reading of one poll');
    this.items = metrics.counter('dateline_fetching_items_total', 'Items stored', ['kind']);
  }

  /**
   * Writes and reports a result, patiently. An outcome whose claim does not stand any more is dropped: a newer fetch has the
   * word, or this one was written by a try that seemed to fail. Throws when it cannot be written.
   */
  async write(result: FetchResult): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        if ('quiet' in result) return await this.writeQuiet(result.quiet);
        return await this.writeDocument(result.document);
      } catch (error) {
        const pause = RETRY_AFTER_MS[tries];
        if (pause === undefined) throw error;
        await sleep(pause);
      }
    }
  }

  private async writeQuiet(outcome: QuietOutcome): Promise<void> {
    if (!(await this.quiet.load(outcome))) return this.lost(outcome);
    const { failure } = outcome;
    if (failure === null) this.report(outcome, 'unchanged', {});
    else this.report(outcome, 'failed', { errorClass: failure.errorClass, error: failure.error });
  }

  private async writeDocument(document: FetchedDocument): Promise<void> {
    await this.pushWatch.beforeStore(document);
    const stored = await this.store(document);
    if (!stored) return this.lost(document.outcome);
    if (stored.hasWork) await this.handover.handOver(document);
    await this.pushWatch.afterStore(document, stored);
    this.items.inc({ kind: 'new' }, stored.itemsNew);
    this.items.inc({ kind: 'changed' }, stored.itemsChanged);
    this.report(document.outcome, 'changed', {
      items: document.items.length,
      new: stored.itemsNew,
      changed: stored.itemsChanged,
      problems: document.problems.length,
    });
  }

  /** Few transactions at a time: they must leave connections for the claims and outcomes of everybody else. */
  private async store(document: FetchedDocument): Promise<StoredDocument | null> {
    await this.transactions.take();
    try {
      return await this.documents.store(document);
    } finally {
      this.transactions.release();
    }
  }

  private report(outcome: FetchOutcome, word: string, facts: Record<string, unknown>): void {
    this.polls.inc({ outcome: word });
    this.seconds.observe(outcome.durationMs / 1000);
    this.logger.log({
      msg: word,
      feedId: outcome.feedId,
      fetchId: outcome.fetchId,
      correlationId: outcome.correlationId,
      status: outcome.httpStatus,
      ms: outcome.durationMs,
      bytes: outcome.bytes,
      next: outcome.nextFetchReason,
      ...facts,
    });
  }

  private lost(outcome: FetchOutcome): void {
    this.polls.inc({ outcome: 'lost' });
    this.logger.warn({
      msg: 'the feed was claimed again before the outcome was written',
      feedId: outcome.feedId,
      correlationId: outcome.correlationId,
    });
  }
}
