/** Cuts a document into tags and text in one linear pass that no malformed input can stop. */
import { scanDoctype } from './doctype.js';
import { LIMITS } from './limits.js';

/** What the scanner calls; `false` from any of them ends the scan. Names are lower case, texts raw slices. */
export interface XmlHandler {
  open(name: string, attributes: Attributes, selfClosing: boolean): boolean;
  close(name: string): boolean;
  text(raw: string, isCdata: boolean): boolean;
  /** The internal subset of a document type declaration that stands before the first tag; empty when it has none. */
  doctype(subset: string): void;
  /** CDATA begins here whose end was forgotten: what follows is read as if it had not begun. */
  unclosedCdata?(): void;
}

/** The attributes of a tag: lower-case names, raw values; read only when asked for. */
export class Attributes {
  private parsed: Map<string, string> | undefined;

  constructor(
    private readonly source: string,
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** Whether there are none, known without reading them. */
  get isEmpty(): boolean {
    return this.to - this.from < 3;
  }

  /** Name to raw value; of a repeated attribute the first; no more than LIMITS.attributes. */
  get all(): ReadonlyMap<string, string> {
    this.parsed ??= readAttributes(this.source.slice(this.from, Math.min(this.to, this.from + LIMITS.tagLength)));
    return this.parsed;
  }
}

const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]+)))?/g;

function readAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(ATTRIBUTE)) {
    const name = (match[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, match[2] ?? match[3] ?? match[4] ?? '');
    if (found.size >= LIMITS.attributes) break;
  }
  return found;
}

const LT = 60;
const GT = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;

/** Scans `source` (XML 1.0, 2.4 to 2.8, and what people write instead). Returns false when the handler ended it. */
export function scanXml(source: string, handler: XmlHandler): boolean {
  const seek = new Seeker(source);
  let at = 0;
  let textFrom = 0;
  let started = false;
  while (at < source.length) {
    const lt = source.indexOf('<', at);
    if (lt === -1) break;
    const next = source.charCodeAt(lt + 1);
    const special = next === BANG || next === QUESTION;
    const end = special
      ? seek.specialEnd(lt, started ? undefined : handler)
      : startsTag(source, lt)
        ? tagEnd(source, lt)
        : -1;
    if (end === -1) {
      // A lone < is text.
      at = lt + 1;
      continue;
    }
    if (lt > textFrom && !handler.text(source.slice(textFrom, lt), false)) return false;
    at = textFrom = end;
    if (special) {
      if (source.startsWith('<![CDATA[', lt)) {
        if (end === lt + 9) handler.unclosedCdata?.();
        const closed = source.startsWith(']]>', end - 3) && end - 3 >= lt + 9;
        if (!handler.text(source.slice(lt + 9, closed ? end - 3 : end), true)) return false;
      }
    } else if (next === SLASH) {
      if (!handler.close(nameAt(source, lt + 2, end))) return false;
    } else {
      started = true;
      if (!openTag(source, lt, end, handler)) return false;
    }
  }
  return textFrom >= source.length || handler.text(source.slice(textFrom), false);
}

function openTag(source: string, lt: number, end: number, handler: XmlHandler): boolean {
  const name = nameAt(source, lt + 1, end);
  const closedByGt = source.charCodeAt(end - 1) === GT;
  const last = closedByGt ? end - 1 : end;
  const selfClosing = closedByGt && source.charCodeAt(last - 1) === SLASH;
  return handler.open(name, new Attributes(source, lt + 1 + name.length, selfClosing ? last - 1 : last), selfClosing);
}

/** Finds the ends of comments, CDATA and instructions; remembers what does not occur any more, so that it stays linear. */
class Seeker {
  private readonly absent = new Set<string>();
  private lastItemEnd: number | undefined;

  constructor(private readonly source: string) {}

  /** Index after the construct at `lt`; CDATA without end runs to that of the document, unless items end behind it; other unterminated constructs are text (-1). */
  specialEnd(lt: number, beforeRoot: XmlHandler | undefined): number {
    const { source } = this;
    if (beforeRoot && /^<!doctype\b/i.test(source.slice(lt, lt + 10))) {
      const { end, subset } = scanDoctype(source, lt);
      beforeRoot.doctype(subset);
      return end;
    }
    if (source.startsWith('<!--', lt)) return this.after('-->', lt + 4);
    if (source.startsWith('<![CDATA[', lt)) {
      const end = this.after(']]>', lt + 9);
      if (end !== -1) return end;
      // Where the document goes on behind it, only the end mark was forgotten.
      this.lastItemEnd ??= Math.max(source.lastIndexOf('</item>'), source.lastIndexOf('</entry>'));
      return this.lastItemEnd > lt ? lt + 9 : source.length;
    }
    if (source.startsWith('<?', lt)) return this.after('?>', lt + 2);
    return isNameStart(source.charCodeAt(lt + 2)) ? this.after('>', lt + 2) : -1;
  }

  private after(mark: string, from: number): number {
    if (this.absent.has(mark)) return -1;
    const found = this.source.indexOf(mark, from);
    if (found === -1) this.absent.add(mark);
    return found === -1 ? -1 : found + mark.length;
  }
}

/** Index after the tag at `lt`: its >, quotes respected, or the next < when the > was forgotten, or the end of the document. */
function tagEnd(source: string, lt: number): number {
  let quote = 0;
  let lastGt = -1;
  for (let at = lt + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
      else if (code === GT) lastGt = at;
      // A tag inside a value (forbidden by XML 1.0, 3.1): its quote was never closed, so the tag ended at the last >.
      else if (code === LT && (startsTag(source, at) || source.charCodeAt(at + 1) === BANG))
        return lastGt === -1 ? at : lastGt + 1;
    } else if (code === GT) return at + 1;
    else if (code === LT) return at;
    else if ((code === 34 || code === 39) && isValueStart(source, at)) quote = code;
  }
  return lastGt === -1 ? source.length : lastGt + 1;
}

/** Whether the < at `lt` begins an opening or closing tag. */
function startsTag(source: string, lt: number): boolean {
  const next = source.charCodeAt(lt + 1);
  return isNameStart(next === SLASH ? source.charCodeAt(lt + 2) : next);
}

/** A quote opens a value only after =, so that stray ones (`<a href="x"">`) do no harm. */
function isValueStart(source: string, at: number): boolean {
  let before = at - 1;
  while (isSpace(source.charCodeAt(before))) before--;
  return source.charCodeAt(before) === 61;
}

const NAMES = new Map<string, string>();

/** The lower-case name that starts at `from`. */
function nameAt(source: string, from: number, end: number): string {
  let to = from;
  while (to < end) {
    const code = source.charCodeAt(to);
    if (code === GT || code === SLASH || isSpace(code) || code === LT) break;
    to++;
  }
  const raw = source.slice(from, Math.min(to, from + 256));
  let name = NAMES.get(raw);
  if (name === undefined) {
    name = raw.toLowerCase();
    // Lower-casing each name anew costs a third of the scan; a feed has a few dozen.
    if (NAMES.size < 2_000) NAMES.set(raw, name);
  }
  return name;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 58 || code >= 0xc0;
}
