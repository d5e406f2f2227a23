/** Collects the inside of one element: its text, and inline markup turned back into HTML. */
import { type Attributes } from './xml-scanner.js';
import { LIMITS } from './limits.js';

const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** What a captured element held: pieces in order, tags apart from text. */
export class MarkupCapture {
  private readonly pieces: string[] = [];
  private readonly tagAt: boolean[] = [];
  private length = 0;
  private depth = 0;
  private nestedText = '';
  hasTags = false;
  /** Whether something was cut off for size or depth. */
  wasCut = false;

  text(text: string): void {
    if (this.depth > 0) this.nestedText += this.nestedText.length < 1_000 ? text : '';
    this.push(text, false);
  }

  /** An inline element; `decode` resolves references in attribute values. Namespace declarations are not HTML and go. */
  open(name: string, attributes: Attributes, selfClosing: boolean, decode: (raw: string) => string): void {
    this.hasTags = true;
    const isVoid = VOID.has(name);
    if (!isVoid && !selfClosing) this.depth++;
    if (this.tooDeep() || this.isFull()) return;
    let tag = `<${name}`;
    if (!attributes.isEmpty) {
      for (const [key, raw] of attributes.all) {
        if (key.startsWith('xml')) continue;
        const value = decode(raw).replace(/&/g, '&amp;').replace(/"/g, '&quot;');
        tag += ` ${key}="${value}"`;
      }
    }
    this.push(selfClosing && !isVoid ? `${tag}></${name}>` : `${tag}>`, true);
  }

  close(name: string): void {
    if (VOID.has(name)) {
      // `</br>` alone is a line break to every browser; `<br></br>` is one already.
      return;
    }
    const tooDeep = this.tooDeep();
    this.depth = Math.max(0, this.depth - 1);
    if (!tooDeep) this.push(`</${name}>`, true);
  }

  /** The text outside inner elements; that of the inner ones when there is no other. */
  ownText(): string {
    let depth = 0;
    let own = '';
    this.pieces.forEach((piece, at) => {
      if (!this.tagAt[at]) own += depth === 0 ? piece : '';
      else if (piece.startsWith('</')) depth--;
      else if (!piece.includes('></') && !VOID.has(/^<([^\s>]+)/.exec(piece)?.[1] ?? '')) depth++;
    });
    return own.trim() === '' ? this.nestedText : own;
  }

  /** All of it as one string; `escapeText` when text pieces are text and not HTML. */
  join(escapeText: boolean): string {
    if (!escapeText) return this.pieces.join('');
    return this.pieces.map((piece, at) => (this.tagAt[at] ? piece : escapeHtml(piece))).join('');
  }

  /** Like join, less the one `div` that wraps everything (RFC 4287, 3.1.1.3: it is not part of the content). */
  joinWithoutDiv(): string {
    const filled = this.pieces
      .map((piece, at) => ({ piece, at }))
      .filter(({ piece, at }) => this.tagAt[at] || piece.trim() !== '');
    const first = filled[0];
    const last = filled.at(-1);
    if (
      first &&
      last &&
      last !== first &&
      /^<div[\s>]/.test(first.piece) &&
      last.piece === '</div>' &&
      this.wraps(first.at, last.at)
    ) {
      this.pieces[first.at] = this.pieces[last.at] = '';
    }
    return this.join(true).trim();
  }

  /** Whether the `div` opened at piece `from` is the one closed at piece `to`. */
  private wraps(from: number, to: number): boolean {
    let depth = 0;
    for (let at = from; at < to; at++) {
      const piece = this.tagAt[at] ? (this.pieces[at] ?? '') : '';
      if (/^<div[\s>]/.test(piece) && !piece.endsWith('></div>')) depth++;
      else if (piece === '</div>' && --depth === 0) return false;
    }
    return depth === 1;
  }

  private tooDeep(): boolean {
    if (this.depth <= LIMITS.markupDepth) return false;
    this.wasCut = true;
    return true;
  }

  /** Whether nothing more is kept; what comes then is cut. */
  isFull(): boolean {
    if (this.length < LIMITS.textLength) return false;
    this.wasCut = true;
    return true;
  }

  private push(piece: string, isTag: boolean): void {
    const room = LIMITS.textLength - this.length;
    if (this.isFull()) return;
    this.length += piece.length;
    if (piece.length <= room) {
      this.pieces.push(piece);
      this.tagAt.push(isTag);
    } else if (!isTag) {
      this.pieces.push(piece.slice(0, room));
      this.tagAt.push(false);
    }
    this.wasCut ||= piece.length > room;
  }
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : text;
}
