/** The worker thread that reads texts for the places, people and organisations they name; its gazetteers live here alone. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';
import type { SourcedTag } from './category-tags.js';
import { NameIndex } from './name-index.js';
import { type PlaceData, PlaceIndex } from './place-index.js';
import { TextTagger, type TextQuestion } from './text-tags.js';

const data = (file: string): string => readFileSync(projectFile(`libs/domain/data/${file}`), 'utf8');

const tagger = new TextTagger(
  new PlaceIndex(JSON.parse(data('places.json')) as PlaceData),
  new NameIndex(data('first-names.txt'), data('organisations.txt')),
);

export default function readTexts(questions: TextQuestion[]): SourcedTag[][] {
  return questions.map((question) => tagger.tags(question));
}
