/** Names an element the way the rules do, whatever prefix and default namespace the document uses. */
import { type NamespaceScope, type Vocabulary, vocabularyOf } from './namespaces.js';

/** What decides which vocabulary unprefixed names belong to. */
export interface RootNames {
  isAtom: boolean;
  /** The root's default namespace, lower case. */
  address: string | undefined;
  /** The prefix of the root's own name, if any: whatever it stands for, it is the feed's. */
  prefix: string | undefined;
}

/** The key of an element in the rules: vocabulary and local name; the document's own vocabulary has no prefix. */
export function elementKey(name: string, scope: NamespaceScope, root: RootNames): string {
  let key = scope.keys.get(name);
  if (key === undefined) {
    key = computeKey(name, scope, root);
    if (scope.keys.size < 500) scope.keys.set(name, key);
  }
  return key;
}

function computeKey(name: string, scope: NamespaceScope, root: RootNames): string {
  const colon = name.indexOf(':');
  const local = colon === -1 ? name : name.slice(colon + 1);
  const vocabulary = colon === -1 ? unprefixed(scope, root) : prefixed(name.slice(0, colon), scope, root);
  // Items under a default namespace of their own are items all the same.
  if (vocabulary === 'other' && colon === -1 && (local === 'item' || local === 'entry')) return local;
  if (vocabulary === 'core' || (vocabulary === 'atom' && root.isAtom)) return local;
  return `${vocabulary}:${local}`;
}

function prefixed(prefix: string, scope: NamespaceScope, root: RootNames): Vocabulary {
  const vocabulary = scope.ofPrefix(prefix);
  return vocabulary === 'other' && prefix === root.prefix ? 'core' : vocabulary;
}

function unprefixed(scope: NamespaceScope, root: RootNames): Vocabulary {
  const address = scope.defaultAddress;
  if (address === undefined) return 'core';
  // A default namespace declared deeper down means what it says; the root's own is the feed's, whatever was invented for it
  // (some RSS declares Atom or XHTML as its default and goes on in RSS).
  return address === root.address ? 'core' : vocabularyOf(address);
}

/** An inline element's name without the prefix of XHTML; foreign prefixes stay. */
export function inlineName(name: string, scope: NamespaceScope): string {
  const colon = name.indexOf(':');
  return colon !== -1 && scope.ofPrefix(name.slice(0, colon)) === 'xhtml' ? name.slice(colon + 1) : name;
}
