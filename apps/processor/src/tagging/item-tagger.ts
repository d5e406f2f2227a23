/** Gives items their tags: from their partners' categories, and from what their texts name. */
import { Injectable } from '@nestjs/common';
import { TagRepository, tagKey } from '#storage/tag.repository.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { slugify } from '#domain/slug.js';
import { TopicClassifier } from '../classifier/topic-classifier.js';
import { categoryTags, type SourcedTag } from './category-tags.js';
import { CLASSIFIER_SOURCE } from './text-source.js';
import { NamedThings } from './named-things.js';
import { TextReader } from './text-reader.js';
import { TopicCatalogue } from './topic-catalogue.js';

@Injectable()
export class ItemTagger {
  constructor(
    private readonly topics: TopicCatalogue,
    private readonly things: NamedThings,
    private readonly tags: TagRepository,
    private readonly texts: TextReader,
    private readonly classifier: TopicClassifier,
  ) {}

  /** Stored tags by item id; of two with the same name the partner's own comes before the text's. */
  async tagsOf(items: readonly Omit<ReadyItem, 'tags'>[]): Promise<Map<string, ReadyItem['tags']>> {
    const named = await this.texts.read(
      items.map(({ clean: { title, bodyText }, language }) => ({ title, bodyText, language })),
    );
    const wanted = items.map(({ item: { id, parsed, partner } }, index) => {
      const meanings = { findTopic: this.topics.of(partner.id), findThing: this.things.find };
      return { id, tags: [...categoryTags(parsed.categories, partner.name, meanings), ...(named[index] ?? [])] };
    });
    await this.addTopics(items, wanted);
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

  /** Where nobody names a topic, the classifier may. */
  private async addTopics(
    items: readonly Omit<ReadyItem, 'tags'>[],
    wanted: readonly { tags: SourcedTag[] }[],
  ): Promise<void> {
    const without = items.flatMap((item, index) => {
      const tags = wanted[index]?.tags ?? [];
      return tags.some(({ scheme }) => scheme === 'topic') ? [] : [{ ...item, tags }];
    });
    const topics = await this.classifier.topicsOf(
      without.map(({ clean: { title, bodyText }, language }) => ({ title, bodyText, language })),
    );
    topics.forEach((topic, index) => {
      if (topic === null) return;
      const { name, confidence, version } = topic;
      const source = `${CLASSIFIER_SOURCE}${version}`;
      without[index]?.tags.push({ scheme: 'topic', name, slug: slugify(name), source, confidence });
    });
  }
}
