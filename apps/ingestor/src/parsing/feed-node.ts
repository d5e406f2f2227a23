/** A reader's view of one element that rss-parser found: its text, attributes and children, with what was kept aside. */
import { type Aside, recall } from './canonical-writer.js';
import { escapeHtml } from './markup-capture.js';
import { collapse, decodedText, plainText } from './plain-text.js';

/** Element, attribute and text as xml2js gives them to rss-parser. */
export type XmlElement = string | { [key: string]: unknown };

export class FeedNode {
  /** `prefix` stands before child names in records that are rss-parser's own and not xml2js's. */
  constructor(
    private readonly element: XmlElement,
    private readonly aside: Aside,
    private readonly prefix = '',
  ) {}

  /** All children of the names given, name by name. */
  all(...names: string[]): FeedNode[] {
    const { element } = this;
    if (typeof element === 'string') return [];
    return names.flatMap((name) => {
      const found = element[this.prefix + name];
      return Array.isArray(found) ? found.map((child: XmlElement) => new FeedNode(child, this.aside)) : [];
    });
  }

  /** The raw text of the element, trimmed. */
  get text(): string {
    const raw = typeof this.element === 'string' ? this.element : this.element['_'];
    return typeof raw === 'string' ? recall(raw, this.aside).trim() : '';
  }

  attribute(name: string): string | undefined {
    const attributes =
      typeof this.element === 'string' ? undefined : (this.element['$'] as Record<string, string> | undefined);
    const value = attributes?.[name];
    return value === undefined || value === '' ? undefined : recall(value, this.aside);
  }

  /** The xml:base in force, when the document gave one. */
  get base(): string | undefined {
    const index = this.attribute('base');
    return index === undefined ? undefined : this.aside.bases[Number(index)];
  }

  /** A text construct as plain text. */
  get plain(): string {
    return this.attribute('type') === 'html' ? plainText(this.text) : collapse(this.text);
  }

  /** A text construct as HTML. */
  get html(): string {
    return this.attribute('type') === 'text' ? escapeHtml(this.text) : this.text;
  }

  /** Text of a name-like element: references escaped twice are decoded. */
  get name(): string {
    return decodedText(this.text);
  }

  /** First child of any of the names, in their order, for which `read` gives something. */
  first<T>(names: readonly string[], read: (child: FeedNode) => T | undefined): T | undefined {
    for (const name of names) {
      for (const child of this.all(name)) {
        const value = read(child);
        if (value !== undefined && value !== '') return value;
      }
    }
    return undefined;
  }

  /** Like first, but of the elements of one name the last: feeds that repeat a date mean the later. */
  last(names: readonly string[]): string | undefined {
    for (const name of names) {
      const text = this.all(name).at(-1)?.text;
      if (text) return text;
    }
    return undefined;
  }
}
