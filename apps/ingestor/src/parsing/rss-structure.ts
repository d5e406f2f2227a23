/** Hands the clean document to rss-parser, the structural parser of feeds, and wraps what it finds. */
import RssParser from 'rss-parser';

import { type CanonicalDocument } from './canonical-xml.js';
import { type ElementRules, FEED_RULES, ITEM_RULES } from './element-rules.js';
import { FeedNode, fieldName, type XmlElement } from './feed-node.js';

/** Names that the canonical document has beside those of the rules. */
const WRITTEN = [
  'link',
  'atom:link',
  'xml:lang',
  'rdf:about',
  'updated',
  'description',
  'second-description',
  'category',
];

/** A rss-parser custom field: every element of the name, not only the first. */
type KeptField = [from: string, to: string, options: { keepArray: true }];

function fieldsOf(rules: ElementRules): KeptField[] {
  const names = new Set([...WRITTEN, ...Object.values(rules).map((rule) => rule.as)]);
  return [...names].map((name) => [name, fieldName(name), { keepArray: true }]);
}

/** Made once: building its fields costs more than a small feed. Only parseString of it is ever used, never its network code. */
const parser = new RssParser<Record<string, XmlElement>, Record<string, XmlElement>>({
  // Its types know only names for a feed's fields; its code takes the same triples for both.
  customFields: {
    feed: fieldsOf(FEED_RULES) as unknown as string[],
    item: fieldsOf(ITEM_RULES),
  },
});

/** The feed and its items, as rss-parser structured them. */
export async function readStructure(document: CanonicalDocument): Promise<{ feed: FeedNode; items: FeedNode[] }> {
  const { items, ...feed } = await parser.parseString(document.xml);
  return {
    feed: new FeedNode(feed, document.aside, true),
    items: items.map((item) => new FeedNode(item as XmlElement, document.aside, true)),
  };
}
