/** One evaluation: puts a corpus through the processor's rooms and hands what they decided to the judge. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EvaluationRepository, ItemDecision } from '#storage/evaluation.repository.js';
import type { FetchIntake } from '../intake/fetch-intake.js';
import type { RelatedClusterer } from '../related/related-clusterer.js';
import type { EvaluationLine, ItemLabels } from './evaluation-line.js';
import { Judge, type Verdicts } from './judge.js';

export interface Evaluated extends Verdicts {
  /** From the first item stored to the last one in its story, and to the last one related. */
  seconds: number;
  secondsWithRelated: number;
  itemsPerSecond: number;
}

/** What an evaluation tells while it runs. */
export interface Watch {
  progress: (processed: number, perSecond: number) => void;
  waiting: (stories: number) => void;
  decision: (decision: ItemDecision) => Promise<void>;
}

/** Items of one fetch: what the intake takes in one transaction. */
const ITEMS_A_FETCH = 100;
/** Fetches under way: while one is in the database, others are cleaned. */
const FETCHES_AT_ONCE = 3;
/** As the jobs of a hub: a transaction that PostgreSQL broke off is tried again. */
const TRIES = 5;
const LOOK_EVERY_MS = 100;

export class Evaluation {
  private readonly labels: ItemLabels[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private startedAt = 0;
  private processed = 0;
  private failure: Error | undefined;

  constructor(
    private readonly intake: FetchIntake,
    private readonly related: Pick<RelatedClusterer, 'step'>,
    private readonly items: EvaluationRepository,
    private readonly watch: Watch,
  ) {}

  /** Reads `lines` to their end, holding only a few hundred at a time, and judges. Throws what the pipeline throws. */
  async run(lines: AsyncIterable<EvaluationLine>): Promise<Evaluated> {
    await this.feed(lines);
    const seconds = this.secondsSoFar();
    await this.settle();
    const secondsWithRelated = this.secondsSoFar();
    const judge = new Judge(this.labels);
    for await (const decision of this.items.decisions()) {
      judge.take(decision);
      await this.watch.decision(decision);
    }
    const itemsPerSecond = seconds === 0 ? 0 : this.labels.length / seconds;
    return { ...judge.verdicts(), seconds, secondsWithRelated, itemsPerSecond };
  }

  private async feed(lines: AsyncIterable<EvaluationLine>): Promise<void> {
    let batch: EvaluationLine[] = [];
    const send = async (): Promise<void> => {
      this.startedAt ||= performance.now();
      const sent = batch;
      batch = [];
      while (this.underWay.size >= FETCHES_AT_ONCE) await Promise.race(this.underWay);
      if (this.failure !== undefined) throw this.failure;
      const fetchId = await this.items.store(
        sent.map(({ labels, partner, parsed }) => ({ label: labels.id, partner, parsed })),
      );
      const work: Promise<void> = this.process(fetchId, sent.length).finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    };
    for await (const line of lines) {
      this.labels.push(line.labels);
      batch.push(line);
      if (batch.length === ITEMS_A_FETCH) await send();
    }
    if (batch.length > 0) await send();
    await Promise.all(this.underWay);
    if (this.failure !== undefined) throw this.failure;
  }

  /** Never rejects: a failure is told when the next fetch is to be sent. */
  private async process(fetchId: string, items: number): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.intake.process(fetchId);
        this.processed += items;
        this.watch.progress(this.processed, this.processed / this.secondsSoFar());
        return;
      } catch (error) {
        if (tries === TRIES) {
          this.failure ??= error instanceof Error ? error : new Error(String(error));
          return;
        }
        await sleep(100 * 2 ** tries);
      }
    }
  }

  /** Relates what was written: the service rests in between, an evaluation need not. */
  private async settle(): Promise<void> {
    for (let left = await this.items.waiting(); left > 0; left = await this.items.waiting()) {
      this.watch.waiting(left);
      // None taken while some wait: another holder's lease has to run out first.
      if ((await this.related.step()) === 0) await sleep(LOOK_EVERY_MS);
    }
  }

  private secondsSoFar(): number {
    return this.startedAt === 0 ? 0 : (performance.now() - this.startedAt) / 1_000;
  }
}
