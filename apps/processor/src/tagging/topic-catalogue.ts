/** The IPTC Media Topics that ship with Dateline, read once at start. */
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { projectFile } from '#config/project-file.js';
import { type MediaTopic, topicIndex } from './topic-index.js';

@Injectable()
export class TopicCatalogue {
  /** The topic that a category means, if any. */
  readonly find = topicIndex(
    JSON.parse(readFileSync(projectFile('libs/domain/data/mediatopics.json'), 'utf8')) as MediaTopic[],
  );
}
