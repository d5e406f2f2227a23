/** The lists of places, first names and organisations that ship with Dateline, read into memory: some tens of megabytes. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';
import { NameIndex } from './name-index.js';
import { type PlaceData, PlaceIndex } from './place-index.js';
import { TextTagger } from './text-tags.js';

/** A tagger that knows the lists. */
export function readGazetteers(): TextTagger {
  const data = (file: string): string => readFileSync(projectFile(`libs/domain/data/${file}`), 'utf8');
  return new TextTagger(
    new PlaceIndex(JSON.parse(data('places.json')) as PlaceData),
    new NameIndex(data('first-names.txt'), data('organisations.txt')),
  );
}
