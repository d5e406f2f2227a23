/** Puts the feeds of a page in order, and says whether one of them is the one to take: pure. */
import type { FeedCandidate, PageFeeds } from '#contracts/feed-preview.js';
import type { ParsedDocument } from '#contracts/parsed-feed.js';
import { canonicalUrl } from '#domain/canonical-url.js';
import { isAboutComments, siteHost } from '#domain/feed-address.js';

/** A feed that was found and read. `url` is where it answered; `asked` where the page said it is. */
export interface FoundFeed {
  url: string;
  asked: string;
  foundBy: FeedCandidate['foundBy'];
  title?: string | undefined;
  document: ParsedDocument;
}

/** An address that a page names as a feed's. */
export type NamedFeed = Pick<FeedCandidate, 'url' | 'foundBy'> & { title?: string | undefined };

/** Items compared to know one feed in two formats. */
const COMPARED = 10;
/**
 * Atom's ids and dates of change are obligatory and its texts say what they are (RFC 4287); RSS is what partners look
 * after best; JSON Feed is the one they forget.
 */
const FORMATS: readonly FeedCandidate['format'][] = ['atom', 'rss', 'json', 'rdf'];

interface Candidate {
  candidate: FeedCandidate;
  isOfPage: boolean;
  items: Set<string>;
}

/**
 * The candidates best first, one for each feed whatever its formats, and the one to add without asking, if there is one. `unread`
 * did not answer this time: of comments alone none is, while one of these may be what the page is for.
 */
export function chooseFeed(
  found: readonly FoundFeed[],
  pageUrl: string,
  unread: readonly NamedFeed[] = [],
): Omit<PageFeeds, 'unreadable'> {
  const groups = oneAFeed(distinct(found).map((feed) => candidateOf(feed, pageUrl)));
  const ordered = groups.toSorted((a, b) => weight(a) - weight(b));
  return { candidates: ordered.map(({ candidate }) => candidate), ...best(ordered, unread) };
}

function best(ordered: readonly Candidate[], unread: readonly NamedFeed[]): Pick<PageFeeds, 'best' | 'choice'> {
  if (ordered.length === 0) return { best: null, choice: 'The page names no feed that can be read.' };
  const main = ordered.filter(({ candidate }) => !candidate.isComments);
  const missing = unread.find(({ url, title }) => !isAboutComments(new URL(url).pathname, title));
  if (main.length === 0 && missing !== undefined)
    return { best: null, choice: `Only comments could be read: ${missing.url} did not answer this time.` };
  const rules: (readonly [readonly Candidate[], string])[] = [
    [ordered, 'It is the only feed of the page.'],
    [main, 'It is the only one that is not about comments.'],
    [main.filter(({ isOfPage }) => isOfPage), 'It is the only one that says it belongs to this page.'],
    [
      main.filter(({ candidate }) => candidate.foundBy !== 'anchor' && candidate.sameHost),
      'It is the only one that the page declares on its own host.',
    ],
    [main.filter(({ candidate }) => candidate.foundBy === 'link'), 'It is the only one that the page declares.'],
  ];
  for (const [left, why] of rules) if (left.length === 1) return { best: left[0]?.candidate.url ?? null, choice: why };
  return { best: null, choice: `The page has ${ordered.length} feeds with the same claim.` };
}

/** Lower is better; the page's own order decides between equals. */
function weight({ candidate, isOfPage }: Candidate): number {
  const { isComments, sameHost, foundBy, itemCount } = candidate;
  const found = { link: 0, 'known-site': 0, 'well-known': 1, anchor: 2 }[foundBy];
  return (
    Number(isComments) * 1_000 + Number(itemCount === 0) * 100 + Number(!isOfPage) * 20 + Number(!sameHost) * 10 + found
  );
}

function candidateOf({ url, asked, foundBy, title, document }: FoundFeed, pageUrl: string): Candidate {
  const { feed, items } = document;
  const dates = items.flatMap(({ published, updated }) => published ?? updated ?? []).sort();
  const newestAt = dates.at(-1);
  const name = feed.title ?? title;
  return {
    candidate: {
      url,
      ...(name !== undefined && { title: name.slice(0, 300) }),
      format: feed.format,
      itemCount: items.length,
      ...(newestAt !== undefined && { newestAt }),
      foundBy,
      isComments: isAboutComments(new URL(url).pathname, new URL(asked).pathname, title, feed.title),
      sameHost: siteHost(url) === siteHost(pageUrl),
      otherFormats: [],
    },
    isOfPage: feed.homeUrl !== undefined && canonicalUrl(feed.homeUrl) === canonicalUrl(pageUrl),
    items: new Set(items.slice(0, COMPARED).flatMap((item) => item.url ?? item.id ?? [])),
  };
}

/** The same address found twice counts once, in the better way of the two. */
function distinct(found: readonly FoundFeed[]): FoundFeed[] {
  const byAddress = new Map<string, FoundFeed>();
  for (const feed of found) {
    const self = feed.document.feed.selfUrl;
    const known = byAddress.get(feed.url) ?? (self === undefined ? undefined : byAddress.get(self));
    if (known === undefined) byAddress.set(feed.url, feed);
  }
  return [...byAddress.values()];
}

/** Feeds with the same items are one feed in several formats: the best format stands for it and names the others. */
function oneAFeed(candidates: readonly Candidate[]): Candidate[] {
  const groups: Candidate[][] = [];
  for (const each of candidates) {
    const group = groups.find(([first]) => first !== undefined && sameItems(first, each));
    if (group) group.push(each);
    else groups.push([each]);
  }
  return groups.flatMap((group) => {
    const [first, ...others] = group.toSorted((a, b) => format(a) - format(b));
    if (first === undefined) return [];
    const otherFormats = others.map(({ candidate }) => candidate.url);
    const declared = group.some(({ candidate }) => candidate.foundBy === 'link');
    const foundBy = declared ? ('link' as const) : first.candidate.foundBy;
    return [{ ...first, candidate: { ...first.candidate, foundBy, otherFormats } }];
  });
}

function format({ candidate }: Candidate): number {
  return FORMATS.indexOf(candidate.format);
}

function sameItems(a: Candidate, b: Candidate): boolean {
  if (a.candidate.isComments !== b.candidate.isComments) return false;
  const smaller = Math.min(a.items.size, b.items.size);
  const shared = [...a.items].filter((item) => b.items.has(item)).length;
  return smaller > 0 && shared * 2 > smaller && shared >= Math.min(2, smaller);
}
