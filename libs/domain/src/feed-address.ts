/** What can be said of a feed's address without asking anybody: whether it looks like one, and whether two are the same. */
import { parseUrl } from './parse-url.js';

/** Endings that feeds have and pages do not. */
const FEED_FILE = /\.(rss|atom|rdf|xml|json|jsonfeed)$/i;
/** Last steps of a path that name a feed in common software (WordPress, Blogger, Ghost, Drupal, Hugo, Discourse). */
const FEED_STEP = /^(feed|rss|rss2|atom|rdf)$/i;
/** `?feed=rss2`, `?format=rss`, `?alt=atom`, `?type=rss`. */
const FEED_PARAMETER = /^(feed|format|alt|type|output|view)$/i;
const FEED_VALUE = /^(rss|rss2|atom|rdf|rss_200|feed|jsonfeed)$/i;
/** A comments feed, by the way that blogs name it, in the languages that partners often write. */
const COMMENTS = /comment|kommentar|commentaire|comentario|commenti|reactie|replies/i;

/** Whether an address is as sure to be a feed's as an address can tell. A page may still answer there, and the other way round. */
export function looksLikeFeed(address: string): boolean {
  const url = parseUrl(address);
  if (url === null) return false;
  const step = lastStep(url);
  if (FEED_FILE.test(step) || FEED_STEP.test(step)) return true;
  return [...url.searchParams].some(([name, value]) => FEED_PARAMETER.test(name) && FEED_VALUE.test(value));
}

/** Whether an address or a title speaks of comments. */
export function isAboutComments(...texts: (string | undefined)[]): boolean {
  return texts.some((text) => text !== undefined && COMMENTS.test(text));
}

function lastStep(url: URL): string {
  return url.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

/** `www.` says nothing of whose a host is. Lower case, without port. */
export function siteHost(address: string): string | null {
  const host = parseUrl(address)?.hostname.replace(/\.$/, '');
  return host === undefined || host === '' ? null : host.replace(/^www\.(?=[^.]+\.)/, '');
}

/**
 * The spellings under which the same feed may be known: http and https, with and without `www.`, with and without the
 * final slash. At most eight, the given one (without fragment) first; none for what is no web address.
 */
export function addressSpellings(address: string): string[] {
  const url = parseUrl(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return [];
  url.hash = '';
  const given = url.href;
  const bare = url.hostname.replace(/^www\./, '');
  // Only names have a www; and only default ports are the same door under both schemes.
  const hosts = /^[\d.]+$|^\[/.test(bare) ? [url.hostname] : [bare, `www.${bare}`];
  const schemes = url.port === '' ? ['http:', 'https:'] : [url.protocol];
  const path = url.pathname.replace(/\/+$/, '');
  const paths = path === '' ? ['/'] : [path, `${path}/`];
  const port = url.port === '' ? '' : `:${url.port}`;
  const all = schemes.flatMap((scheme) =>
    hosts.flatMap((host) => paths.map((each) => `${scheme}//${host}${port}${each}${url.search}`)),
  );
  return [...new Set([given, ...all])];
}
