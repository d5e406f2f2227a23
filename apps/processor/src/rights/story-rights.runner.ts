/** Keeps what is shown as rights allow it: at the moments that stories wait for, and after a partner's rights were changed. */
import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { Database } from '#storage/database.js';
import { StoryRightsRepository } from '#storage/story-rights.repository.js';
import { EventRelay } from '../outbox/event-relay.js';
import { TextsLetGo } from '../stories/ready-item.js';
import { StoriesMoved } from '../stories/story-store.js';
import { type LookedAt, RightsDesk } from './rights-desk.js';

/** Stories of one transaction. */
const BATCH = 50;
const TRIES = 5;
const AGAIN_AFTER_SECONDS = 60;

@Injectable()
export class StoryRightsRunner {
  private readonly logger = new Logger(StoryRightsRunner.name);
  private readonly changes;
  private readonly lag;

  constructor(
    private readonly database: Database,
    private readonly rights: StoryRightsRepository,
    private readonly desk: RightsDesk,
    private readonly relay: EventRelay,
    metrics: Metrics,
  ) {
    this.changes = metrics.counter(
      'dateline_rights_changes_total',
      'Stories that rights changed, by what became of them',
      ['change'],
    );
    this.lag = metrics.histogram(
      'dateline_rights_lag_seconds',
      'From the moment a story was due to the look at its rights',
    );
  }

  /**
   * One batch of what is due, else one of a partner whose rights were changed. Answers how many stories were looked at: 0
   * when nothing waits. Two processes at once do the same twice and change it once. Throws when PostgreSQL is away.
   */
  async runDue(): Promise<number> {
    const due = await this.rights.due(BATCH);
    if (due.length > 0) {
      await this.look(due.map(({ id }) => id));
      for (const { late } of due) this.lag.observe(Math.max(0, late));
      return due.length;
    }
    const step = await this.rights.review(BATCH);
    if (step === undefined) return 0;
    if (step.storyIds.length > 0) await this.look(step.storyIds);
    await this.rights.endStep(step);
    return step.storyIds.length;
  }

  /** Stories that cannot be looked at together are looked at one by one; one that cannot be at all waits. */
  private async look(storyIds: string[]): Promise<void> {
    try {
      const looked = await this.lookAt(storyIds);
      if (looked !== undefined) return this.tell(looked);
    } catch (error) {
      const [only] = storyIds;
      if (storyIds.length === 1 && only !== undefined) {
        this.logger.warn({
          msg: 'rights could not be looked at; tried again later',
          storyId: only,
          error: String(error),
        });
        return this.rights.postpone(only, AGAIN_AFTER_SECONDS);
      }
    }
    for (const id of storyIds) await this.look([id]);
  }

  private async lookAt(storyIds: string[]): Promise<LookedAt[] | undefined> {
    const whole = new Set<string>();
    for (let tries = 1; ; tries += 1) {
      const material = await this.desk.gather(storyIds, whole);
      if (material === undefined) return undefined;
      try {
        return await this.database.transaction(async (trx) => {
          const looked = await this.desk.look(trx, material);
          await this.rights.settle(trx, looked);
          return looked;
        });
      } catch (error) {
        if (error instanceof TextsLetGo) whole.add(error.itemId);
        else if (!(error instanceof StoriesMoved)) throw error;
        if (tries === TRIES) throw error;
      }
    }
  }

  private tell(looked: readonly LookedAt[]): void {
    const changed = looked.filter(({ change }) => change !== 'none');
    if (changed.length === 0) return;
    this.relay.poke();
    for (const { change } of changed) this.changes.inc({ change });
    this.logger.log({ msg: 'rights changed what is shown', stories: changed.length, looked: looked.length });
  }
}
