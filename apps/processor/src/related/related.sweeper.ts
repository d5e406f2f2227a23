/** Keeps related stories up to date: looks each half second whether stories wait, and rests longer than it works. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { FetchIntake } from '../intake/fetch-intake.js';
import { RelatedClusterer } from './related-clusterer.js';

const LOOK_EVERY_MS = 500;
/** News comes first: for each millisecond of work this many of rest, and more while items are being processed. */
const REST = 1;
const REST_BESIDE_INTAKE = 12;
const LONGEST_REST_MS = 2_000;

@Injectable()
export class RelatedSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Related');
  private readonly repeated = new RepeatedWork(() => this.work(), this.logger, 'stories could not be related');
  private readonly abort = new AbortController();
  private readonly stories;

  constructor(
    private readonly clusterer: RelatedClusterer,
    private readonly intake: FetchIntake,
    metrics: Metrics,
  ) {
    this.stories = metrics.counter('dateline_related_stories_total', 'Stories that were compared with the others');
  }

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.repeated.stop();
    // Best effort: a lease that stays runs out by itself.
    await this.clusterer.leave().catch(() => undefined);
  }

  private async work(): Promise<void> {
    while (!this.abort.signal.aborted) {
      const startedAt = performance.now();
      const stories = await this.clusterer.step();
      if (stories === 0) return;
      this.stories.inc(stories);
      const rest = Math.min(
        (performance.now() - startedAt) * (this.intake.isIdle ? REST : REST_BESIDE_INTAKE),
        LONGEST_REST_MS,
      );
      await sleep(rest, undefined, { signal: this.abort.signal }).catch(() => undefined);
    }
  }
}
