/** Writes the clean document that rss-parser reads: well-formed, known elements only, long and hostile texts kept aside. */
import { LIMITS } from './limits.js';
import { type TextConstruct } from './text-construct.js';
import { escapeXml } from './xml-text.js';

/** Opens a reference to a text kept aside; a private-use character that no short text passed through may contain. */
const MARK = '\uE000';
/** Behind the mark: the text is HTML. */
const HTML = 'h';
const MAX_INLINE = 400;

/** Texts and base addresses that the canonical document refers to by number. */
export interface Aside {
  texts: string[];
  bases: string[];
}

export class CanonicalWriter {
  readonly aside: Aside = { texts: [], bases: [] };
  /** The names of all elements written: rss-parser is asked for these only. */
  readonly names = new Set<string>();
  private head = '';
  private readonly items: string[] = [];
  private item: string | undefined;
  private elements = 0;
  private elementsOfHead = 0;
  private elementsOfItem = 0;

  get itemCount(): number {
    return this.items.length;
  }

  /** Whether the item (or the head, between items) has as many elements as are kept. */
  get isFull(): boolean {
    return (this.item === undefined ? this.elementsOfHead : this.elementsOfItem) >= LIMITS.elementsOfItem;
  }

  /** Whether the document has as many elements as are kept. */
  get isExhausted(): boolean {
    return this.elements >= LIMITS.elements;
  }

  startItem(): void {
    this.elementsOfItem = 0;
    this.item = '';
  }

  /** Ends the item; `keep` false forgets what was written of it. */
  endItem(keep: boolean): void {
    if (keep && this.item !== undefined) this.items.push(this.item);
    this.item = undefined;
  }

  /** Counts an element against the limits; also one that cost reading and is not written. */
  countElement(): void {
    this.elements++;
    if (this.item === undefined) this.elementsOfHead++;
    else this.elementsOfItem++;
  }

  /** Writes a start tag; empty and undefined attributes are left out. */
  open(name: string, attributes: Record<string, string | undefined>): void {
    this.countElement();
    this.names.add(name);
    let tag = `<${name}`;
    for (const key in attributes) {
      const value = attributes[key];
      if (value) tag += ` ${key}="${this.inline(value)}"`;
    }
    this.write(`${tag}>`);
  }

  text(text: string): void {
    this.write(this.inline(text));
  }

  /** A construct's value always goes aside, with its kind: rss-parser runs its snippet maker over contents. */
  construct(name: string, value: TextConstruct, attributes: Record<string, string | undefined>): void {
    this.open(name, attributes);
    this.write(`${this.keepAside(value.value, value.isHtml)}</${name}>`);
  }

  close(name: string): void {
    this.write(`</${name}>`);
  }

  /** Number of a base address, as an attribute value. */
  base(address: string): string {
    const known = this.aside.bases.lastIndexOf(address);
    return String(known === -1 ? this.aside.bases.push(address) - 1 : known);
  }

  /** The whole document in one of the two shapes that rss-parser knows best. */
  document(root: 'rss' | 'feed'): string {
    const name = root === 'feed' ? 'entry' : 'item';
    // The attribute keeps an element without children an object: xml2js makes a string of it, on which rss-parser stumbles.
    const items = this.items.map((item, index) => `<${name} n="${index}">${item}</${name}>`).join('');
    return root === 'feed'
      ? `<feed n="0">${this.head}${items}</feed>`
      : `<rss version="2.0"><channel n="0">${this.head}${items}</channel></rss>`;
  }

  private inline(text: string): string {
    return text.length > MAX_INLINE || text.includes(MARK) ? this.keepAside(text) : escapeXml(text);
  }

  private keepAside(text: string, isHtml = false): string {
    return `${MARK}${isHtml ? HTML : ''}${this.aside.texts.push(text) - 1}`;
  }

  private write(xml: string): void {
    if (this.item === undefined) this.head += xml;
    else this.item += xml;
  }
}

/** The text that a value of the canonical document stands for, and whether it is HTML. */
export function recall(value: string, aside: Aside): TextConstruct {
  if (!value.startsWith(MARK)) return { value, isHtml: false };
  const isHtml = value[1] === HTML;
  return { value: aside.texts[Number(value.slice(isHtml ? 2 : 1))] ?? '', isHtml };
}
