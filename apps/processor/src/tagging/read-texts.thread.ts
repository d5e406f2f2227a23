/** The worker thread that reads texts for the places, people and organisations they name; its gazetteers live here alone. */
import type { SourcedTag } from './category-tags.js';
import { readGazetteers } from './gazetteers.js';
import type { TextQuestion } from './text-tags.js';

const tagger = readGazetteers();

export default function readTexts(questions: TextQuestion[]): SourcedTag[][] {
  return questions.map((question) => tagger.tags(question));
}
