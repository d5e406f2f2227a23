/** Maps the channel of RSS or the feed of Atom, as rss-parser structured it, to our feed. */
import { type ParsedFeed } from '#contracts/parsed-feed.js';

import { categoriesOf } from './categories.js';
import { type FeedNode } from './feed-node.js';
import { languageTag } from './language-tag.js';
import { atomLinks, licenceOf, linksTo, linkTo, textLink } from './links.js';
import { peopleOf } from './people.js';
import { absoluteUrl, wholeId } from './resolve-url.js';
import { scheduleHints } from './schedule-hints.js';

const TITLE = ['title', 'atom:title', 'dc:title', 'itunes:title'];
const SUBTITLE = [
  'description',
  'subtitle',
  'atom:subtitle',
  'dc:description',
  'itunes:subtitle',
  'itunes:summary',
  'googleplay:description',
];
const AUTHORS = ['author', 'atom:author', 'dc:creator', 'managingEditor'];
/** Who is named where no author is, in this order. */
const OTHER_AUTHORS = [['itunes:author', 'googleplay:author', 'itunes:owner'], ['webMaster']];
const PUBLISHED = ['published', 'pubDate', 'issued', 'atom:published', 'dcterms:issued', 'dcterms:available'];
const UPDATED = ['updated', 'lastBuildDate', 'modified', 'atom:updated', 'dcterms:modified', 'dc:date'];
const RIGHTS = ['rights', 'copyright', 'dc:rights', 'atom:rights', 'media:copyright'];

/** The feed. `documentUrl` is where it was fetched; relative addresses are resolved against xml:base, else against it. */
export function mapFeed(feed: FeedNode, format: ParsedFeed['format'], documentUrl: string): ParsedFeed {
  const links = atomLinks(feed);
  const url = (names: readonly string[]): string | undefined =>
    feed.first(names, (node) => {
      const value =
        node.attribute('href') ?? node.attribute('url') ?? node.first(['url'], (child) => child.text) ?? node.text;
      return absoluteUrl(value || (node.attribute('rdf:resource') ?? ''), node.base ?? documentUrl);
    });
  const imageAddress = (image: FeedNode): string | undefined =>
    image.first(['url'], (node) => absoluteUrl(node.text, node.base ?? documentUrl));
  const authors = [AUTHORS, ...OTHER_AUTHORS]
    .map((names) => peopleOf(feed, names, documentUrl))
    .find((people) => people.length > 0);
  const plain = (names: readonly string[]): string | undefined => feed.first(names, (node) => node.plain);
  return withoutGaps({
    format,
    id: feed.first(['id', 'atom:id', 'dc:identifier'], (node) =>
      format === 'atom' ? wholeId(node, documentUrl) : node.text,
    ),
    title: plain(TITLE),
    subtitle: plain(SUBTITLE),
    homeUrl: textLink(feed, documentUrl) ?? linkTo(links, 'alternate', documentUrl),
    selfUrl: linkTo(links, 'self', documentUrl),
    hubs: [...new Set(linksTo(links, 'hub', documentUrl))],
    icon: url(['icon']),
    // In RSS 1.0 the channel only points to its image, which says the address itself.
    image: feed.first(['image'], imageAddress) ?? url(['image', 'logo', 'itunes:image']),
    language:
      feed.first(['language', 'dc:language'], (node) => languageTag(node.text)) ?? languageTag(feed.last(['xml:lang'])),
    rights: plain(RIGHTS) ?? licenceOf(feed, links),
    authors: authors ?? [],
    categories: categoriesOf(feed),
    published: feed.last(PUBLISHED),
    updated: feed.last(UPDATED),
    schedule: scheduleHints(feed),
  });
}

/** A record's type once its undefined fields are left out. */
type WithoutGaps<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The record without its undefined fields. */
export function withoutGaps<T extends object>(record: T): WithoutGaps<T> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) if (value !== undefined) kept[key] = value;
  return kept as WithoutGaps<T>;
}
