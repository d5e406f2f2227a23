/** What watches a chunk whose items were processed before: it sees the stories before and after, and may take everything back. */
import type { ProcessedItem, ProcessedItemRepository } from '#storage/processed-item.repository.js';

type Transaction = Parameters<ProcessedItemRepository['lockUnprocessed']>[0];

export interface SecondLook {
  /** In the transaction, when the items are locked and nothing is written yet. */
  before: (trx: Transaction, itemIds: readonly string[]) => Promise<void>;
  /** In the transaction, when everything is written. Throwing takes all of it back; TakenBack says that this is as it should be. */
  after: (trx: Transaction, itemIds: readonly string[]) => Promise<void>;
  /** Items that end without a story (failed, dropped, held), instead of `markProcessed`. */
  settle: (items: readonly ProcessedItem[]) => Promise<void>;
}

/** Thrown by a look that only wanted to see: nothing is written, and nothing went wrong. */
export class TakenBack extends Error {}
