/** Which item of a feed an entry of a document is, and whether it says something new: keys and hashes, pure. */
import { createHash } from 'node:crypto';
import type { ParsedDocument, ParsedItem, ParseProblem } from '#contracts/parsed-feed.js';
import { bareAddress } from '#domain/bare-address.js';
import { canonicalUrl } from '#domain/canonical-url.js';
import type { DeletedItem } from '#storage/fetched-document.repository.js';

export type IdentityRule = 'guid' | 'url' | 'content';
export interface IdentifiedItem {
  key: string;
  rule: IdentityRule;
  /** Hex SHA-256 of what matters to a reader. */
  contentHash: string;
  item: ParsedItem;
}

/** Longer guids are hashed: an index key has its limits. */
const MAX_KEY_LENGTH = 500;

/**
 * Gives every item its identity within the feed: its guid, else its canonical URL, else a hash of its content. A guid
 * (or URL) that stands for different things in one document identifies nothing there, so the next rule is used; an item
 * that is simply repeated is kept once, in its newest form. Items without any content are left out. `problems` says so.
 */
export function identifyItems(items: readonly ParsedItem[]): { items: IdentifiedItem[]; problems: ParseProblem[] } {
  const problems: ParseProblem[] = [];
  const entries = items.flatMap((item, index) => {
    if (!isEmpty(item)) return [{ item, index, ...candidates(item) }];
    problems.push({ code: 'empty-item', message: 'has neither title, text, link nor media', itemIndex: index });
    return [];
  });
  const badGuids = ambiguous(
    entries,
    (entry) => entry.guid,
    (entry) => entry.url ?? entry.title,
  );
  // Only items that have no good guid need their URL, so only they can spoil it.
  const withoutGuid = entries.filter(({ guid }) => guid === null || badGuids.has(guid));
  const badUrls = ambiguous(
    withoutGuid,
    (entry) => entry.url,
    (entry) => entry.title,
  );

  const chosen = new Map<string, IdentifiedItem>();
  for (const entry of entries) {
    const { item, index, guid, url } = entry;
    if (guid !== null && badGuids.has(guid)) {
      problems.push({ code: 'ambiguous-guid', message: 'shares its guid with another item', itemIndex: index });
    }
    const identified: IdentifiedItem = { ...identity(entry, badGuids, badUrls), contentHash: contentHash(item), item };
    const other = chosen.get(identified.key);
    if (other)
      problems.push({ code: 'repeated-item', message: 'stands in the document more than once', itemIndex: index });
    if (!other || isNewer(item, other.item)) chosen.set(identified.key, identified);
    if (identified.rule === 'content' && url === null) {
      problems.push({
        code: 'no-identity',
        message: 'has neither guid nor link; known by its content',
        itemIndex: index,
      });
    }
  }
  return { items: [...chosen.values()], problems };
}

/** The items that a document takes back, and when, as far as it says: its tombstones name them by their guids alone. */
export function deletedItems({ deleted = [] }: Pick<ParsedDocument, 'deleted'>): DeletedItem[] {
  return deleted.map(({ ref, when }) => ({ identityKey: bounded(ref.trim()), when: when ?? null }));
}

interface Entry {
  item: ParsedItem;
  guid: string | null;
  url: string | null;
  title: string;
}

function candidates(item: ParsedItem): Omit<Entry, 'item'> {
  const guid = item.id?.trim() ?? '';
  const url = item.url === undefined ? null : (canonicalUrl(item.url) ?? item.url);
  return { guid: guid === '' ? null : guid, url, title: item.title?.trim() ?? '' };
}

/** The keys that several entries share although they differ in `other`. */
function ambiguous(
  entries: Entry[],
  keyOf: (entry: Entry) => string | null,
  other: (entry: Entry) => string,
): Set<string> {
  const seen = new Map<string, string>();
  const bad = new Set<string>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key === null) continue;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, other(entry));
    else if (first !== other(entry)) bad.add(key);
  }
  return bad;
}

function identity(
  { item, guid, url }: Entry,
  badGuids: Set<string>,
  badUrls: Set<string>,
): { key: string; rule: IdentityRule } {
  if (guid !== null && !badGuids.has(guid)) return { key: bounded(guid), rule: 'guid' };
  if (url !== null && !badUrls.has(url)) return { key: `url:${bounded(url)}`, rule: 'url' };
  return { key: `content:${hash([item.title, plain(item.content ?? item.summary)])}`, rule: 'content' };
}

function bounded(key: string): string {
  return key.length <= MAX_KEY_LENGTH ? key : `sha256:${hash([key])}`;
}

function isEmpty(item: ParsedItem): boolean {
  const texts = [item.title, item.summary, item.content, item.url];
  return texts.every((text) => (text ?? '').trim() === '') && item.media.length === 0;
}

function isNewer(item: ParsedItem, other: ParsedItem): boolean {
  return (item.updated ?? item.published ?? '') > (other.updated ?? other.published ?? '');
}

/** Changes when the title, the text, the link, the authors, the categories, the media or the pictures in the text do; not with other markup or dates. */
function contentHash(item: ParsedItem): string {
  const pictures = picturesIn(item.content ?? item.summary);
  return hash([
    item.title,
    plain(item.summary),
    plain(item.content),
    item.url,
    item.authors.map((author) => author.name ?? author.email),
    item.categories.map((category) => [category.scheme, category.term]),
    item.media.map((media) => [media.url, media.caption, media.credit]),
    item.rights,
    item.source?.url,
    // Nothing where there is none: items of before pictures counted keep their hashes.
    ...(pictures.length === 0 ? [] : [pictures]),
  ]);
}

function hash(parts: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex');
}

const PICTURE = /^img[\s/]/i;
const ADDRESS = /[\s"'/]src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;
/** As readers are counted by: often another address in each document. */
const TINY = /[\s"'/](?:width|height)\s*=\s*["']?[01](?:px)?(?:["'\s/]|$)/i;

/** Addresses of the pictures in a text. */
function picturesIn(html: string | undefined): string[] {
  return parts(html).tags.flatMap((tag) => {
    if (!PICTURE.test(tag) || TINY.test(tag)) return [];
    const [, ...quoted] = ADDRESS.exec(tag) ?? [];
    const address = bareAddress(quoted.find((one) => one !== undefined) ?? '');
    return address === '' || /^data:/i.test(address) ? [] : [address];
  });
}

/** The text between tags, white space as one space. */
function plain(html: string | undefined): string {
  return parts(html).texts.join(' ').replace(/\s+/g, ' ').trim();
}

/** What stands between tags, and in them. Scans once: a regular expression for tags can be made to hang. */
function parts(html = ''): { texts: string[]; tags: string[] } {
  const texts: string[] = [];
  const tags: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const close = open === -1 ? -1 : html.indexOf('>', open);
    if (close === -1) break;
    texts.push(html.slice(at, open));
    tags.push(html.slice(open + 1, close));
    at = close + 1;
  }
  texts.push(html.slice(at));
  return { texts, tags };
}
