/** Finds who pushes a feed's changes and under which name: hub and topic (WebSub, 4). Pure. */
import type { ParsedFeed } from '#contracts/parsed-feed.js';
import { parseUrl } from '#domain/parse-url.js';
import type { NamedHub } from '#storage/followed-hub.repository.js';
import { linksOfHeader } from './link-header.js';

/** Longer addresses are nobody's, and would not fit into an index. */
const MAX_URL_LENGTH = 1_000;

/**
 * What the answer's Link headers name, else what the document does; null where there is no usable hub. Without a
 * `self` the topic is the address that answered. Of several hubs the first is taken: each of them pushes everything.
 */
export function discoverHub(
  headers: Record<string, string>,
  url: string,
  feed: Pick<ParsedFeed, 'hubs' | 'selfUrl'>,
): NamedHub | null {
  const links = linksOfHeader(headers['link'], url);
  const named = (relation: string) => links.filter(({ relations }) => relations.includes(relation)).map((l) => l.url);
  const hub = [...named('hub'), ...feed.hubs].find(usable);
  const topic = [...named('self'), feed.selfUrl, withoutFragment(url)].find(
    (address) => address !== undefined && usable(address),
  );
  return hub === undefined || topic === undefined ? null : { hub, topic };
}

function usable(address: string): boolean {
  const url = address.length <= MAX_URL_LENGTH ? parseUrl(address) : null;
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}
