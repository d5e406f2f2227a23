/** Hands the clean document to rss-parser, the structural parser of feeds, and wraps what it finds. */
import RssParser from 'rss-parser';

import { type CanonicalDocument } from './canonical-xml.js';
import { FeedNode, type XmlElement } from './feed-node.js';

/** A rss-parser custom field: every element of the name, not only the first. */
type KeptField = [name: string, field: string, options: { keepArray: true }];

/**
 * The feed and its items, as rss-parser structured them. Only its parseString is used, never its network code; it is asked for
 * the elements that the document has, since it looks for every custom field in every item.
 */
export async function readStructure(document: CanonicalDocument): Promise<{ feed: FeedNode; items: FeedNode[] }> {
  // Under names of their own: rss-parser's fields (the first of each element) have the bare ones.
  const fields = Array.from(document.names, (name): KeptField => [name, `@${name}`, { keepArray: true }]);
  const parser = new RssParser<Record<string, XmlElement>, Record<string, XmlElement>>({
    // Its types know only names for a feed's fields; its code takes the same triples for both.
    customFields: { feed: fields as unknown as string[], item: fields },
  });
  const node = (record: Record<string, unknown>): FeedNode => {
    const element: Record<string, unknown> = {};
    for (const [name, field] of fields) if (record[field] !== undefined) element[name] = record[field];
    return new FeedNode(element, document.aside);
  };
  const { items, ...feed } = await parser.parseString(document.xml);
  return { feed: node(feed), items: items.map(node) };
}
