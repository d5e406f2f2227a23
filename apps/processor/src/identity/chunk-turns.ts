/** Lets chunks of items be decided at the same time, except those that may be about the same stories: they take turns. */
import { Injectable } from '@nestjs/common';
import { hashText } from '#domain/text-print.js';
import { Database } from '#storage/database.js';
import { IdentityAnnouncementRepository } from '#storage/identity-announcement.repository.js';
import type { IdentityKey } from './item-keys.js';

type Transaction = Parameters<IdentityAnnouncementRepository['enter']>[0];

/** Losing one's place takes another chunk that came in between; so often in a row means that something is wrong. */
const TRIES = 50;

@Injectable()
export class ChunkTurns {
  constructor(
    private readonly database: Database,
    private readonly announcements: IdentityAnnouncementRepository,
  ) {}

  /**
   * Runs `work` in a transaction that sees everything that earlier chunks with one of the `marks` wrote, and that later ones
   * wait for. Throws what `work` and PostgreSQL throw.
   */
  async run<T>(marks: ReadonlySet<number>, work: (trx: Transaction) => Promise<T>): Promise<T> {
    for (let left = TRIES; left > 0; left -= 1) {
      const announcement = await this.announcements.announce(marks);
      try {
        const done = await this.database.transaction(async (trx) =>
          (await this.announcements.enter(trx, announcement)) ? { result: await work(trx) } : null,
        );
        if (done !== null) return done.result;
      } catch (error) {
        await this.announcements.withdraw(announcement).catch(() => undefined);
        throw error;
      }
    }
    throw new Error(`a chunk lost its place ${TRIES} times`);
  }
}

/** What an item is found by, as one kind of number: two items that could become one story have a mark in common. */
export function marksOf(keys: readonly IdentityKey[], sketch: readonly number[]): number[] {
  return [...keys.map(({ kind, key }) => hashText(`${kind} ${key}`)), ...sketch];
}
