/** From items as their partners wrote them to items that a story can take: clean, in a language, with tags; or why not. */
import { Injectable } from '@nestjs/common';
import type { UnprocessedItem } from '#storage/processed-item.repository.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { ItemTagger } from '../tagging/item-tagger.js';
import { ItemCleaner } from './item-cleaner.js';
import { RawItems } from './raw-items.js';

type UntaggedItem = Omit<ReadyItem, 'tags'>;

/** `unclean`: items that could not be cleaned, each with a sentence why. */
export interface ReadItems {
  ready: ReadyItem[];
  unclean: { item: UnprocessedItem; reason: string }[];
}

@Injectable()
export class ItemReading {
  constructor(
    private readonly rawItems: RawItems,
    private readonly cleaner: ItemCleaner,
    private readonly tagger: ItemTagger,
  ) {}

  /** Nothing is written but tags' names. Throws when PostgreSQL cannot be reached or the threads fail. */
  async read(items: readonly UnprocessedItem[]): Promise<ReadItems> {
    if (items.length === 0) return { ready: [], unclean: [] };
    const results = await this.cleaner.clean(await this.rawItems.of(items));
    const untagged: UntaggedItem[] = [];
    const unclean: ReadItems['unclean'] = [];
    results.forEach((result, index) => {
      const item = items[index] as UnprocessedItem;
      if ('item' in result) untagged.push({ item, clean: result.item, language: result.language });
      else unclean.push({ item, reason: result.failure });
    });
    return { ready: untagged.length === 0 ? [] : await this.ready(untagged), unclean };
  }

  private async ready(untagged: readonly UntaggedItem[]): Promise<ReadyItem[]> {
    const tags = await this.tagger.tagsOf(untagged);
    return untagged.map((one) => ({ ...one, tags: tags.get(one.item.id) ?? [] }));
  }
}
