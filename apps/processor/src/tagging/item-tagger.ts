/** Gives items their tags: from their partners' categories, and from what their texts name. */
import { Injectable } from '@nestjs/common';
import { TagRepository, tagKey } from '#storage/tag.repository.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { categoryTags } from './category-tags.js';
import { TextReader } from './text-reader.js';
import { TopicCatalogue } from './topic-catalogue.js';

@Injectable()
export class ItemTagger {
  constructor(
    private readonly topics: TopicCatalogue,
    private readonly tags: TagRepository,
    private readonly texts: TextReader,
  ) {}

  /** Stored tags by item id; of two with the same name the partner's own comes before the text's. */
  async tagsOf(items: readonly Omit<ReadyItem, 'tags'>[]): Promise<Map<string, ReadyItem['tags']>> {
    const named = await this.texts.read(
      items.map(({ clean: { title, bodyText }, language }) => ({ title, bodyText, language })),
    );
    const wanted = items.map(({ item: { id, parsed, partner } }, index) => ({
      id,
      tags: [...categoryTags(parsed.categories, partner.name, this.topics.find), ...(named[index] ?? [])],
    }));
    const stored = await this.tags.ensure(wanted.flatMap(({ tags }) => tags));
    return new Map(
      wanted.map(({ id, tags }) => [
        id,
        tags.flatMap(({ source, confidence, ...tag }) => {
          const row = stored.get(tagKey(tag));
          return row === undefined ? [] : [{ ...row, source, confidence }];
        }),
      ]),
    );
  }
}
