/** A reprocessing run's look at a chunk: it counts what changes in the transaction that changes it, or takes everything back in a dry run. */
import type { ItemOutcome, ItemOutcomeRepository } from '#storage/item-outcome.repository.js';
import type { ProcessedItem, ProcessedItemRepository } from '#storage/processed-item.repository.js';
import type {
  LeasedReprocessing,
  ReprocessingQueueRepository,
  StoredItem,
} from '#storage/reprocessing-queue.repository.js';
import type { Database } from '#storage/database.js';
import type { ReprocessingExample } from '#storage/schema.js';
import { type SecondLook, TakenBack } from '../stories/second-look.js';
import { countFields, outcomeChanges, stateInWords } from './outcome-changes.js';

/** The run was stopped or another process has it: whatever was being written is taken back. */
export class RunLost extends Error {}

type Transaction = Parameters<SecondLook['before']>[0];

export interface RunLookTools {
  database: Database;
  queue: ReprocessingQueueRepository;
  outcomes: ItemOutcomeRepository;
  items: ProcessedItemRepository;
}

export class RunLook implements SecondLook {
  private outcomesBefore = new Map<string, ItemOutcome>();
  private readonly byId: Map<string, StoredItem>;

  constructor(
    private readonly run: LeasedReprocessing,
    items: readonly StoredItem[],
    private readonly tools: RunLookTools,
  ) {
    this.byId = new Map(items.map((item) => [item.id, item]));
  }

  async before(trx: Transaction, itemIds: readonly string[]): Promise<void> {
    this.outcomesBefore = await this.tools.outcomes.of(trx, itemIds);
  }

  async after(trx: Transaction, itemIds: readonly string[]): Promise<void> {
    const changes = outcomeChanges(itemIds, this.outcomesBefore, await this.tools.outcomes.of(trx, itemIds));
    if (this.run.dryRun) {
      await this.note(changes);
      throw new TakenBack();
    }
    await this.note(changes, trx);
  }

  /**
   * An item that is in a story stays there: taking it out is an operator's decision, and this tells them of it. One that is no longer as
   * the run read it is somebody else's: an operator released it, or a new version has come. Items before the run's row, as in `after`:
   * two that hold the same run for theirs must not wait for each other.
   */
  async settle(items: readonly ProcessedItem[]): Promise<void> {
    if (items.length === 0) return;
    const ids = items.map(({ id }) => id);
    await this.tools.database.transaction(async (trx) => {
      if (this.run.dryRun) return this.note(this.changesOf(items, await this.tools.outcomes.of(trx, ids)));
      const same = await this.tools.items.lockUnchanged(
        trx,
        [...this.byId.values()].filter(({ id }) => items.some((item) => item.id === id)),
      );
      const mine = items.filter(({ id }) => same.has(id));
      const outside = mine.filter(({ id }) => this.byId.get(id)?.state !== 'in-story');
      await this.tools.items.markProcessed(outside, trx, true);
      // Without the run's lease this throws, and takes all of it back.
      await this.note(this.changesOf(mine, await this.tools.outcomes.of(trx, ids)), trx);
    });
  }

  private changesOf(
    items: readonly ProcessedItem[],
    outcomes: ReadonlyMap<string, ItemOutcome>,
  ): ReprocessingExample[] {
    return items.flatMap(({ id, state, reason }) => {
      const item = this.byId.get(id);
      if (item === undefined || (item.state === state && item.stateReason === reason)) return [];
      const after = stateInWords(state, reason);
      const stays = item.state === 'in-story' ? `${after} (stays in its story)` : after;
      const field = { field: 'state', before: stateInWords(item.state, item.stateReason), after: stays };
      const storyId = outcomes.get(id)?.storyId ?? null;
      return [{ itemId: id, storyId, title: item.parsed.title?.slice(0, 160) ?? null, fields: [field] }];
    });
  }

  private async note(changes: ReprocessingExample[], trx?: Transaction): Promise<void> {
    const counts = { itemsChanged: changes.length, changes: countFields(changes), examples: changes };
    if (!(await this.tools.queue.add(this.run, counts, trx))) throw new RunLost();
  }
}
