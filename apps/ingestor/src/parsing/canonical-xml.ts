/** Rewrites any feed in XML as a clean document: one pass over the scanner's events, repairing as it goes. */
import { CanonicalWriter } from './canonical-writer.js';
import { harmlessEntities } from './doctype.js';
import { type ElementRule, type ElementRules, FEED_RULES, ITEM_RULES } from './element-rules.js';
import { LIMITS } from './limits.js';
import { MarkupCapture } from './markup-capture.js';
import { NamespaceScope, vocabularyOf } from './namespaces.js';
import { parseDate } from './parse-date.js';
import { type ProblemLog } from './problem-log.js';
import { absoluteUrl } from './resolve-url.js';
import { textConstruct } from './text-construct.js';
import { type Attributes, scanXml, type XmlHandler } from './xml-scanner.js';
import { ReferenceDecoder } from './xml-text.js';

/** The clean document, and what the mappers need beside it. `root` undefined: nothing in it looks like a feed. */
export interface CanonicalDocument {
  root: 'rss' | 'rdf' | 'atom' | undefined;
  firstElement: string | undefined;
  version: string | undefined;
  xml: string;
  aside: CanonicalWriter['aside'];
}

/** One open element. `feed` and `item` hold rules for children, `capture` collects its inside, `skip` ignores it. */
interface Frame {
  name: string;
  role: 'feed' | 'item' | 'struct' | 'capture' | 'skip';
  scope: NamespaceScope;
  /** xml:base in force (XML Base, section 3), undefined when none was given. */
  base: string | undefined;
  rules: ElementRules;
  rule?: ElementRule;
  attributes?: ReadonlyMap<string, string>;
  capture?: MarkupCapture;
  /** Elements of the same name open inside a captured or skipped one. */
  nested: number;
  /** Text of a struct. */
  ownText: string;
}

const NO_RULES: ElementRules = {};
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** Elements that end a text element somebody forgot to close; no HTML element is among them. */
const SIBLINGS = new Set([
  'guid',
  'pubdate',
  'description',
  'enclosure',
  'content:encoded',
  'dc:creator',
  'dc:date',
  'updated',
  'published',
  'issued',
]);

export function canonicalXml(source: string, documentUrl: string, problems: ProblemLog): CanonicalDocument {
  const canonicaliser = new Canonicaliser(documentUrl, problems);
  const completed = scanXml(source, canonicaliser);
  return canonicaliser.finish(completed);
}

class Canonicaliser implements XmlHandler {
  private readonly writer = new CanonicalWriter();
  private decoder = new ReferenceDecoder(new Map());
  private readonly decode = (raw: string): string => this.decoder.decode(raw);
  private readonly stack: Frame[] = [];
  private root: CanonicalDocument['root'];
  private firstElement: string | undefined;
  private version: string | undefined;
  private dialect: 'rss' | 'atom03' | 'atom10' = 'rss';
  private rootAddress: string | undefined;
  private metText = false;
  /** Order of the item's `summary` and `description`: the second is its content (feedparser's reading of RSS). */
  private firstText: string | undefined;

  constructor(
    private readonly documentUrl: string,
    private readonly problems: ProblemLog,
  ) {}

  doctype(subset: string): void {
    this.decoder = new ReferenceDecoder(harmlessEntities(subset, this.problems));
  }

  open(name: string, attributes: Attributes, selfClosing: boolean): boolean {
    this.firstElement ??= name;
    const top = this.stack.at(-1);
    if (!top) return this.openRoot(name, attributes, selfClosing);
    if (top.role === 'capture' || top.role === 'skip') {
      if (!this.endsOpenText(top, name)) {
        this.openInside(top, name, attributes, selfClosing);
        return true;
      }
      this.problems.note(
        'unclosed-element',
        `An element <${top.name}> is not closed; it was ended where the next one begins.`,
      );
      this.pop();
      return this.open(name, attributes, selfClosing);
    }
    const scope = attributes.isEmpty ? top.scope : top.scope.with(attributes.all);
    const key = this.keyOf(name, scope);
    if (key === 'item' || key === 'entry') return this.openItem(name, scope, attributes, selfClosing);
    if (top.role === 'feed' && key === 'channel') {
      this.pushFeed(name, scope, attributes);
      if (selfClosing) this.pop();
      return true;
    }
    this.openKnown(name, key, top, scope, attributes);
    if (selfClosing) this.pop();
    return true;
  }

  close(name: string): boolean {
    const top = this.stack.at(-1);
    if (!top) return true;
    if ((top.role === 'capture' || top.role === 'skip') && top.name === name) {
      if (top.nested === 0) this.pop();
      else {
        top.nested--;
        top.capture?.close(this.plainName(name, top.scope));
      }
      return true;
    }
    const at = this.stack.findLastIndex(
      (frame) => frame.name === name && frame.role !== 'capture' && frame.role !== 'skip',
    );
    const target = this.stack[at];
    if (!target || (top.role === 'capture' && target.role === 'struct')) {
      top.capture?.close(this.plainName(name, top.scope));
      return true;
    }
    if (at < this.stack.length - 1) {
      this.problems.note(
        'unclosed-element',
        `An element <${top.name}> is not closed; it was ended by its parent's end.`,
      );
    }
    while (this.stack.length > at) this.pop();
    return true;
  }

  text(raw: string, isCdata: boolean): boolean {
    const top = this.stack.at(-1);
    if (!top) {
      if (!this.metText && this.firstElement === undefined && raw.trim() !== '') {
        this.metText = true;
        this.problems.note('junk-before-xml', 'Something stands before the XML document; it was ignored.');
      }
      return true;
    }
    if (top.role === 'capture') top.capture?.text(isCdata ? raw : this.decode(raw));
    else if (top.role === 'struct' && top.ownText.length < 10_000) top.ownText += isCdata ? raw : this.decode(raw);
    return true;
  }

  finish(completed: boolean): CanonicalDocument {
    if (this.stack.length > 0 && completed) this.endTruncated();
    if (this.decoder.metHtmlEntity) {
      this.problems.note(
        'html-entity',
        'The document uses HTML entities such as &nbsp;, which XML does not have; they were replaced.',
      );
    }
    const { root, firstElement, version } = this;
    return {
      root,
      firstElement,
      version,
      xml: this.writer.document(root === 'atom' ? 'feed' : 'rss'),
      aside: this.writer.aside,
    };
  }

  /** The document ends inside elements: an item that is not whole is dropped, unless it is the only one. */
  private endTruncated(): void {
    const inItem = this.stack.some((frame) => frame.role === 'item');
    this.problems.note(
      'truncated',
      `The document ends inside <${this.stack.at(-1)?.name}>; what arrived whole was kept.`,
    );
    if (inItem && this.writer.itemCount > 0) this.writer.endItem(false);
    else {
      // Of the only item, the element that was cut is dropped and the whole ones are kept.
      const cut = this.stack.at(-1);
      if (cut && inItem && cut.role === 'capture') this.stack.pop();
      while (this.stack.length > 0) this.pop();
    }
  }

  private openRoot(name: string, attributes: Attributes, selfClosing: boolean): boolean {
    const scope = NamespaceScope.empty.with(attributes.all);
    const local = name.slice(name.indexOf(':') + 1);
    const inPage = this.firstElement === 'html';
    const known: Partial<Record<string, 'rss' | 'rdf' | 'atom'>> = inPage
      ? { rss: 'rss', rdf: 'rdf' }
      : { rss: 'rss', rdf: 'rdf', channel: 'rss', item: 'rss', feed: 'atom', entry: 'atom' };
    const root = known[local];
    if (!root) return true;
    this.root = root;
    this.rootAddress = scope.defaultAddress;
    this.version = attributes.all.get('version');
    if (root === 'atom') this.dialect = this.isAtom03(name, scope, attributes) ? 'atom03' : 'atom10';
    if (local === 'item' || local === 'entry') return this.openItem(name, scope, attributes, selfClosing);
    this.pushFeed(name, scope, attributes);
    if (selfClosing) this.pop();
    return true;
  }

  private isAtom03(name: string, scope: NamespaceScope, attributes: Attributes): boolean {
    const prefix = name.includes(':') ? `xmlns:${name.slice(0, name.indexOf(':'))}` : 'xmlns';
    const address = attributes.all.get(prefix) ?? scope.defaultAddress ?? '';
    return !/2005\/atom/i.test(address) && (vocabularyOf(address) === 'atom' || /^0\./.test(this.version ?? ''));
  }

  private openItem(name: string, scope: NamespaceScope, attributes: Attributes, selfClosing: boolean): boolean {
    // An item inside an item: the end tag of the first was forgotten.
    const open = this.stack.findLastIndex((frame) => frame.role === 'item');
    while (open !== -1 && this.stack.length > open) this.pop();
    if (this.writer.itemCount >= LIMITS.items) {
      this.problems.note(
        'too-many-items',
        `The document has more than ${LIMITS.items} items; the first ${LIMITS.items} were read.`,
      );
      return false;
    }
    this.writer.startItem();
    this.firstText = undefined;
    this.push({ name, role: 'item', scope, rules: ITEM_RULES }, attributes);
    this.writeOwnAttributes(attributes);
    if (selfClosing) this.pop();
    return true;
  }

  private pushFeed(name: string, scope: NamespaceScope, attributes: Attributes): void {
    this.push({ name, role: 'feed', scope, rules: FEED_RULES }, attributes);
    this.writeOwnAttributes(attributes);
  }

  /** What channel and item say in attributes becomes children: xml:lang, rdf:about, and CDF's href and lastmod. */
  private writeOwnAttributes(attributes: Attributes): void {
    if (attributes.isEmpty) return;
    for (const [attribute, name] of [
      ['xml:lang', 'xml:lang'],
      ['rdf:about', 'rdf:about'],
      ['lastmod', 'updated'],
      ['href', 'link'],
    ] as const) {
      const value = attributes.all.get(attribute);
      if (!value) continue;
      this.writer.open(name, name === 'link' ? { href: this.decode(value), rel: 'alternate' } : {});
      if (name !== 'link' || this.root !== 'atom') this.writer.text(this.decode(value));
      this.writer.close(name);
    }
  }

  private openKnown(name: string, key: string, top: Frame, scope: NamespaceScope, attributes: Attributes): void {
    const rule = top.rules[key];
    if (!rule) {
      this.push({ name, role: 'skip', scope, rules: NO_RULES }, attributes);
    } else if (rule.form === 'struct') {
      const frame = this.push({ name, role: 'struct', scope, rules: rule.children ?? NO_RULES, rule }, attributes);
      this.writer.open(rule.as, this.kept(rule, frame));
    } else {
      const frame = this.push({ name, role: 'capture', scope, rules: NO_RULES, rule }, attributes);
      frame.capture = new MarkupCapture();
    }
  }

  /** An element inside captured or skipped ones. */
  private openInside(top: Frame, name: string, attributes: Attributes, selfClosing: boolean): void {
    if (name === top.name && !selfClosing) top.nested++;
    if (!top.capture) return;
    if (!attributes.isEmpty) {
      const base = attributes.all.get('xml:base');
      if (base && !top.capture.hasTags)
        top.base = absoluteUrl(this.decode(base), top.base ?? this.documentUrl) ?? top.base;
      top.scope = top.scope.with(attributes.all);
    }
    top.capture.open(this.plainName(name, top.scope), attributes, selfClosing, this.decode);
  }

  /** Whether an element that begins inside a captured or skipped one shows that the outer one was never closed. */
  private endsOpenText(top: Frame, name: string): boolean {
    const parent = this.stack.at(-2);
    const key = this.keyOf(name, top.scope);
    if (key === 'item' || key === 'entry') return top.role === 'capture' || parent?.role === 'feed';
    if (top.role === 'skip' || !parent || (parent.role !== 'item' && parent.role !== 'feed') || name === top.name)
      return false;
    if (top.rule?.form === 'markup' && !/title$/.test(top.rule.as)) return SIBLINGS.has(key) && this.dialect === 'rss';
    return SIBLINGS.has(key) || (key === 'link' && this.dialect === 'rss' && top.rule?.form !== 'link');
  }

  /** The key of an element in the rules: vocabulary and local name, the document's own vocabulary unprefixed. */
  private keyOf(name: string, scope: NamespaceScope): string {
    const colon = name.indexOf(':');
    const local = colon === -1 ? name : name.slice(colon + 1);
    let vocabulary = colon === -1 ? 'core' : scope.ofPrefix(name.slice(0, colon));
    if (colon === -1 && scope.defaultAddress !== undefined && scope.defaultAddress !== this.rootAddress) {
      vocabulary = vocabularyOf(scope.defaultAddress);
    } else if (colon === -1 && scope.defaultAddress !== undefined && this.root !== 'atom') {
      const own = vocabularyOf(scope.defaultAddress);
      // Some RSS declares Atom as its default namespace and goes on in RSS.
      vocabulary = own === 'other' || own === 'atom' ? 'core' : own;
    }
    if (vocabulary === 'core' || (vocabulary === 'atom' && this.root === 'atom')) return local;
    return `${vocabulary}:${local}`;
  }

  /** An inline element's name without the prefix of XHTML; foreign prefixes stay. */
  private plainName(name: string, scope: NamespaceScope): string {
    const colon = name.indexOf(':');
    return colon !== -1 && scope.ofPrefix(name.slice(0, colon)) === 'xhtml' ? name.slice(colon + 1) : name;
  }

  private push(frame: Pick<Frame, 'name' | 'role' | 'scope' | 'rules' | 'rule'>, attributes: Attributes): Frame {
    const all = attributes.isEmpty ? NO_ATTRIBUTES : attributes.all;
    const outer = this.stack.at(-1)?.base;
    const given = all.get('xml:base');
    const base = given === undefined ? outer : (absoluteUrl(this.decode(given), outer ?? this.documentUrl) ?? outer);
    const pushed: Frame = { ...frame, base, attributes: all, nested: 0, ownText: '' };
    this.stack.push(pushed);
    return pushed;
  }

  private pop(): void {
    const frame = this.stack.pop();
    if (!frame) return;
    if (frame.role === 'item') this.writer.endItem(true);
    else if (frame.role === 'struct' && frame.rule) {
      this.writer.text(frame.ownText.trim());
      this.writer.close(frame.rule.as);
    } else if (frame.capture && frame.rule) this.writeCaptured(frame, frame.rule, frame.capture);
  }

  private writeCaptured(frame: Frame, rule: ElementRule, capture: MarkupCapture): void {
    if (capture.wasCut)
      this.problems.note('text-cut', `The text of <${frame.name}> is too long or nested too deep; it was cut.`);
    const kept = this.kept(rule, frame);
    if (rule.form === 'link') this.writeLink(frame, kept, capture.ownText().trim());
    else if (rule.form === 'markup') this.writeConstruct(frame, rule, kept, capture);
    else if (rule.form === 'words') {
      for (const word of capture.ownText().split(',').slice(0, LIMITS.repeats)) this.writeText(rule.as, kept, word);
    } else if (rule.form === 'date') this.writeDate(rule.as, capture.ownText().trim());
    else this.writeText(rule.as, kept, capture.ownText());
  }

  /** Dates are read here: rss-parser loses a whole Atom feed to one that it cannot read. */
  private writeDate(name: string, text: string): void {
    const date = parseDate(text);
    if (date !== undefined) this.writeText(name, {}, date);
    else if (text !== '') {
      const index = this.stack.some((frame) => frame.role === 'item') ? this.writer.itemCount : undefined;
      this.problems.note('unreadable-date', `The date "${text.slice(0, 60)}" cannot be read; it was left out.`, index);
    }
  }

  private writeText(name: string, kept: Record<string, string | undefined>, text: string): void {
    if (text.trim() === '' && Object.values(kept).every((value) => !value)) return;
    this.writer.open(name, kept);
    this.writer.text(text.trim());
    this.writer.close(name);
  }

  private writeConstruct(
    frame: Frame,
    rule: ElementRule,
    kept: Record<string, string | undefined>,
    capture: MarkupCapture,
  ): void {
    const attribute = (key: string): string | undefined => frame.attributes?.get(key);
    const src = attribute('src');
    if (src)
      this.writeLink(
        frame,
        { href: this.decode(src), rel: 'content', type: attribute('type'), base: kept['base'] },
        '',
      );
    const [type, mode] = [attribute('type'), attribute('mode')];
    const value = textConstruct(capture, { dialect: this.dialect, name: rule.as, type, mode });
    if (!value) this.problems.note('binary-content', `The content of <${frame.name}> is not text; it was left out.`);
    if (!value || value.value === '') return;
    this.writer.construct(this.orderedName(rule.as), value, { base: kept['base'], lang: kept['lang'] });
  }

  /** In an RSS item with both `summary` and `description` the second is the content. */
  private orderedName(name: string): string {
    if (this.dialect !== 'rss' || (name !== 'summary' && name !== 'description')) return name;
    if (this.stack.at(-1)?.role !== 'item') return name;
    this.firstText ??= name;
    return this.firstText === name ? 'description' : 'second-description';
  }

  /** Atom links carry attributes, RSS links text; each ends up in its own form (RFC 4287, 4.2.7). */
  private writeLink(frame: Frame, kept: Record<string, string | undefined>, text: string): void {
    const href = kept['href'] ?? (this.root === 'atom' || frame.rule?.as === 'atom:link' ? text : undefined);
    if (href !== undefined && href !== '') {
      const name = this.root === 'atom' ? 'link' : 'atom:link';
      this.writer.open(name, { ...kept, href, rel: kept['rel'] ?? 'alternate' });
      this.writer.close(name);
    } else if (text !== '') {
      this.writer.open('link', { base: kept['base'] });
      this.writer.text(text);
      this.writer.close('link');
    }
  }

  /** The attributes of an element that are kept, decoded, with base and language where they were given. */
  private kept(rule: ElementRule, frame: Frame): Record<string, string | undefined> {
    const kept: Record<string, string | undefined> = {};
    const all = frame.attributes ?? NO_ATTRIBUTES;
    for (const key of rule.form === 'link' ? LINK_ATTRIBUTES : (rule.attributes ?? [])) {
      const value = all.get(key);
      if (value !== undefined) kept[key] = this.decode(value).trim();
    }
    if (frame.base !== undefined) kept['base'] = this.writer.base(frame.base);
    const lang = all.get('xml:lang');
    if (lang) kept['lang'] = lang;
    return kept;
  }
}

const LINK_ATTRIBUTES = ['href', 'rel', 'type', 'title', 'length', 'hreflang'];
