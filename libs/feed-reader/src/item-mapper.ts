/** Maps one item of RSS or entry of Atom, as rss-parser structured it, to our item. */
import { type ParsedAuthor, type ParsedItem, type ParsedSource } from '#contracts/parsed-feed.js';

import { absoluteHtml } from './absolute-html.js';
import { categoriesOf } from './categories.js';
import { withoutGaps } from './feed-mapper.js';
import { type FeedNode } from './feed-node.js';
import { languageTag } from './language-tag.js';
import { atomLinks, licenceOf, linkTo, textLink } from './links.js';
import { mediaOfItem } from './media-of-item.js';
import { peopleOf } from './people.js';
import { type ProblemLog } from './problem-log.js';
import { absoluteUrl, wholeId } from './resolve-url.js';

const TITLE = ['title', 'atom:title', 'dc:title', 'itunes:title', 'media:title'];
const SUMMARY = [
  'description',
  'summary',
  'atom:summary',
  'dc:description',
  'itunes:summary',
  'itunes:subtitle',
  'subtitle',
  'googleplay:description',
  'media:description',
];
const CONTENT = ['content:encoded', 'content', 'atom:content', 'second-description'];
const AUTHORS = ['author', 'atom:author', 'dc:creator'];
const PODCAST_AUTHORS = ['itunes:author', 'googleplay:author'];
const PUBLISHED = [
  'published',
  'pubDate',
  'issued',
  'atom:published',
  'dcterms:issued',
  'dcterms:available',
  'prism:publicationDate',
  'dc:date',
  'created',
  'dcterms:created',
];
const UPDATED = ['updated', 'modified', 'atom:updated', 'dcterms:modified', 'dc:date'];
const RIGHTS = ['rights', 'copyright', 'dc:rights', 'atom:rights', 'media:copyright'];

/** What an item inherits or needs of its feed. */
export interface ItemContext {
  isAtom: boolean;
  /** Address of the document, for relative addresses without xml:base. */
  documentUrl: string;
  homeUrl: string | undefined;
  /** Atom only: authors of an entry that names none (RFC 4287, 4.2.1). */
  feedAuthors: ParsedAuthor[];
  problems: ProblemLog;
  index: number;
}

export function mapItem(item: FeedNode, context: ItemContext): ParsedItem {
  const { documentUrl } = context;
  const links = atomLinks(item);
  const base = context.isAtom ? documentUrl : documentUrl || context.homeUrl;
  const url = urlOf(item, links, context, base);
  // RSS has no base of its own: what a content points to is beside the page it was written for.
  const contentBase = context.isAtom ? documentUrl : (url ?? context.homeUrl ?? documentUrl);
  const html = (names: readonly string[]): string | undefined =>
    withGroup(item)
      .map((each) => each.first(names, (node) => absoluteHtml(node.html, node.base ?? contentBase)))
      .find(Boolean);
  const summary = html(SUMMARY);
  const content = html(CONTENT);
  const published = item.last(PUBLISHED) ?? item.last(UPDATED);
  const rights = item.first(RIGHTS, (node) => node.plain) ?? licenceOf(item, links);
  return withoutGaps({
    id: idOf(item, context),
    url,
    externalUrl: links.length > 0 ? elsewhere(url, links, base, context.homeUrl) : undefined,
    title: withGroup(item)
      .map((each) => each.first(TITLE, (node) => node.plain))
      .find(Boolean),
    summary,
    content,
    authors: authorsOf(item, context, base),
    published,
    updated: item.last(UPDATED),
    categories: categoriesOf(item),
    media: mediaOfItem(item, links, base ?? url),
    language: languageOf(item),
    rights,
    source: sourceOf(item, base),
    comments: item.first(['comments'], (node) => absoluteUrl(node.text, base)) ?? linkTo(links, 'replies', base),
  });
}

/** The item, then its media groups: titles and descriptions may stand only there (YouTube). */
function withGroup(item: FeedNode): FeedNode[] {
  return [item, ...item.all('media:group')];
}

function idOf(item: FeedNode, { isAtom, documentUrl }: ItemContext): string | undefined {
  return item.first(['guid', 'id', 'atom:id', 'rdf:about', 'dc:identifier'], (node) =>
    isAtom ? wholeId(node, documentUrl) : node.text,
  );
}

/** What the item is about, at another site: link blogs name it as related or via, or as the link itself beside their own page. */
function elsewhere(
  url: string | undefined,
  links: FeedNode[],
  base: string | undefined,
  homeUrl: string | undefined,
): string | undefined {
  const named = linkTo(links, 'related', base) ?? linkTo(links, 'via', base);
  if (named === undefined || url === undefined || homeUrl === undefined) return named;
  const isOurs = (address: string): boolean => URL.canParse(address) && new URL(address).host === new URL(homeUrl).host;
  return isOurs(named) && !isOurs(url) ? url : named;
}

/** The item's page: what a proxy replaced, RSS link, Atom alternate, a guid or id that is an address. */
function urlOf(item: FeedNode, links: FeedNode[], context: ItemContext, base: string | undefined): string | undefined {
  const guid = (node: FeedNode): string | undefined => {
    const isLink = node.attribute('ispermalink')?.trim().toLowerCase() !== 'false';
    const relative = node.attribute('ispermalink') !== undefined ? base : undefined;
    return isLink ? webAddress(absoluteUrl(node.text, node.base ?? relative)) : undefined;
  };
  const url =
    item.first(['origLink'], (node) => absoluteUrl(node.text, base)) ??
    textLink(item, base) ??
    linkTo(links, 'alternate', base) ??
    item.first(['guid'], guid) ??
    item.first(['rdf:about', 'id', 'atom:id'], (node) => webAddress(absoluteUrl(node.text, undefined)));
  const written = url === undefined ? item.first(['link'], (node) => node.text) : undefined;
  if (written) {
    context.problems.note('unusable-link', written, context.index);
  }
  return url;
}

function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:/i.test(url) ? url : undefined;
}

/** The item's authors, else its source's, else in Atom the feed's (RFC 4287, 4.2.1). */
function authorsOf(item: FeedNode, context: ItemContext, base: string | undefined): ParsedAuthor[] {
  const own = peopleOf(item, AUTHORS, base);
  if (own.length > 0) return own;
  const podcast = peopleOf(item, PODCAST_AUTHORS, base);
  if (podcast.length > 0 || !context.isAtom) return podcast;
  const inherited = item.all('source').flatMap((source) => peopleOf(source, AUTHORS, base));
  return inherited.length > 0 ? inherited : context.feedAuthors;
}

/** The item's own language: what it says, or xml:lang on it or on its texts. */
function languageOf(item: FeedNode): string | undefined {
  const said = item.first(['dc:language', 'language', 'xml:lang'], (node) => languageTag(node.text));
  return said ?? item.first([...CONTENT, ...TITLE, ...SUMMARY], (node) => languageTag(node.attribute('lang')));
}

/** RSS's source (text and the address of its feed), atom:source (a feed's metadata), or dc:source. */
function sourceOf(item: FeedNode, base: string | undefined): ParsedSource | undefined {
  const named = item.first(['source'], (node) => {
    const links = atomLinks(node);
    const given = absoluteUrl(node.attribute('url') ?? '', node.base ?? base);
    const title = node.first(['title'], (each) => each.plain) ?? (node.name || undefined);
    const url = given ?? linkTo(links, 'alternate', base);
    const feedUrl =
      linkTo(links, 'self', base) ??
      (given !== undefined && /(\.(xml|rss|rdf|atom|json)|\/(feed|rss|atom)\/?)(\?.*)?$/i.test(given)
        ? given
        : undefined);
    const source = withoutGaps({ title, url, feedUrl });
    return Object.keys(source).length > 0 ? source : undefined;
  });
  return (
    named ??
    item.first(['dc:source'], (node) => {
      const url = webAddress(absoluteUrl(node.text, undefined));
      return url !== undefined ? { url } : node.name === '' ? undefined : { title: node.name };
    })
  );
}
