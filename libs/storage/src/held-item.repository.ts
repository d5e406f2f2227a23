/** Items that wait for an operator's word: released into a story, or dropped. */
import { Injectable } from '@nestjs/common';
import { Database } from './database.js';
import { leaveAgain } from './item-batch.repository.js';
import type { ItemsTable } from './schema.js';

/**
 * `state`: as the item was found; null when there is none. `done` false: nothing can be decided of an item in that state, or of one that
 * its partner took back.
 */
export interface Decided {
  done: boolean;
  state: ItemsTable['state']['__select__'] | null;
  isWithdrawn?: boolean;
}

@Injectable()
export class HeldItemRepository {
  constructor(private readonly database: Database) {}

  /**
   * Lets the newest version of a held or dropped item into its story: it is to be processed again, and no rule drops or holds it.
   */
  async release(itemId: string): Promise<Decided> {
    return this.database.transaction(async (trx) => {
      const item = await trx
        .selectFrom('items')
        .select(['state', 'version', 'processed_version', 'fetch_id', 'correlation_id', 'withdrawn_at'])
        .where('id', '=', itemId)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (item === undefined) return { done: false, state: null };
      // Released, it would be dropped once more, and nothing would be left of what it was.
      if (item.withdrawn_at !== null) return { done: false, state: item.state, isWithdrawn: true };
      if (!isDecidable(item, ['held', 'dropped'])) return { done: false, state: item.state };
      await trx
        .updateTable('items')
        .set({
          state: 'received',
          state_reason: 'released by an operator',
          refused_by: null,
          released_version: item.version,
          processed_version: item.version - 1,
        })
        .where('id', '=', itemId)
        .execute();
      await leaveAgain(trx, { fetchId: item.fetch_id, correlationId: item.correlation_id });
      return { done: true, state: item.state };
    });
  }

  /** Ends the wait of a held item. A later version of it is judged anew. */
  async drop(itemId: string, reason: string): Promise<Decided> {
    return this.database.transaction(async (trx) => {
      const item = await trx
        .selectFrom('items')
        .select(['state', 'version', 'processed_version'])
        .where('id', '=', itemId)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (item === undefined) return { done: false, state: null };
      if (!isDecidable(item, ['held'])) return { done: false, state: item.state };
      await trx
        .updateTable('items')
        .set({ state: 'dropped', state_reason: reason, refused_by: 'operator' })
        .where('id', '=', itemId)
        .execute();
      return { done: true, state: item.state };
    });
  }
}

/** A version that is not processed yet is nobody's to decide: rules have not seen it. */
function isDecidable(
  { state, version, processed_version }: { state: string; version: number; processed_version: number },
  states: readonly string[],
): boolean {
  return states.includes(state) && processed_version >= version;
}
