/** Tells by its first known element which kind of feed a document is. */
import { type NamespaceScope, vocabularyOf } from './namespaces.js';
import { type Attributes } from './xml-scanner.js';

/** Whose rules hold for texts: RSS of any version, Atom 0.3 or Atom 1.0. */
export type Dialect = 'rss' | 'atom03' | 'atom10';

/** What a root says. `isItem`: the document begins with an item, without a feed around it. */
export interface FeedRoot {
  format: 'rss' | 'rdf' | 'atom';
  dialect: Dialect;
  isItem: boolean;
}

/** `channel` alone is Microsoft's CDF, and RSS that lost its root. */
const FORMATS = new Map<string, FeedRoot['format']>([
  ['rss', 'rss'],
  ['rdf', 'rdf'],
  ['channel', 'rss'],
  ['item', 'rss'],
  ['feed', 'atom'],
  ['entry', 'atom'],
]);

/** Names that no page has; in one, a `feed` counts only by its namespace. */
const PAGE_ROOTS = new Set(['rss', 'rdf']);

/** The root that this element is, whatever its prefix, or undefined. In an HTML page only names that HTML lacks count. */
export function feedRoot(
  name: string,
  scope: NamespaceScope,
  attributes: Attributes,
  inPage: boolean,
): FeedRoot | undefined {
  const local = name.slice(name.indexOf(':') + 1);
  const format = FORMATS.get(local);
  if (format === undefined || (inPage && !PAGE_ROOTS.has(local) && !isAtom(name, scope, attributes))) return undefined;
  const dialect = format !== 'atom' ? 'rss' : isAtom03(name, scope, attributes) ? 'atom03' : 'atom10';
  return { format, dialect, isItem: local === 'item' || local === 'entry' };
}

/** Whether the root is Atom 0.3's: by its namespace, or by its version where the namespace is invented. */
function isAtom03(name: string, scope: NamespaceScope, attributes: Attributes): boolean {
  if (/2005\/atom/i.test(addressOf(name, scope, attributes))) return false;
  return isAtom(name, scope, attributes) || (attributes.all.get('version') ?? '').startsWith('0.');
}

function isAtom(name: string, scope: NamespaceScope, attributes: Attributes): boolean {
  return vocabularyOf(addressOf(name, scope, attributes)) === 'atom';
}

/** The namespace that the element declares for its own name. */
function addressOf(name: string, scope: NamespaceScope, attributes: Attributes): string {
  const prefix = name.includes(':') ? `xmlns:${name.slice(0, name.indexOf(':'))}` : 'xmlns';
  return attributes.all.get(prefix) ?? scope.defaultAddress ?? '';
}
