/** Reads any feed: bytes in, our document out. Pure: no network, no clock, no state between two calls. */
import { type ParsedDocument } from '#contracts/parsed-feed.js';

import { type CanonicalDocument, canonicalXml } from './canonical-xml.js';
import { decodeBytes } from './decode-bytes.js';
import { deletedEntries } from './deleted-entries.js';
import { mapFeed } from './feed-mapper.js';
import { mapItem } from './item-mapper.js';
import { readJsonFeed } from './json-feed-reader.js';
import { languageTag } from './language-tag.js';
import { LIMITS } from './limits.js';
import { atomLinks, linkTo } from './links.js';
import { ProblemLog } from './problem-log.js';
import { absoluteUrl } from './resolve-url.js';
import { readStructure } from './rss-structure.js';
import { refuseSwollen } from './swollen-document.js';
import { UnreadableFeedError } from './unreadable-feed-error.js';
import { unpacked } from './unpacked.js';
import { stripIllegal } from './xml-text.js';

/** Where a document came from. `contentType` is the HTTP header or null, `url` its address or the empty string. */
export interface DocumentOrigin {
  contentType: string | null;
  url: string;
  /** Other response headers, names in lower case. */
  headers?: Record<string, string>;
}

/** The document as a feed with its items and every problem met. Throws UnreadableFeedError when it is no feed. */
export async function readFeed(bytes: Uint8Array, origin: DocumentOrigin): Promise<ParsedDocument> {
  refuseTooLarge(bytes);
  const problems = new ProblemLog();
  const decoded = decodeBytes(unpacked(bytes, problems), origin.contentType, problems);
  const url = baseUrl(origin);
  const text = stripIllegal(decoded);
  if (text !== decoded) problems.note('illegal-characters');
  const start = text.slice(0, 1_000).trimStart();
  if (text.trim() === '') throw new UnreadableFeedError('empty', 'The address answers an empty document.');
  const document = /^\ufeff?\s*[{[]/.test(start)
    ? readJsonFeed(text, url, problems)
    : await readXml(text, url, problems);
  refuseSwollen(document);
  const language = document.feed.language ?? languageTag(origin.headers?.['content-language']?.split(',')[0]);
  return { ...document, feed: { ...document.feed, ...(language && { language }) }, problems: problems.problems };
}

/** Throws UnreadableFeedError when there are more bytes than are read of one document. */
export function refuseTooLarge(bytes: Uint8Array): void {
  if (bytes.byteLength <= LIMITS.documentBytes) return;
  const limit = Math.round(LIMITS.documentBytes / 1024 / 1024);
  throw new UnreadableFeedError('too-large', `The document has more than ${limit} MB, which is more than is read.`);
}

/** What relative addresses are resolved against: a Content-Location of the same site names the document better than its URL. */
function baseUrl({ url, headers }: DocumentOrigin): string {
  const location = absoluteUrl(headers?.['content-location'] ?? '', url || undefined);
  if (location === undefined) return url;
  return url === '' || new URL(location).host === new URL(url).host ? location : url;
}

async function readXml(text: string, url: string, problems: ProblemLog): Promise<Omit<ParsedDocument, 'problems'>> {
  const canonical = canonicalXml(text, url, problems);
  if (!canonical.root) throw notAFeed(canonical, text);
  const structure = await readStructure(canonical);
  // Where nobody says where the document was found, it may say so itself.
  const address = url || (linkTo(atomLinks(structure.feed), 'self', undefined) ?? '');
  const feed = mapFeed(structure.feed, canonical.root, address);
  const isAtom = canonical.root === 'atom';
  const common = {
    isAtom,
    documentUrl: address,
    homeUrl: feed.homeUrl,
    feedAuthors: isAtom ? feed.authors : [],
    problems,
  };
  const items = structure.items.map((item, index) => mapItem(item, { ...common, index }));
  const deleted = deletedEntries(structure.feed, common, items);
  return { feed, items, ...(deleted.length > 0 && { deleted }) };
}

/** Says what the document is instead of a feed. */
function notAFeed(document: CanonicalDocument, text: string): UnreadableFeedError {
  const root = document.firstElement;
  const head = text.slice(0, 2_000).toLowerCase();
  if (
    root === 'html' ||
    head.includes('<!doctype html') ||
    (root !== undefined && /^(head|body|div|script|meta|p)$/.test(root))
  ) {
    return new UnreadableFeedError('html-page', 'The address answers an HTML page, not a feed.');
  }
  if (root === undefined || !/^[\w:.-]+$/.test(root)) {
    return new UnreadableFeedError(
      'not-a-feed',
      'The address answers something that is neither XML nor JSON, so it is not a feed.',
    );
  }
  const known: Record<string, string> = {
    opml: 'an OPML list of feeds',
    urlset: 'a sitemap',
    sitemapindex: 'a sitemap index',
    error: 'an error message in XML',
  };
  const what = known[root] ?? `an XML document that begins with <${root.slice(0, 40)}>`;
  return new UnreadableFeedError('not-a-feed', `The address answers ${what}, not a feed.`);
}
