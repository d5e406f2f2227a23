/** Our own feeds as WebSub topics: read from the address that their self link says. */
import { parseUrl } from '#domain/parse-url.js';
import { type FeedFormat, feedPath, type FeedTopic, parseFeedFile, tagTopic } from '../feeds/feed-address.js';
import { isEmpty, readSearch } from '../serving/asked-search.js';

/** Undefined unless it is, letter by letter, the self link of one of our feeds. */
export function parseTopic(address: string, publicUrl: string): { topic: FeedTopic; format: FeedFormat } | undefined {
  const base = new URL(`${publicUrl}/feeds/`).href;
  const url = parseUrl(address);
  if (url === null || !url.href.startsWith(base)) return undefined;
  try {
    const parts = (url.origin + url.pathname).slice(base.length).split('/').map(decodeURIComponent);
    const file = parseFeedFile(parts.at(-1) ?? '');
    const topic = file && topicOf(parts, file.slug, url.searchParams);
    if (file === undefined || topic === undefined) return undefined;
    return new URL(publicUrl + feedPath(topic, file.format)).href === address
      ? { topic, format: file.format }
      : undefined;
  } catch {
    // A percent sign that encodes nothing.
    return undefined;
  }
}

function topicOf(parts: string[], slug: string, query: URLSearchParams): FeedTopic | undefined {
  const { asked, problems } = readSearch(slug === 'search' ? Object.fromEntries(query) : {});
  if (problems.length > 0) return undefined;
  if (parts.length === 1 && !isEmpty(asked)) return { kind: 'search', ...asked };
  if (parts.length === 1) return { kind: 'channel', slug };
  if (parts.length === 2 && parts[0] === 'partner') return { kind: 'partner', slug };
  return parts.length === 3 && parts[0] === 'tag' ? tagTopic(parts[1] ?? '', slug) : undefined;
}
