/** Gives items their tags, from their partners' categories for now. */
import { Injectable } from '@nestjs/common';
import { TagRepository, tagKey } from '#storage/tag.repository.js';
import type { UnprocessedItem } from '#storage/processed-item.repository.js';
import { categoryTags, type SourcedTag } from './category-tags.js';
import { TopicCatalogue } from './topic-catalogue.js';

@Injectable()
export class ItemTagger {
  constructor(
    private readonly topics: TopicCatalogue,
    private readonly tags: TagRepository,
  ) {}

  /** Stored tags by item id. */
  async tagsOf(items: readonly UnprocessedItem[]): Promise<Map<string, (SourcedTag & { id: string })[]>> {
    const wanted = items.map(({ id, parsed, partner }) => ({
      id,
      tags: categoryTags(parsed.categories, partner.name, this.topics.find),
    }));
    const stored = await this.tags.ensure(wanted.flatMap(({ tags }) => tags));
    return new Map(
      wanted.map(({ id, tags }) => [
        id,
        tags.flatMap(({ source, ...tag }) => {
          const row = stored.get(tagKey(tag));
          return row === undefined ? [] : [{ ...row, source }];
        }),
      ]),
    );
  }
}
