/** What a feed says of itself that the `feed` package cannot: hubs, archives (RFC 5005), tombstones (RFC 6721). */
import { CONTENT_TYPES } from './feed-address.js';
import type { FeedDocument, Tombstone } from './feed-document.js';
import type { FeedEntry } from './feed-entry.js';
import { element, optional } from './xml-element.js';

export const HISTORY_NAMESPACE = 'xmlns:fh="http://purl.org/syndication/history/1.0"';
export const TOMBSTONE_NAMESPACE = 'xmlns:at="http://purl.org/atompub/tombstones/1.0"';

/** The feed's links and its mark as an archive. `prefix` is `atom:` where the document is RSS. */
export function headMarkup(document: FeedDocument, prefix: '' | 'atom:'): string {
  const type = (prefix === '' ? CONTENT_TYPES.atom : CONTENT_TYPES.rss).split(';')[0];
  const link = (rel: string, href: string | undefined, media?: string): string =>
    href === undefined ? '' : element(`${prefix}link`, { rel, href, type: media });
  return [
    document.currentUrl === undefined ? '' : element('fh:archive', {}),
    ...document.hubs.map((hub) => link('hub', hub)),
    link('current', document.currentUrl, type),
    link('prev-archive', document.previousUrl, type),
  ].join('');
}

/** Atom alone has a word for what is gone. An aggregator's tombstone has to name the source (RFC 6721, 3). */
export function tombstones(document: FeedDocument): string {
  return document.gone.map((gone) => tombstone(gone)).join('');
}

function tombstone({ ref, when, comment, source }: Tombstone): string {
  const inner = optional('at:comment', comment) + sourceMarkup(source, undefined, when);
  return element('at:deleted-entry', { ref, when: when.toISOString() }, inner);
}

/** id, title and updated are what W3C's validator asks of a source; the partner's feed is the id where it is known. */
export function sourceMarkup(
  { name, url, feedUrl }: FeedEntry['source'],
  originalUrl: string | undefined,
  updated: Date,
): string {
  const id = feedUrl ?? url ?? originalUrl;
  if (id === undefined) return '';
  const links = [
    feedUrl === undefined ? '' : element('link', { rel: 'self', href: feedUrl }),
    url === undefined ? '' : element('link', { rel: 'alternate', href: url }),
  ];
  const facts = [optional('id', id), optional('title', name), optional('updated', updated.toISOString())];
  return element('source', {}, [...facts, ...links].join(''));
}
