/** Chooses among the links of a feed or an item: which is the page, which the feed itself, which a hub. */
import { type FeedNode } from './feed-node.js';
import { absoluteUrl } from './resolve-url.js';

/** A link's relation, short form (RFC 4287, 4.2.7.2: IANA's registry may be spelt out). */
function relationOf(link: FeedNode): string {
  const rel = (link.attribute('rel') ?? 'alternate').trim().toLowerCase();
  return rel.replace(/^https?:\/\/www\.iana\.org\/assignments\/(link-)?relations?\//, '');
}

/** All links in Atom's form, also those that RSS carries. */
export function atomLinks(node: FeedNode): FeedNode[] {
  return node.all('link', 'atom:link').filter((link) => link.attribute('href') !== undefined);
}

/** The address of the first link of a relation, absolute. Pages are preferred to other representations of the same. */
export function linkTo(links: FeedNode[], relation: string, base: string | undefined): string | undefined {
  return linksTo(links, relation, base)[0];
}

/** The addresses of all links of a relation, HTML pages first. */
export function linksTo(links: FeedNode[], relation: string, base: string | undefined): string[] {
  const found = links.filter((link) => relationOf(link).split(/\s+/).includes(relation));
  const isPage = (link: FeedNode): boolean => /^$|html/i.test(link.attribute('type') ?? '');
  return [...found.filter(isPage), ...found.filter((link) => !isPage(link))].flatMap((link) => {
    return absoluteUrl(link.attribute('href') ?? '', link.base ?? base) ?? [];
  });
}

/** The address of the licence that a feed or an item is under, where it names one: Creative Commons module, rel="license". */
export function licenceOf(node: FeedNode, links: FeedNode[]): string | undefined {
  return (
    node.first(['license'], (each) => absoluteUrl(each.text || (each.attribute('rdf:resource') ?? ''), undefined)) ??
    linkTo(links, 'license', undefined)
  );
}

/** The address that an RSS link's text gives, absolute. */
export function textLink(node: FeedNode, base: string | undefined): string | undefined {
  return node.first(['link'], (link) =>
    link.attribute('href') === undefined ? absoluteUrl(link.text, link.base ?? base) : undefined,
  );
}
