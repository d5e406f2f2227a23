/** The IPTC Media Topics that ship with Dateline, read once at start, and what operators say that categories mean. */
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { projectFile } from '#config/project-file.js';
import { type MediaTopic, type TopicIndex, topicIndex } from '#domain/topic-index.js';
import { mappedTopics, type TopicMapping } from '#domain/topic-mapping.js';

@Injectable()
export class TopicCatalogue {
  readonly topics = JSON.parse(readFileSync(projectFile('libs/domain/data/mediatopics.json'), 'utf8')) as MediaTopic[];
  private readonly shipped = topicIndex(this.topics);
  private mapped: TopicIndex = this.shipped;

  /** The topic that a category means, if any. */
  readonly find: TopicIndex = (category, partnerId) => this.mapped(category, partnerId);

  /** As `find`, for one partner's categories. */
  of(partnerId: string): TopicIndex {
    return (category) => this.mapped(category, partnerId);
  }

  /** From now on these mappings hold, and no others. */
  use(mappings: readonly TopicMapping[]): void {
    this.mapped = mappedTopics(this.topics, this.shipped, mappings);
  }
}
