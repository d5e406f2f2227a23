/** Writes each finished element into the clean document in its canonical form. */
import { type CanonicalWriter } from './canonical-writer.js';
import { type ElementRule } from './element-rules.js';
import { type Dialect } from './feed-root.js';
import { LIMITS } from './limits.js';
import { type MarkupCapture } from './markup-capture.js';
import { type OpenElement } from './open-element.js';
import { parseDate } from './parse-date.js';
import { type ProblemLog } from './problem-log.js';
import { textConstruct } from './text-construct.js';
import { type Attributes } from './xml-scanner.js';

/** Attributes of a canonical element; undefined and empty ones are not written. */
type Kept = Record<string, string | undefined>;

const LINK_ATTRIBUTES = ['href', 'rel', 'type', 'title', 'length', 'hreflang'];
const OWN_ATTRIBUTES = [
  ['xml:lang', 'xml:lang'],
  ['rdf:about', 'rdf:about'],
  ['lastmod', 'updated'],
  ['href', 'link'],
] as const;

export class ElementWriter {
  /** Which format's rules hold for text constructs and links. */
  dialect: Dialect = 'rss';
  /** Which of an item's `summary` and `description` came first: the second is its content (feedparser's reading of RSS). */
  private firstText: string | undefined;

  constructor(
    private readonly writer: CanonicalWriter,
    private readonly problems: ProblemLog,
    private readonly decode: (raw: string) => string,
  ) {}

  private get isAtom(): boolean {
    return this.dialect !== 'rss';
  }

  startItem(): void {
    this.firstText = undefined;
    this.writer.startItem();
  }

  /** What channel and item say in attributes becomes children: xml:lang, rdf:about, and CDF's href and lastmod. */
  ownAttributes(attributes: Attributes): void {
    if (attributes.isEmpty) return;
    for (const [attribute, name] of OWN_ATTRIBUTES) {
      const value = this.decode(attributes.all.get(attribute) ?? '');
      if (value === '') continue;
      if (name === 'link') this.link({ href: value }, '');
      else if (name === 'updated') this.date(name, value, undefined);
      else this.text(name, {}, value);
    }
  }

  /** Begins an element that has children. */
  openStruct(element: OpenElement, rule: ElementRule): void {
    this.writer.open(rule.as, this.kept(element, rule));
  }

  closeStruct(element: OpenElement, rule: ElementRule): void {
    this.writer.text(element.ownText.trim());
    this.writer.close(rule.as);
  }

  /** Writes an element whose inside was captured. `parent` is the role of the element around it. */
  captured(
    element: OpenElement,
    rule: ElementRule,
    capture: MarkupCapture,
    parent: OpenElement['role'] | undefined,
  ): void {
    if (capture.wasCut) {
      this.problems.note('text-cut', element.name);
    }
    const kept = this.kept(element, rule);
    switch (rule.form) {
      case 'link':
        return this.link(kept, capture.ownText().trim(), rule.as);
      case 'markup':
        return this.construct(element, parent === 'item' ? this.orderedName(rule.as) : rule.as, kept, capture);
      case 'words':
        for (const word of capture.ownText().split(',', LIMITS.repeats))
          if (!this.writer.isFull) this.text(rule.as, kept, word);
        return;
      case 'date':
        return this.date(rule.as, capture.ownText().trim(), parent === 'item' ? this.writer.itemCount : undefined);
      case 'text':
      case 'struct':
        return this.text(rule.as, kept, capture.ownText());
    }
  }

  private text(name: string, kept: Kept, text: string): void {
    const trimmed = text.trim();
    if (trimmed === '' && Object.values(kept).every((value) => !value)) return;
    this.writer.open(name, kept);
    this.writer.text(trimmed);
    this.writer.close(name);
  }

  /** Dates are read here: rss-parser loses a whole Atom feed to one that it cannot read. */
  private date(name: string, text: string, itemIndex: number | undefined): void {
    const date = parseDate(text);
    if (date !== undefined) this.text(name, {}, date);
    else if (text !== '') {
      this.writer.countElement();
      this.problems.note('unreadable-date', text, itemIndex);
    }
  }

  private construct(element: OpenElement, name: string, kept: Kept, capture: MarkupCapture): void {
    const { attributes } = element;
    const src = attributes.get('src');
    if (src)
      this.link({ href: this.decode(src), rel: 'content', type: attributes.get('type'), base: kept['base'] }, '');
    const [type, mode] = [attributes.get('type'), attributes.get('mode')];
    const value = textConstruct(capture, { dialect: this.dialect, name, type, mode });
    if (!value) this.problems.note('binary-content', element.name);
    if (!value || value.value === '') return;
    this.writer.construct(name, value, { base: kept['base'], lang: kept['lang'] });
  }

  private orderedName(name: string): string {
    if (this.isAtom || (name !== 'summary' && name !== 'description')) return name;
    this.firstText ??= name;
    return this.firstText === name ? 'description' : 'second-description';
  }

  /** Atom links carry attributes, RSS links text; each ends up in its own form (RFC 4287, 4.2.7). */
  private link(kept: Kept, text: string, name = 'link'): void {
    const href = kept['href'] ?? (this.isAtom || name === 'atom:link' ? text : '');
    if (href !== '') {
      const canonical = this.isAtom ? 'link' : 'atom:link';
      this.writer.open(canonical, { ...kept, href, rel: kept['rel'] ?? 'alternate' });
      this.writer.close(canonical);
      // rss-parser takes it for granted that a link of Atom has attributes.
    } else if (!this.isAtom) this.text('link', text === '' ? {} : { base: kept['base'] }, text);
  }

  /** The attributes of an element that are kept, decoded, with base and language where they were given. */
  private kept(element: OpenElement, rule: ElementRule): Kept {
    const kept: Kept = {};
    const { attributes } = element;
    if (attributes.size > 0) {
      for (const key of rule.form === 'link' ? LINK_ATTRIBUTES : (rule.attributes ?? [])) {
        const value = attributes.get(key);
        if (value !== undefined) kept[key] = this.decode(value).trim();
      }
      const lang = attributes.get('xml:lang');
      if (lang) kept['lang'] = lang;
    }
    if (element.base !== undefined) kept['base'] = this.writer.base(element.base);
    return kept;
  }
}
