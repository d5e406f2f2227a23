/** Takes items from received to in a story, a chunk at a time; one bad item never holds up the others. */
import { Injectable, Logger } from '@nestjs/common';
import { cleanLine } from '#domain/clean-text.js';
import {
  ITEM_TAKEN_BACK,
  type ProcessedItem,
  ProcessedItemRepository,
  type UnprocessedItem,
} from '#storage/processed-item.repository.js';
import { isRefusedData } from '#storage/refused-data.js';
import { RuleJudge } from '../rules/rule-judge.js';
import type { ReadyItem } from '../stories/ready-item.js';
import type { SecondLook } from '../stories/second-look.js';
import { StoryWriter } from '../stories/story-writer.js';
import { IntakeMetrics } from './intake-metrics.js';
import { ItemReading } from './item-reading.js';

@Injectable()
export class ChunkProcessor {
  private readonly logger = new Logger(ChunkProcessor.name);

  constructor(
    private readonly reading: ItemReading,
    private readonly rules: RuleJudge,
    private readonly writer: StoryWriter,
    private readonly items: ProcessedItemRepository,
    private readonly metrics: IntakeMetrics,
  ) {}

  /**
   * Every item ends in a story, or failed with its reason. `look`: the items are processed already and are so again.
   * Throws only when PostgreSQL cannot be reached, or what the look throws.
   */
  async process(items: readonly UnprocessedItem[], look?: SecondLook): Promise<void> {
    const over = items.filter(({ partner, feed }) => partner.isDemo && feed.status === 'retired');
    const withdrawn = items.filter((item) => item.isWithdrawn && !over.includes(item));
    const wanted = items.filter((item) => !over.includes(item) && !withdrawn.includes(item));
    const { ready, unclean } = await this.reading.read(wanted);
    await this.markFailed(
      unclean.map(({ item, reason }) => failed(item, reason)),
      look,
    );
    await this.settle(
      [
        ...over.map(({ id, version }) => dropped(id, version, 'the demo is over')),
        ...withdrawn.map(({ id, version }) => dropped(id, version, ITEM_TAKEN_BACK)),
      ],
      look,
    );
    if (ready.length === 0) return;
    const { passed, refused } = await this.rules.judge(ready);
    await this.settle(refused, look);
    if (look === undefined) this.metrics.refused(refused);
    if (passed.length > 0) await this.write(passed, look);
  }

  /**
   * The items that can be cleaned, as a story would take them, with what rules give them; those that rules would refuse by
   * now stay too, for they are in their story. Those whose newest version is not accepted come along, too: `offersOf` bars them. Nothing is written but tags' names.
   */
  async prepare(items: readonly UnprocessedItem[]): Promise<ReadyItem[]> {
    const { ready } = await this.reading.read(items);
    if (ready.length === 0) return [];
    return (await this.rules.judge(ready, true)).passed;
  }

  /** A row that PostgreSQL refuses would take its whole chunk with it: then each item is tried alone. */
  private async write(ready: readonly ReadyItem[], look?: SecondLook): Promise<void> {
    try {
      const written = await this.writer.write(ready, look);
      if (look === undefined) this.metrics.wrote(written);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      const [only] = ready;
      if (ready.length > 1) for (const one of ready) await this.write([one], look);
      else if (only !== undefined)
        await this.markFailed([failed(only.item, `could not be stored: ${error.message}`)], look);
    }
  }

  /** Items that end without a story: every such end goes through here, so that a second look sees it. */
  private async settle(items: readonly ProcessedItem[], look?: SecondLook): Promise<void> {
    await (look === undefined ? this.items.markProcessed(items) : look.settle(items));
  }

  private async markFailed(items: readonly ProcessedItem[], look?: SecondLook): Promise<void> {
    if (items.length === 0) return;
    await this.settle(items, look);
    if (look !== undefined) return;
    this.metrics.failed(items.length);
    for (const { id, reason } of items) this.logger.warn({ msg: 'item failed', itemId: id, reason });
  }
}

function dropped(id: string, version: number, reason: string): ProcessedItem {
  return { id, version, state: 'dropped', reason };
}

function failed({ id, version }: UnprocessedItem, reason: string): ProcessedItem {
  return { id, version, state: 'failed', reason: cleanLine(reason, 500) };
}
