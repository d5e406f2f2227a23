/** Rewrites any feed in XML as a clean document: one pass over the scanner's events, repairing as it goes. */
import { type Aside, CanonicalWriter } from './canonical-writer.js';
import { harmlessEntities } from './doctype.js';
import { elementKey, inlineName, type RootNames } from './element-key.js';
import { type ElementRule, type ElementRules, FEED_RULES, ITEM_RULES } from './element-rules.js';
import { ElementWriter } from './element-writer.js';
import { feedRoot } from './feed-root.js';
import { LIMITS } from './limits.js';
import { MarkupCapture } from './markup-capture.js';
import { NamespaceScope } from './namespaces.js';
import { OpenElement } from './open-element.js';
import { type ProblemLog } from './problem-log.js';
import { absoluteUrl } from './resolve-url.js';
import { endsOpenText } from './unclosed-text.js';
import { type Attributes, scanXml, type XmlHandler } from './xml-scanner.js';
import { ReferenceDecoder } from './xml-text.js';

/** The clean document, and what the mappers need beside it. `root` undefined: nothing in it looks like a feed. */
export interface CanonicalDocument {
  root: 'rss' | 'rdf' | 'atom' | undefined;
  firstElement: string | undefined;
  xml: string;
  /** Names of the elements in `xml`. */
  names: ReadonlySet<string>;
  aside: Aside;
}

/** More of one text is not even decoded: references shrink, so this gives at least LIMITS.textLength in all but absurd texts. */
const MAX_RAW = 5 * LIMITS.textLength;
/** HTML that stands inside texts. */
const INLINE = /^(a|b|i|em|strong|span|font)$/i;
const NO_RULES: ElementRules = {};
/** `documentUrl` resolves a relative xml:base. Never throws: what cannot be read is left out and noted. */
export function canonicalXml(source: string, documentUrl: string, problems: ProblemLog): CanonicalDocument {
  const canonicaliser = new Canonicaliser(documentUrl, problems);
  const completed = scanXml(source, canonicaliser);
  return canonicaliser.finish(completed);
}

/** No feed's root is longer; what is longer is only named in a message. */
const MAX_NAME_SHOWN = 200;

class Canonicaliser implements XmlHandler {
  private readonly document = new CanonicalWriter();
  private decoder = new ReferenceDecoder(new Map());
  private readonly decode = (raw: string): string => this.decoder.decode(raw);
  private readonly writer: ElementWriter;
  private readonly stack: OpenElement[] = [];
  private root: CanonicalDocument['root'];
  private rootNames: RootNames = { isAtom: false, address: undefined, prefix: undefined };
  private firstElement: string | undefined;
  private tags = 0;

  constructor(
    private readonly documentUrl: string,
    private readonly problems: ProblemLog,
  ) {
    this.writer = new ElementWriter(this.document, problems, this.decode);
  }

  doctype(subset: string): void {
    this.decoder = new ReferenceDecoder(harmlessEntities(subset, this.problems));
  }

  unclosedCdata(): void {
    this.problems.note('unclosed-element', 'CDATA');
  }

  open(name: string, attributes: Attributes, selfClosing: boolean): boolean {
    this.firstElement ??= name.slice(0, MAX_NAME_SHOWN);
    if (++this.tags > LIMITS.tags) {
      this.problems.note('too-many-elements', LIMITS.tags);
      return false;
    }
    const top = this.stack.at(-1);
    if (!top) return this.openRoot(name, attributes, selfClosing);
    if (top.role === 'capture' || top.role === 'skip') {
      const key = elementKey(name, top.scope, this.rootNames);
      if (!endsOpenText(top, this.stack.at(-2)?.role, name, key, this.rootNames.isAtom)) {
        this.openInside(top, name, attributes, selfClosing);
        return true;
      }
      // A wrapper that is left for the items inside it needs no mention.
      if (top.role === 'capture') this.problems.note('unclosed-element', top.name);
      this.pop();
      return this.open(name, attributes, selfClosing);
    }
    const scope = attributes.isEmpty ? top.scope : top.scope.with(attributes.all);
    const key = elementKey(name, scope, this.rootNames);
    if ((key === 'item' || key === 'entry') && !this.isStrayItem(selfClosing, attributes))
      return this.openItem(name, scope, attributes, selfClosing);
    if (top.role === 'feed' && key === 'channel') this.openFeed(name, scope, attributes);
    else this.openKnown(name, top.rules[key], scope, attributes);
    if (selfClosing) this.pop();
    return true;
  }

  close(name: string): boolean {
    const top = this.stack.at(-1);
    if (!top) return true;
    const isLeaf = top.role === 'capture' || top.role === 'skip';
    if (isLeaf && top.name === name && top.nested === 0) {
      this.pop();
      return true;
    }
    const at = isLeaf && top.name === name ? -1 : this.openAt(name);
    const target = this.stack[at];
    // Inside captured markup only the end of the item or the feed is not the markup's own.
    if (!target || (top.role === 'capture' && target.role === 'struct')) {
      if (isLeaf && top.name === name) top.nested--;
      top.capture?.close(inlineName(name, top.scope));
      return true;
    }
    if (target !== top) {
      this.problems.note('unclosed-element', top.name);
    }
    while (this.stack.length > at) this.pop();
    return true;
  }

  /** Index of the nearest open element of that name, or -1; runs for every end tag inside a content. */
  private openAt(name: string): number {
    let at = this.stack.length - 1;
    while (at >= 0 && (this.stack[at]?.name !== name || this.stack[at]?.role === 'skip')) at--;
    return at;
  }

  text(raw: string, isCdata: boolean): boolean {
    const top = this.stack.at(-1);
    if (top?.capture) {
      if (!top.capture.isFull()) top.capture.text(isCdata ? raw : this.decode(raw.slice(0, MAX_RAW)));
      return true;
    }
    // A name may be marked up: <author>by <a href="/jane">Jane</a></author>.
    const owner = top?.role === 'skip' && INLINE.test(top.name) ? this.stack.at(-2) : top;
    if (owner?.role === 'struct') {
      if (owner.ownText.length < 10_000) owner.ownText += isCdata ? raw : this.decode(raw);
    } else if (this.firstElement === undefined && raw.trim() !== '') this.noteJunk();
    return true;
  }

  /** `completed` is false when the limit of items ended the scan. */
  finish(completed: boolean): CanonicalDocument {
    if (this.stack.length > 0 && completed) this.endTruncated();
    if (this.decoder.metHtmlEntity) {
      this.problems.note('html-entity');
    }
    const { root, firstElement, document } = this;
    return {
      root,
      firstElement,
      xml: document.document(root === 'atom' ? 'feed' : 'rss'),
      names: document.names,
      aside: document.aside,
    };
  }

  /** The document ends inside elements: an item that is not whole is dropped; of an only item the whole parts are kept. */
  private endTruncated(): void {
    const cut = this.stack.at(-1);
    const inItem = this.stack.some((each) => each.role === 'item');
    this.problems.note('truncated', cut?.name);
    if (inItem && this.document.itemCount > 0) return this.document.endItem(false);
    if (inItem && cut?.role === 'capture') this.stack.pop();
    while (this.stack.length > 0) this.pop();
  }

  private noteJunk(): void {
    this.problems.note('junk-before-xml');
  }

  private openRoot(name: string, attributes: Attributes, selfClosing: boolean): boolean {
    const scope = NamespaceScope.empty.with(attributes.all);
    const root = feedRoot(name, scope, attributes, this.firstElement === 'html');
    if (!root) return true;
    // What follows a feed that was closed too early, or a second document behind it, is read as part of the first.
    if (this.root === undefined) {
      if (name !== this.firstElement) this.noteJunk();
      this.root = root.format;
      this.writer.dialect = root.dialect;
      const prefix = name.includes(':') ? name.slice(0, name.indexOf(':')) : undefined;
      this.rootNames = { isAtom: root.format === 'atom', address: scope.defaultAddress, prefix };
    }
    if (root.isItem) return this.openItem(name, scope, attributes, selfClosing);
    this.openFeed(name, scope, attributes);
    if (selfClosing) this.pop();
    return true;
  }

  private openFeed(name: string, scope: NamespaceScope, attributes: Attributes): void {
    this.push(name, 'feed', scope, FEED_RULES, undefined, attributes);
    this.writer.ownAttributes(attributes);
  }

  /** An empty item inside an item is somebody's slip: what follows still belongs to the outer one. */
  private isStrayItem(selfClosing: boolean, attributes: Attributes): boolean {
    return selfClosing && attributes.isEmpty && this.stack.some((each) => each.role === 'item');
  }

  private openItem(name: string, scope: NamespaceScope, attributes: Attributes, selfClosing: boolean): boolean {
    // An item inside an item: the end tag of the first was forgotten.
    const open = this.stack.findLastIndex((each) => each.role === 'item');
    while (open !== -1 && this.stack.length > open) this.pop();
    if (this.document.itemCount >= LIMITS.items || this.document.isExhausted) {
      this.problems.note('too-many-items', this.document.itemCount);
      return false;
    }
    this.writer.startItem();
    this.push(name, 'item', scope, ITEM_RULES, undefined, attributes);
    this.writer.ownAttributes(attributes);
    if (selfClosing) this.pop();
    return true;
  }

  private openKnown(name: string, rule: ElementRule | undefined, scope: NamespaceScope, attributes: Attributes): void {
    if (rule && this.document.isFull) {
      this.problems.note('too-many-elements', LIMITS.elementsOfItem);
    }
    if (!rule || this.document.isFull) this.push(name, 'skip', scope, NO_RULES, undefined, attributes);
    else if (rule.form === 'struct') {
      const element = this.push(name, 'struct', scope, rule.children ?? NO_RULES, rule, attributes);
      this.writer.openStruct(element, rule);
    } else this.push(name, 'capture', scope, NO_RULES, rule, attributes).capture = new MarkupCapture();
  }

  /** An element inside captured or skipped ones. */
  private openInside(top: OpenElement, name: string, attributes: Attributes, selfClosing: boolean): void {
    if (name === top.name && !selfClosing) top.nested++;
    if (!top.capture || top.capture.isFull()) return;
    if (!attributes.isEmpty) {
      const base = attributes.all.get('xml:base');
      if (base && !top.capture.hasTags) top.base = this.baseFrom(base, top.base);
      top.scope = top.scope.with(attributes.all);
    }
    top.capture.open(inlineName(name, top.scope), attributes, selfClosing, this.decode);
  }

  private push(
    name: string,
    role: OpenElement['role'],
    scope: NamespaceScope,
    rules: ElementRules,
    rule: ElementRule | undefined,
    attributes: Attributes,
  ): OpenElement {
    const outer = this.stack.at(-1)?.base;
    const given = attributes.isEmpty ? undefined : attributes.all.get('xml:base');
    const base = given === undefined ? outer : this.baseFrom(given, outer);
    const element = new OpenElement(name, role, scope, rules, rule, attributes, base);
    this.stack.push(element);
    return element;
  }

  private pop(): void {
    const element = this.stack.pop();
    if (!element) return;
    const { role, rule, capture } = element;
    if (role === 'item') this.document.endItem(true);
    else if (role === 'struct' && rule) this.writer.closeStruct(element, rule);
    else if (capture && rule) this.writer.captured(element, rule, capture, this.stack.at(-1)?.role);
  }

  private baseFrom(given: string, outer: string | undefined): string | undefined {
    return absoluteUrl(this.decode(given), outer ?? this.documentUrl) ?? outer;
  }
}
