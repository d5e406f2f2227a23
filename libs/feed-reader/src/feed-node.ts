/** A reader's view of one element that rss-parser found: its text, attributes and children, with what was kept aside. */
import { type Aside, recall } from './canonical-writer.js';
import { type TextConstruct } from './text-construct.js';
import { escapeHtml } from './markup-capture.js';
import { collapse, decodedText, plainText } from './plain-text.js';

/** Element, attribute and text as xml2js gives them to rss-parser. */
export type XmlElement = string | { [key: string]: unknown };

export class FeedNode {
  constructor(
    private readonly element: XmlElement,
    private readonly aside: Aside,
  ) {}

  /** All children of the names given, name by name. */
  all(...names: string[]): FeedNode[] {
    const children: FeedNode[] = [];
    for (const name of names) {
      const found = this.named(name);
      if (found) for (const child of found) children.push(new FeedNode(child, this.aside));
    }
    return children;
  }

  private named(name: string): XmlElement[] | undefined {
    if (typeof this.element === 'string') return undefined;
    const found = this.element[name];
    return Array.isArray(found) ? (found as XmlElement[]) : undefined;
  }

  /** The element's text, trimmed, and whether it is HTML. */
  private get construct(): TextConstruct {
    const raw = typeof this.element === 'string' ? this.element : this.element['_'];
    return recall(typeof raw === 'string' ? raw.trim() : '', this.aside);
  }

  /** The text of the element as it is, trimmed. */
  get text(): string {
    return this.construct.value.trim();
  }

  attribute(name: string): string | undefined {
    const attributes =
      typeof this.element === 'string' ? undefined : (this.element['$'] as Record<string, string> | undefined);
    const value = attributes?.[name];
    return value === undefined || value === '' ? undefined : recall(value, this.aside).value;
  }

  /** The xml:base in force, when the document gave one. */
  get base(): string | undefined {
    const index = this.attribute('base');
    return index === undefined ? undefined : this.aside.bases[Number(index)];
  }

  /** A text construct as plain text. */
  get plain(): string {
    const { value, isHtml } = this.construct;
    return isHtml ? plainText(value) : collapse(value);
  }

  /** A text construct as HTML. */
  get html(): string {
    const { value, isHtml } = this.construct;
    return isHtml ? value : escapeHtml(value);
  }

  /** Text of a name-like element: references escaped twice are decoded. */
  get name(): string {
    return decodedText(this.text);
  }

  /** First child of any of the names, in their order, for which `read` gives something. */
  first<T>(names: readonly string[], read: (child: FeedNode) => T | undefined): T | undefined {
    for (const name of names) {
      const found = this.named(name);
      if (!found) continue;
      for (const child of found) {
        const value = read(new FeedNode(child, this.aside));
        if (value !== undefined && value !== '') return value;
      }
    }
    return undefined;
  }

  /** Like first, but of the elements of one name the last: feeds that repeat a date mean the later. */
  last(names: readonly string[]): string | undefined {
    for (const name of names) {
      const found = this.named(name)?.at(-1);
      const text = found === undefined ? '' : new FeedNode(found, this.aside).text;
      if (text !== '') return text;
    }
    return undefined;
  }
}
