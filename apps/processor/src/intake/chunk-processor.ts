/** Takes items from received to in a story, a chunk at a time; one bad item never holds up the others. */
import { Injectable, Logger } from '@nestjs/common';
import { cleanLine } from '#domain/clean-text.js';
import {
  type ProcessedItem,
  ProcessedItemRepository,
  type UnprocessedItem,
} from '#storage/processed-item.repository.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { StoryWriter } from '../stories/story-writer.js';
import { ItemTagger } from '../tagging/item-tagger.js';
import type { CleanItem } from './clean-item.js';
import { IntakeMetrics } from './intake-metrics.js';
import { ItemCleaner } from './item-cleaner.js';
import { LanguageDetector } from './language-detector.js';

/** An item with its clean form, before its tags are stored. */
interface CleanedItem {
  item: UnprocessedItem;
  clean: CleanItem;
}

@Injectable()
export class ChunkProcessor {
  private readonly logger = new Logger(ChunkProcessor.name);

  constructor(
    private readonly cleaner: ItemCleaner,
    private readonly languages: LanguageDetector,
    private readonly tagger: ItemTagger,
    private readonly writer: StoryWriter,
    private readonly items: ProcessedItemRepository,
    private readonly metrics: IntakeMetrics,
  ) {}

  /** Every item ends in a story, or failed with its reason. Throws only when PostgreSQL cannot be reached. */
  async process(items: readonly UnprocessedItem[]): Promise<void> {
    const over = items.filter(({ partner, feed }) => partner.isDemo && feed.status === 'retired');
    const withdrawn = items.filter((item) => item.isWithdrawn && !over.includes(item));
    const wanted = items.filter((item) => !over.includes(item) && !withdrawn.includes(item));
    const results = await this.cleaner.clean(
      wanted.map(({ parsed, publishedAt, receivedAt }) => ({ parsed, at: (publishedAt ?? receivedAt).toISOString() })),
    );
    const cleaned: CleanedItem[] = [];
    const unclean: ProcessedItem[] = [];
    results.forEach((result, index) => {
      const item = wanted[index] as UnprocessedItem;
      if ('item' in result) cleaned.push({ item, clean: result.item });
      else unclean.push(failed(item, result.failure));
    });
    await this.markFailed(unclean);
    await this.items.markProcessed([
      ...over.map(({ id, version }) => dropped(id, version, 'the demo is over')),
      ...withdrawn.map(({ id, version }) => dropped(id, version, 'its partner withdrew it')),
    ]);
    if (cleaned.length > 0) await this.write(await this.ready(cleaned));
  }

  /** The items that can be cleaned, as a story would take them; nothing is written but their tags' names. */
  async prepare(items: readonly UnprocessedItem[]): Promise<ReadyItem[]> {
    const results = await this.cleaner.clean(
      items.map(({ parsed, publishedAt, receivedAt }) => ({ parsed, at: (publishedAt ?? receivedAt).toISOString() })),
    );
    const cleaned = results.flatMap((result, index) => {
      const item = items[index];
      return 'item' in result && item !== undefined ? [{ item, clean: result.item }] : [];
    });
    return cleaned.length === 0 ? [] : this.ready(cleaned);
  }

  private async ready(cleaned: readonly CleanedItem[]): Promise<ReadyItem[]> {
    const [tags, languages] = await Promise.all([
      this.tagger.tagsOf(cleaned.map(({ item }) => item)),
      this.languages.detect(
        cleaned.map(({ item, clean }) => ({
          text: `${clean.title}\n${clean.bodyText}`,
          claims: [item.parsed.language ?? null, item.feed.language],
        })),
      ),
    ]);
    return cleaned.map(({ item, clean }, index) => ({
      item,
      clean,
      language: languages[index] ?? null,
      tags: tags.get(item.id) ?? [],
    }));
  }

  /** A row that PostgreSQL refuses would take its whole chunk with it: then each item is tried alone. */
  private async write(ready: readonly ReadyItem[]): Promise<void> {
    try {
      this.metrics.wrote(await this.writer.write(ready));
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      const [only] = ready;
      if (ready.length > 1) for (const one of ready) await this.write([one]);
      else if (only !== undefined) await this.markFailed([failed(only.item, `could not be stored: ${error.message}`)]);
    }
  }

  private async markFailed(items: readonly ProcessedItem[]): Promise<void> {
    if (items.length === 0) return;
    await this.items.markProcessed(items);
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

/** SQLSTATE classes 22 (data), 23 (constraint), 54 (limit): trying again cannot help; anything else may pass. */
function isRefusedData(error: unknown): error is Error {
  const code = (error as { code?: unknown }).code;
  return error instanceof Error && typeof code === 'string' && /^(22|23|54)/.test(code);
}
