/** The IPTC Media Topics by whatever name an operator calls them. */
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { projectFile } from '#config/project-file.js';
import { type MediaTopic, topicIndex } from '#domain/topic-index.js';

@Injectable()
export class TopicList {
  readonly topics = JSON.parse(readFileSync(projectFile('libs/domain/data/mediatopics.json'), 'utf8')) as MediaTopic[];
  /** By code, name or what newsrooms call it. */
  readonly find = topicIndex(this.topics);
  private readonly byCode = new Map(this.topics.map((topic) => [topic.code, topic]));

  byTopicCode(code: string): MediaTopic | undefined {
    return this.byCode.get(code);
  }

  /** Topics in the order of their names, or those that have `q` in theirs. */
  search(q: string | undefined): MediaTopic[] {
    const part = q?.toLowerCase() ?? '';
    const meant = q === undefined ? undefined : this.find(q);
    const named = this.topics
      .filter((topic) => topic !== meant && topic.name.toLowerCase().includes(part))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return meant === undefined ? named : [meant, ...named];
  }
}
