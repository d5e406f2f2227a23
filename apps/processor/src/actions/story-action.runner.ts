/** Carries out what was asked of stories, one action a transaction: done once, whoever is killed in between. */
import { Injectable, Logger } from '@nestjs/common';
import { cleanLine } from '#domain/clean-text.js';
import { Database } from '#storage/database.js';
import { type StoryActionRow, StoryActionRepository } from '#storage/story-action.repository.js';
import { EventRelay } from '../outbox/event-relay.js';
import { TextsLetGo } from '../stories/ready-item.js';
import { StoriesMoved } from '../stories/story-store.js';
import { ActionDesk } from './action-desk.js';
import { type ActionMaterial, ActionMaterials, type FormerTry } from './action-material.js';
import { ActionRefused } from './action-refused.js';

const BATCH = 20;
const TRIES = 5;

@Injectable()
export class StoryActionRunner {
  private readonly logger = new Logger(StoryActionRunner.name);

  constructor(
    private readonly database: Database,
    private readonly actions: StoryActionRepository,
    private readonly materials: ActionMaterials,
    private readonly desk: ActionDesk,
    private readonly relay: EventRelay,
  ) {}

  /** Everything that waits now, the oldest first. Answers how many were looked at. Throws when PostgreSQL is away. */
  async runDue(): Promise<number> {
    const due = await this.actions.due(BATCH);
    for (const action of due) await this.run(action);
    if (due.length > 0) this.relay.poke();
    return due.length;
  }

  private async run(action: StoryActionRow): Promise<void> {
    const { id, kind } = action;
    const former: FormerTry = { whole: new Set() };
    for (let tries = 1; ; tries += 1) {
      try {
        former.material = await this.materials.gather(action, former);
        await this.carryOut(action, former.material);
        return;
      } catch (error) {
        if (error instanceof TextsLetGo) former.whole.add(error.itemId);
        if ((error instanceof StoriesMoved || error instanceof TextsLetGo) && tries < TRIES) continue;
        if (error instanceof ActionRefused) return this.actions.refuse(id, cleanLine(error.message, 500));
        this.logger.warn({ msg: 'story action failed; it is tried again', id, kind, error: String(error) });
        return this.actions.postpone(id, cleanLine(String(error), 500));
      }
    }
  }

  private async carryOut(action: StoryActionRow, material: ActionMaterial): Promise<void> {
    await this.database.transaction(async (trx) => {
      // Another processor may have it, or have done it.
      const mine = await this.actions.lockWaiting(trx, action.id);
      if (mine === undefined) return;
      await this.actions.finish(trx, mine, await this.desk.carryOut(trx, mine, material));
    });
  }
}
