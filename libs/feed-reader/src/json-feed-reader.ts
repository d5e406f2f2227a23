/** Reads JSON Feed 1.0 and 1.1 (jsonfeed.org), forgiving wrong types the way readers of it do. */
import { type ParsedAuthor, type ParsedDocument, type ParsedItem, type ParsedMedia } from '#contracts/parsed-feed.js';

import { absoluteHtml } from './absolute-html.js';
import { withoutGaps } from './feed-mapper.js';
import { languageTag } from './language-tag.js';
import { LIMITS } from './limits.js';
import { escapeHtml } from './markup-capture.js';
import { MediaList } from './media-of-item.js';
import { isDeeperThan, mendJson } from './mend-json.js';
import { parseDate } from './parse-date.js';
import { collapse } from './plain-text.js';
import { type ProblemLog } from './problem-log.js';
import { absoluteUrl } from './resolve-url.js';
import { UnreadableFeedError } from './unreadable-feed-error.js';
import { stripIllegal, wellFormed } from './xml-text.js';

type JsonObject = Record<string, unknown>;

/** The feed and items of a JSON Feed. Throws UnreadableFeedError when the text is other JSON or none. */
export function readJsonFeed(
  text: string,
  documentUrl: string,
  problems: ProblemLog,
): Omit<ParsedDocument, 'problems'> {
  const root = parse(text.replace(/^\ufeff/, ''), problems);
  const version = string(root, 'version');
  const items = list(root['items']);
  if (!Array.isArray(root['items']) && !/jsonfeed/i.test(version ?? '')) {
    throw new UnreadableFeedError(
      'not-a-feed',
      'The address answers JSON that is not a JSON Feed (it has no list of items).',
    );
  }
  if (!/jsonfeed\.org\/version\//i.test(version ?? '')) {
    problems.note('missing-version');
  }
  if (items.length > LIMITS.items) {
    problems.note('too-many-items', LIMITS.items);
  }
  const url = (of: JsonObject, key: string): string | undefined => absoluteUrl(string(of, key) ?? '', documentUrl);
  const hubs = list(root['hubs']).map((hub) =>
    /^websub$/i.test(string(hub, 'type') ?? '') ? url(hub, 'url') : undefined,
  );
  const authors = authorsOf(root, documentUrl);
  const feed = withoutGaps({
    format: 'json' as const,
    title: plain(root, 'title'),
    subtitle: plain(root, 'description'),
    homeUrl: url(root, 'home_page_url'),
    selfUrl: url(root, 'feed_url'),
    hubs: hubs.filter((hub) => hub !== undefined),
    icon: url(root, 'favicon'),
    image: url(root, 'icon'),
    language: languageTag(string(root, 'language')),
    authors,
    categories: [],
    schedule: {},
  });
  const read = items
    .slice(0, LIMITS.items)
    .map((item, index) => readItem(item, { documentUrl, authors, problems, index }));
  return { feed, items: read };
}

function parse(text: string, problems: ProblemLog): JsonObject {
  // A short text cannot be deep enough to harm.
  if (text.length > 100_000 && isDeeperThan(text, LIMITS.jsonDepth)) {
    throw new UnreadableFeedError('bad-json', 'The address answers JSON that is nested too deep to be a feed.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : '';
    try {
      value = JSON.parse(mendJson(text));
    } catch {
      throw new UnreadableFeedError('bad-json', `The address answers JSON that is broken: ${reason}.`);
    }
    problems.note('broken-json', reason);
  }
  if (isObject(value)) return value;
  throw new UnreadableFeedError('not-a-feed', 'The address answers JSON that is not a JSON Feed.');
}

function readItem(
  item: JsonObject,
  context: { documentUrl: string; authors: ParsedAuthor[]; problems: ProblemLog; index: number },
): ParsedItem {
  const url = (key: string): string | undefined => absoluteUrl(string(item, key) ?? '', context.documentUrl);
  const address = url('url');
  const base = address ?? context.documentUrl;
  const authors = authorsOf(item, context.documentUrl);
  const html = string(item, 'content_html');
  const text = string(item, 'content_text');
  const summary = string(item, 'summary');
  const tags = Array.isArray(item['tags']) ? item['tags'].filter((tag) => typeof tag === 'string').map(collapse) : [];
  const published = date(item, 'date_published', context);
  const updated = date(item, 'date_modified', context);
  return withoutGaps({
    id: string(item, 'id') ?? address,
    url: address,
    externalUrl: url('external_url'),
    title: plain(item, 'title'),
    summary: summary === undefined ? undefined : escapeHtml(summary),
    // The text form is plain; its paragraphs are all the structure it has.
    content: html ? absoluteHtml(html, base) : text ? textAsHtml(text) : undefined,
    authors: authors.length > 0 ? authors : context.authors,
    published: published ?? updated,
    updated,
    categories: [...new Set(tags)]
      .filter((tag) => tag !== '')
      .slice(0, LIMITS.repeats)
      .map((term) => ({ term })),
    media: mediaOf(item, base),
    language: languageTag(string(item, 'language')),
    source: sourceOf(item),
  });
}

/** Plain text as HTML: blank lines part paragraphs, line ends stay line ends. */
function textAsHtml(text: string): string {
  const paragraphs = escapeHtml(text.trim()).split(/\r?\n[ \t]*\r?\n\s*/);
  return paragraphs.length === 1 && !text.trim().includes('\n')
    ? (paragraphs[0] ?? '')
    : paragraphs.map((each) => `<p>${each.replace(/\r?\n/g, '<br>')}</p>`).join('\n');
}

function mediaOf(item: JsonObject, base: string): ParsedMedia[] {
  const media = new MediaList();
  for (const each of list(item['attachments'])) {
    media.add(absoluteUrl(string(each, 'url') ?? '', base), {
      type: string(each, 'mime_type'),
      title: plain(each, 'title'),
      length: number(each, 'size_in_bytes'),
      duration: number(each, 'duration_in_seconds'),
      enclosure: true,
    });
  }
  for (const key of ['image', 'banner_image'])
    media.add(absoluteUrl(string(item, key) ?? '', base), { medium: 'image' });
  return media.media;
}

/** Version 1.1 has `authors`, version 1.0 `author`. */
function authorsOf(of: JsonObject, documentUrl: string): ParsedAuthor[] {
  const several = Array.isArray(of['authors']) ? (of['authors'] as unknown[]) : [];
  // Some write the name alone where an object belongs.
  return list(
    (several.length > 0 ? several : [of['author']]).map((each) => (typeof each === 'string' ? { name: each } : each)),
  )
    .slice(0, LIMITS.repeats)
    .map((author) =>
      withoutGaps({ name: plain(author, 'name'), url: absoluteUrl(string(author, 'url') ?? '', documentUrl) }),
    )
    .filter((author) => author.name !== undefined || author.url !== undefined);
}

/** `_source` is how aggregators of JSON Feed say where an item came from. */
function sourceOf(item: JsonObject): ParsedItem['source'] {
  const source = item['_source'];
  if (!isObject(source)) return undefined;
  const found = withoutGaps({
    title: plain(source, 'title') ?? plain(source, 'name'),
    url: absoluteUrl(string(source, 'url') ?? string(source, 'home_page_url') ?? '', undefined),
    feedUrl: absoluteUrl(string(source, 'feed_url') ?? '', undefined),
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

function date(item: JsonObject, key: string, context: { problems: ProblemLog; index: number }): string | undefined {
  const text = string(item, key);
  const read = text === undefined ? undefined : parseDate(text);
  if (text && read === undefined) {
    context.problems.note('unreadable-date', text, context.index);
  }
  return read;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; of a single object a list of one. */
function list(value: unknown): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

/** A text; numbers count as text, for ids. */
function string(of: JsonObject, key: string): string | undefined {
  const value = of[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== ''
    ? wellFormed(stripIllegal(value.slice(0, LIMITS.textLength)))
    : undefined;
}

function plain(of: JsonObject, key: string): string | undefined {
  const value = string(of, key);
  return value === undefined ? undefined : collapse(value.slice(0, 10_000));
}

function number(of: JsonObject, key: string): number | undefined {
  const value = Number(of[key] ?? NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
