/** What an outline of a list means: a feed to add, a mistake to report, or nothing (a folder, a note). Pure. */
import { siteHost } from '#domain/feed-address.js';
import { homeKey, speaksFor } from '#domain/home-key.js';
import { parseUrl } from '#domain/parse-url.js';
import type { ListedFeed } from '#storage/feed-import.repository.js';
import { complaintAbout, storedUrl } from '../api/urls.js';
import type { Outline } from './opml-scanner.js';

export type Reading =
  { feed: Omit<ListedFeed, 'dueIn'> } | { complaint: string; url: string | null; title: string | null };

const MAX_URL_LENGTH = 2_000;
const MAX_TITLE_LENGTH = 300;
/** Types of outlines that are feeds (OPML 2.0, subscription lists, and what programs write instead). */
const FEED_TYPE = /^(rss|rss1|rss2|atom|atom10|feed|json|jsonfeed|rdf)\b/i;

/** Null for an outline that is not meant as a feed. */
export function readOutline({ attributes }: Outline): Reading | null {
  const type = (attributes.get('type') ?? '').trim();
  const title = titleOf(attributes);
  const isFeed = FEED_TYPE.test(type);
  const given = attributes.get('xmlurl') ?? (isFeed ? (attributes.get('url') ?? attributes.get('href')) : undefined);
  if (given === undefined) {
    if (isFeed) return { complaint: 'it has no xmlUrl', url: null, title };
    return /^include$/i.test(type)
      ? {
          complaint: 'lists inside a list are not followed: import that one too',
          url: attributes.get('url') ?? null,
          title,
        }
      : null;
  }
  const address = cleaned(given);
  const complaint = address.length > MAX_URL_LENGTH ? 'the address is too long' : complaintAbout(address);
  if (complaint !== undefined)
    return { complaint: `xmlUrl ${complaint}`, url: address.slice(0, MAX_URL_LENGTH), title };
  return { feed: { ...placeOf(storedUrl(address), attributes), title } };
}

/** Line breaks are never part of an address; `feed:` is how readers once registered themselves for http. */
function cleaned(text: string): string {
  return withoutZeros(text)
    .replace(/[\t\r\n]+/g, '')
    .trim()
    .replace(/^feed:(\/\/)?(?=https?:)/i, '')
    .replace(/^feed:\/\//i, 'http://');
}

/** The partner is the home page's site; where the list names none, or names none that is one, the feed's own. */
function placeOf(url: string, attributes: Map<string, string>): Omit<ListedFeed, 'dueIn' | 'title'> {
  const home = cleaned(attributes.get('htmlurl') ?? '');
  const homeUrl = home.length <= MAX_URL_LENGTH && complaintAbout(home) === undefined ? storedUrl(home) : null;
  for (const page of homeUrl === null ? [url] : [homeUrl, url]) {
    const site = homeKey(page);
    if (site !== null) return { url, homeUrl, site, siteUrl: siteUrl(page, site), proven: speaksFor(url, page) };
  }
  const host = siteHost(url) ?? url;
  return { url, homeUrl, site: host, siteUrl: new URL(url).origin, proven: true };
}

/** The site's root; on a host that many share, with the first part of the path. */
function siteUrl(page: string, site: string): string {
  const url = parseUrl(page);
  if (url === null) return page;
  const segment = site.includes('/') ? url.pathname.split('/').find((part) => part !== '') : undefined;
  return segment === undefined ? url.origin : `${url.origin}/${segment}`;
}

function titleOf(attributes: Map<string, string>): string | null {
  const texts = [attributes.get('title'), attributes.get('text')].map((text) =>
    withoutZeros(text ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return (
    texts
      .find((text) => text !== '')
      ?.slice(0, MAX_TITLE_LENGTH)
      .replace(/[\uD800-\uDBFF]$/, '') ?? null
  );
}

/** PostgreSQL stores no zero character. */
function withoutZeros(text: string): string {
  return text.replaceAll('\u0000', '');
}
