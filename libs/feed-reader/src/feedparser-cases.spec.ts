/** Holds the reader to the feedparser project's own cases: all are read, 98 % of their facts are right. */
import { readFileSync } from 'node:fs';

import { projectFile } from '#config/project-file.js';
import { type ParsedAuthor, type ParsedFeed, type ParsedItem } from '#contracts/parsed-feed.js';

import { plainText } from './plain-text.js';
import { readFeed } from './read-feed.js';

interface Fact {
  on: 'feed' | 'entry';
  index?: number;
  field: string;
  kind: 'text' | 'html' | 'url' | 'date';
  value: string | number[];
}
interface Case {
  name: string;
  xml?: string;
  base64?: string;
  headers?: Record<string, string>;
  expect: Fact[];
}

const CASES = readFileSync(projectFile('test/fixtures/feedparser-cases/cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const person = (author: ParsedAuthor | undefined): string | undefined =>
  author?.name && author.email ? `${author.name} (${author.email})` : (author?.name ?? author?.email);

/** Our value of a field that feedparser names. */
function valueOf(on: ParsedFeed | ParsedItem, field: string): string | number | undefined {
  const [name = '', at = '', part = ''] = field.split('.');
  if (name === 'author') return at === '' ? person(on.authors[0]) : on.authors[0]?.[at as keyof ParsedAuthor];
  if (name === 'authors') return on.authors[Number(at)]?.[part as keyof ParsedAuthor];
  if (name === 'categories') return on.categories[Number(at)]?.term;
  if ('format' in on) {
    return {
      title: on.title,
      description: on.subtitle,
      rights: on.rights,
      link: on.homeUrl,
      id: on.id,
      image: on.image,
      updated: on.updated,
      published: on.published,
    }[name];
  }
  if (name === 'enclosures') return on.media[Number(at)]?.[part as 'url' | 'type' | 'length'];
  if (name === 'source') return at === 'href' ? on.source?.url : on.source?.title;
  return {
    title: on.title,
    summary: on.summary,
    content: on.content,
    rights: on.rights,
    link: on.url,
    id: on.id,
    comments: on.comments,
    updated: on.updated,
    published: on.published,
  }[name];
}

/** Text fields of ours are compared as text, contents as HTML with void elements in one spelling. */
function isRight(fact: Fact, got: string | number | undefined): boolean {
  const wanted = fact.value;
  if (typeof wanted !== 'string' || fact.kind === 'date') {
    const [year = 0, month = 0, ...rest] = typeof wanted === 'string' ? [] : wanted;
    return (
      Date.parse(String(got)) ===
      (typeof wanted === 'string' ? Date.parse(wanted) : Date.UTC(year, month - 1, ...rest.slice(0, 4)))
    );
  }
  const given = String(got ?? '');
  if (fact.kind === 'url') return given.replace(/\/$/, '') === wanted.replace(/\/$/, '');
  if (fact.kind === 'text') return given === wanted;
  const isMarkup = fact.field.startsWith('content') || fact.field === 'summary';
  const spelling = (html: string): string => html.replace(/\s*\/>/g, '>');
  return isMarkup ? spelling(given) === spelling(wanted) : given === wanted || given === plainText(wanted);
}

it('reads every case and gets 98 % of the facts right', async () => {
  const wrong: string[] = [];
  let facts = 0;
  for (const each of CASES) {
    const bytes = each.base64 === undefined ? Buffer.from(each.xml ?? '') : Buffer.from(each.base64, 'base64');
    const document = await readFeed(bytes, { contentType: each.headers?.['content-type'] ?? null, url: '' });
    for (const fact of each.expect) {
      facts++;
      const on = fact.on === 'feed' ? document.feed : document.items[fact.index ?? 0];
      const got = on && valueOf(on, fact.field);
      if (!isRight(fact, got))
        wrong.push(`${each.name} ${fact.on}.${fact.field}: ${JSON.stringify(got)} for ${JSON.stringify(fact.value)}`);
    }
  }
  expect(CASES).toHaveLength(605);
  expect(facts).toBe(466);
  // The list is what a failure prints.
  expect(wrong.length / facts < 0.02 ? [] : wrong).toEqual([]);
});
