/** Asks for a story action and waits for the processor to carry it out; PostgreSQL keeps it if nobody does at once. */
import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NewStoryAction, type StoryActionRow, StoryActionRepository } from '#storage/story-action.repository.js';
import { conflict } from './problem.js';

/** How long a caller of the API waits before being told that it goes on. */
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 60;

@Injectable()
export class StoryActionAsker {
  constructor(private readonly actions: StoryActionRepository) {}

  /** The action as it is after ten seconds at most: done, or waiting still. Throws 409 with the reason when it is refused. */
  async ask(action: Omit<NewStoryAction, 'actor'>, address: string): Promise<StoryActionRow> {
    let row = await this.actions.ask({ ...action, actor: `operator (${address})` });
    for (const giveUpAt = Date.now() + WAIT_MS; row.status === 'waiting' && Date.now() < giveUpAt;) {
      await sleep(LOOK_EVERY_MS);
      row = (await this.actions.get(row.id)) ?? row;
    }
    if (row.status === 'refused') throw conflict('story-action-refused', row.outcome ?? 'refused', { id: row.id });
    return row;
  }
}
