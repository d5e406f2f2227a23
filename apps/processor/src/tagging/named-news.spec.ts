/** How often names are found and right, on invented news about real ones in four languages: in sport's results, markets, courts. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';
import { slugify } from '#domain/slug.js';
import type { TagScheme } from '#contracts/story-body.js';
import { readGazetteers } from './gazetteers.js';

interface Line {
  id: string;
  title: string;
  text: string;
  language: string;
  tags: { scheme: TagScheme; name: string }[];
}

const LINES = readFileSync(projectFile('bench/corpus/named-news.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const tagger = readGazetteers();

/** By any name that the gazetteers know for it. */
const named = (scheme: TagScheme, name: string): string => slugify(tagger.canonicalName(scheme, name) ?? name);

test.each([
  { scheme: 'place' as const, precision: 0.88, recall: 0.95 },
  { scheme: 'person' as const, precision: 0.98, recall: 0.7 },
  { scheme: 'organisation' as const, precision: 0.88, recall: 0.75 },
])('$scheme', ({ scheme, precision, recall }) => {
  let [right, wrong, missed] = [0, 0, 0];
  for (const { title, text, language, tags } of LINES) {
    const wanted = new Set(tags.filter((tag) => tag.scheme === scheme).map(({ name }) => named(scheme, name)));
    const found = tagger.tags({ title, bodyText: text, language }).filter((tag) => tag.scheme === scheme);
    const names = new Set(found.map(({ name }) => named(scheme, name)));
    const both = [...names].filter((name) => wanted.has(name)).length;
    right += both;
    wrong += names.size - both;
    missed += wanted.size - both;
  }
  expect(right / (right + wrong)).toBeGreaterThanOrEqual(precision);
  expect(right / (right + missed)).toBeGreaterThanOrEqual(recall);
});
