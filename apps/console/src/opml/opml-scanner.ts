/**
 * Cuts a list of feeds (OPML 1.0 to 2.0) into its outlines as it arrives, in any pieces, within a fixed memory. Tolerant
 * like a browser: what people's lists look like is bare ampersands, unclosed outlines and attributes in any case.
 */
import { decodeHTMLAttribute } from 'entities';

/** An `<outline>` as it stands: attribute names in lower case, values decoded. `line` counts from 1. */
export interface Outline {
  line: number;
  attributes: Map<string, string>;
}

/** The file as a whole cannot be read; `message` says why and what to do. */
export class UnreadableOpmlError extends Error {}

/** Longest piece of markup: an honest outline has a few hundred characters. */
const MAX_MARKUP = 256 * 1024;
const MAX_VALUE = 4_096;
const MAX_ATTRIBUTES = 64;
const SKIPPED = [
  { open: '<!--', close: '-->' },
  { open: '<![CDATA[', close: ']]>' },
] as const;

export class OpmlScanner {
  private rest = '';
  private closing: string | undefined;
  private line = 1;
  private sawRoot = false;
  private sawEnd = false;
  private titleText: string | null = null;

  constructor(private readonly onOutline: (outline: Outline) => void) {}

  /** The title of the list's head, as far as it is known. */
  get title(): string | null {
    return this.titleText;
  }

  /** @throws {UnreadableOpmlError} when this is no list of feeds. */
  push(chunk: string): void {
    let text = this.rest + chunk;
    this.rest = '';
    while (text !== '') {
      if (this.closing === undefined) text = this.readMarkup(text);
      else text = this.skip(text, this.closing);
    }
    if (this.rest.length <= MAX_MARKUP) return;
    throw this.unreadable(this.rest.includes('<') ? `has a tag of more than ${MAX_MARKUP / 1_024} KB` : 'is no XML');
  }

  /** @throws {UnreadableOpmlError} when the list has ended too early. */
  end(): void {
    if (this.closing === undefined && this.rest !== '') this.readTag(this.rest);
    this.rest = '';
    if (!this.sawRoot) throw new UnreadableOpmlError('The file is empty. Send an OPML list of feeds.');
    if (!this.sawEnd)
      throw this.unreadable('ends in the middle; what stands before is imported. Send it again as a whole');
  }

  /** Takes whole tags from the front, and keeps the last one until it is known to be whole. Returns what is left. */
  private readMarkup(text: string): string {
    const skipped = nextSkipped(text);
    const until = skipped?.at ?? Math.max(0, text.lastIndexOf('<'));
    // An attribute's value holds no < (XML 1.0, 3.1): each one begins a tag.
    for (let at = 0; at < until;) {
      const next = text.indexOf('<', at + 1);
      const to = next === -1 || next > until ? until : next;
      this.readTag(text.slice(at, to));
      at = to;
    }
    if (skipped === undefined) {
      this.rest = text.slice(until);
      return '';
    }
    this.closing = skipped.close;
    return text.slice(skipped.at + skipped.open.length);
  }

  private skip(text: string, closing: string): string {
    const end = text.indexOf(closing);
    if (end === -1) {
      // Its end may be cut between two chunks.
      this.rest = text.slice(-closing.length + 1);
      this.countLines(text.slice(0, -closing.length + 1));
      return '';
    }
    this.closing = undefined;
    this.countLines(text.slice(0, end));
    return text.slice(end + closing.length);
  }

  /** `markup`: a tag and the text behind it, or text before the first tag. */
  private readTag(markup: string): void {
    const name = /^<(\/?[a-z][\w:.-]{0,40})/i.exec(markup)?.[1]?.toLowerCase();
    if (name !== undefined) this.readElement(name, markup);
    else if (!this.sawRoot && markup.replace(/^\ufeff/, '').trim() !== '' && !/^<[?!]/.test(markup))
      throw this.unreadable('is no XML');
    this.countLines(markup);
  }

  private readElement(name: string, markup: string): void {
    if (!this.sawRoot) {
      if (name !== 'opml') throw this.unreadable(`begins with <${name}>, so it is ${whatIs(name)}`);
      this.sawRoot = true;
    }
    switch (name) {
      case 'outline':
        this.onOutline({ line: this.line, attributes: attributesOf(markup) });
        break;
      case 'title':
        this.titleText ??= decodeHTMLAttribute(markup.slice(markup.indexOf('>') + 1, MAX_VALUE))
          .trim()
          .slice(0, 300);
        break;
      case '/opml':
        this.sawEnd = true;
    }
  }

  private countLines(text: string): void {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.line++;
  }

  private unreadable(why: string): UnreadableOpmlError {
    return new UnreadableOpmlError(`The file ${why} (line ${this.line}).`);
  }
}

/** The first comment or CDATA section. */
function nextSkipped(text: string): { at: number; open: string; close: string } | undefined {
  for (let at = text.indexOf('<!'); at !== -1; at = text.indexOf('<!', at + 2)) {
    const kind = SKIPPED.find(({ open }) => text.startsWith(open, at));
    if (kind !== undefined) return { ...kind, at };
  }
  return undefined;
}

const ATTRIBUTE = /([^\s=/"'<>]+)\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]+))/g;

/** Of a repeated attribute the first. */
function attributesOf(markup: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single, bare] of tagOf(markup).matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase().slice(0, 100);
    const value = (double ?? single ?? bare ?? '').slice(0, MAX_VALUE);
    if (!found.has(key)) found.set(key, decodeHTMLAttribute(value));
    if (found.size >= MAX_ATTRIBUTES) break;
  }
  return found;
}

/** The markup up to the tag's end: the first > outside quotes. */
function tagOf(markup: string): string {
  let quote = '';
  for (let at = 1; at < markup.length; at++) {
    const character = markup.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return markup.slice(0, at);
    else if ((character === '"' || character === "'") && /=\s*$/.test(markup.slice(Math.max(0, at - 20), at)))
      quote = character;
  }
  return markup;
}

function whatIs(root: string): string {
  const known: Record<string, string> = {
    rss: 'a feed: add its address as one',
    feed: 'a feed: add its address as one',
    'rdf:rdf': 'a feed: add its address as one',
    html: 'a web page',
    '!doctype': 'a web page',
  };
  return known[root] ?? 'no OPML list of feeds';
}
