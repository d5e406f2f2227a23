/** Finds in a web page the addresses that may be its feeds: pure, linear, and with nothing that a page can make grow. */
import { decodeHTMLAttribute } from 'entities';
import { looksLikeFeed } from '#domain/feed-address.js';
import { parseUrl } from '#domain/parse-url.js';
import { decodeBytes } from '#feed-reader/decode-bytes.js';
import { ProblemLog } from '#feed-reader/problem-log.js';
import { type Attributes, scanXml } from '#feed-reader/xml-scanner.js';

/** `link`: the page declares it (`<link rel="alternate">`, RSS Board's autodiscovery); `anchor`: it links there for people. */
export interface PageLink {
  url: string;
  foundBy: 'link' | 'anchor';
  title?: string;
}

export interface PageLinks {
  /** Where relative addresses start: `<base href>` or the page's own address. */
  base: string;
  links: PageLink[];
}

/** How much of a page is read: feeds are declared in its head, and linked in its navigation or at its foot. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_LINKS = 200;
const MAX_URL_LENGTH = 2_000;
const MAX_TITLE_LENGTH = 200;
const FEED_TYPE = /^\s*application\/(rss|atom|rdf|feed)\+?(xml|json)\b|^\s*application\/(x-)?(atom|rss)\b/i;
/** Types that say nothing: then the address must look like a feed's. */
const ANY_TYPE = /^\s*($|text\/xml|application\/(xml|json))/i;

/** The links of a page in its order, declared ones first, each once, at most 200. */
export function pageLinks(bytes: Uint8Array, contentType: string | null, pageUrl: string): PageLinks {
  const html = decodeBytes(bytes.subarray(0, MAX_BYTES), contentType ?? metaCharset(bytes), new ProblemLog());
  const found = new Map<string, PageLink>();
  let base = pageUrl;
  let hasBase = false;
  let unread: string | undefined;
  scanXml(html, {
    open: (name, attributes, selfClosing) => {
      if (unread !== undefined) return true;
      if ((name === 'script' || name === 'style') && !selfClosing) unread = name;
      if (name === 'base' && !hasBase) {
        const href = absolute(value(attributes, 'href'), pageUrl);
        if (href !== null) [base, hasBase] = [href, true];
      }
      if (name !== 'link' && name !== 'a') return true;
      const link = name === 'link' ? declared(attributes, base) : linked(attributes, base);
      const known = link === null ? undefined : found.get(link.url);
      if (link !== null && (known === undefined || known.foundBy === 'anchor')) found.set(link.url, link);
      return found.size < MAX_LINKS;
    },
    close: (name) => {
      if (name === unread) unread = undefined;
      return true;
    },
    text: () => true,
    doctype: () => undefined,
  });
  const links = [...found.values()];
  return { base, links: links.toSorted((a, b) => rank(a) - rank(b)) };
}

function rank({ foundBy }: PageLink): number {
  return foundBy === 'link' ? 0 : 1;
}

function declared(attributes: Attributes, base: string): PageLink | null {
  const relations = value(attributes, 'rel').toLowerCase().split(/\s+/);
  const type = value(attributes, 'type');
  const url = absolute(value(attributes, 'href'), base);
  if (url === null || relations.includes('stylesheet')) return null;
  const isFeed =
    relations.includes('feed') ||
    (relations.includes('alternate') && (FEED_TYPE.test(type) || (ANY_TYPE.test(type) && looksLikeFeed(url))));
  const title = value(attributes, 'title').trim().slice(0, MAX_TITLE_LENGTH);
  return isFeed ? { url, foundBy: 'link', ...(title !== '' && { title }) } : null;
}

function linked(attributes: Attributes, base: string): PageLink | null {
  const url = absolute(value(attributes, 'href'), base);
  if (url === null) return null;
  return looksLikeFeed(url) || FEED_TYPE.test(value(attributes, 'type')) ? { url, foundBy: 'anchor' } : null;
}

function value(attributes: Attributes, name: string): string {
  return decodeHTMLAttribute((attributes.all.get(name) ?? '').slice(0, MAX_URL_LENGTH + 1));
}

/** As browsers do, but for web addresses alone (`feed:` is one in disguise): `javascript:` and `data:` lead nowhere. */
function absolute(reference: string, base: string): string | null {
  const text = reference.trim();
  if (text === '' || text.length > MAX_URL_LENGTH) return null;
  const url = parseUrl(text.replace(/^feed:(\/\/)?(?=https?:)/i, '').replace(/^feed:\/\//i, 'http://'), base);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
  url.hash = '';
  return url.href;
}

/** What the page itself says of its charset, in the form of the header (HTML, 4.2.5.4). */
function metaCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1_024)).toString('latin1');
  const charset = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  return charset === undefined ? null : `text/html; charset=${charset}`;
}
