/** Reads the lines of a labelled corpus (docs/evaluate.md): what a partner sent, and what ought to be made of it. Pure. */
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { TAG_SCHEMES, type TagScheme } from '#contracts/story-body.js';
import { slugify } from '#domain/slug.js';
import { parseDate } from '#feed-reader/parse-date.js';
import { primarySubtag } from '#domain/language-tag.js';

/** What ought to come of an item; a field is null where the line says nothing of it. */
export interface ItemLabels {
  id: string;
  duplicateOf: string | null;
  cluster: string | null;
  /** `SCHEME/SLUG`, each once. */
  tags: string[] | null;
  /** Primary subtag; the pipeline never sees it. */
  language: string | null;
}

export interface EvaluationLine {
  labels: ItemLabels;
  partner: string;
  parsed: ParsedItem;
  /** What of the line was not understood and is left out, in words. */
  notes: string[];
}

/** A line that is left out, and why, in words. */
export class BadLine extends Error {}

const DEFAULT_PARTNER = 'partner';
const MAX_PARTNER = 200;

/** The name that the hub has for a thing that a corpus calls otherwise ("usa", "U.N."); undefined where it knows none. */
export type CanonicalName = (scheme: TagScheme, name: string) => string | undefined;

/** Reads one line. Throws BadLine when nothing can be evaluated; a field that is not understood is left out and noted. */
export function readLine(text: string, canonicalName: CanonicalName): EvaluationLine {
  const line = jsonObject(text);
  const id = word(line['id']);
  if (id === null) throw new BadLine('it has no "id"');
  const title = string(line['title']);
  const content = string(line['html']) ?? paragraphs(string(line['text']) ?? '');
  if ((title ?? '').trim() === '' && content.trim() === '') throw new BadLine(`${id} has neither "title" nor "text"`);
  const published = word(line['published']);
  const at = published === null ? undefined : parseDate(published);
  const notes =
    published !== null && at === undefined ? [`${id}: "published" is no date: ${published.slice(0, 100)}`] : [];
  const url = string(line['url'])?.trim() ?? '';
  return {
    labels: {
      id,
      duplicateOf: word(line['duplicateOf']),
      cluster: word(line['cluster']),
      tags: labelledTags(line['tags'], canonicalName, (why) => notes.push(`${id}: ${why}`)),
      language: primarySubtag(string(line['language'])),
    },
    partner: (word(line['partner']) ?? DEFAULT_PARTNER).slice(0, MAX_PARTNER),
    parsed: {
      ...(title === null ? {} : { title }),
      ...(content === '' ? {} : { content }),
      ...(url === '' ? {} : { url }),
      ...(at === undefined ? {} : { published: at }),
      authors: [],
      categories: categories(line['categories']),
      media: [],
    },
    notes,
  };
}

/**
 * Plain text as the HTML of its paragraphs. Empty lines part them; so does the end of a line that ends a sentence, but
 * not one that breaks it.
 */
export function paragraphs(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n\s*|(?<=[.!?。！？:]["'”’»)\]]?[^\S\n]*)\n/u)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => `<p>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`)
    .join('\n');
}

function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new BadLine(`it is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadLine('it is not a JSON object');
  return value as Record<string, unknown>;
}

function string(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A name or a number as text; null for an empty one. PostgreSQL keeps no NUL. */
function word(value: unknown): string | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).replaceAll('\0', '').trim() : '';
  return text === '' ? null : text;
}

/**
 * Names are compared by their slugs, as tags are told apart in the hub, and another name of a thing that it knows counts as its own. A scheme that
 * it does not have is not judged.
 */
function labelledTags(value: unknown, canonicalName: CanonicalName, note: (why: string) => void): string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) {
    note('"tags" is no list');
    return null;
  }
  const keys = value.flatMap((tag: unknown) => {
    const { scheme, name } = (typeof tag === 'object' && tag !== null ? tag : {}) as Record<string, unknown>;
    const known = schemeOf(word(scheme));
    const given = word(name) ?? '';
    const slug = slugify((known && canonicalName(known, given)) ?? given);
    if (known !== undefined && slug !== '') return [`${known}/${slug}`];
    note(`a tag is {"scheme": ${TAG_SCHEMES.map((one) => `"${one}"`).join(' | ')}, "name": "…"}`);
    return [];
  });
  return [...new Set(keys)];
}

function schemeOf(text: string | null): TagScheme | undefined {
  const lower = text?.toLowerCase().replace('organization', 'organisation');
  return TAG_SCHEMES.find((scheme) => scheme === lower);
}

/** Not part of the labels: what the partner files the item under, as its feed would say. */
function categories(value: unknown): ParsedItem['categories'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((term: unknown) => (typeof term === 'string' && term.trim() !== '' ? [{ term }] : []));
}
