/** Character data of XML: decodes references the forgiving way, escapes the strict way, removes what XML forbids. */
import { decodeHTMLStrict } from 'entities';

import { LIMITS } from './limits.js';

const BASIC = [
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
] as const;
const NUMERIC = /^&#(?:(\d{1,9})|[xX]([\da-fA-F]{1,8}));$/;
const MAX_REFERENCE = 66;
const ILLEGAL = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** In pieces: a run of millions in one match can exhaust the stack of the regular expression. */
const ILLEGAL_ALL = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]{1,4096}/g;

const LONE_SURROGATE = /\p{Cs}/u;
const LONE_SURROGATES = /\p{Cs}/gu;

/** Decodes the references of one document; remembers its custom entities and how much they may still expand to. */
export class ReferenceDecoder {
  /** Whether an HTML entity, legal in no feed, was met. */
  metHtmlEntity = false;
  private expansionLeft: number = LIMITS.entityExpansion;
  /** What a reference stands for, so that the usual few are decoded once. */
  private readonly known = new Map<string, string>([...BASIC]);

  constructor(private readonly custom: ReadonlyMap<string, string>) {}

  /** `raw` with its references replaced; unknown ones and bare ampersands stay as they are (XML 1.0, 4.1, made lenient). */
  decode(raw: string): string {
    let at = raw.indexOf('&');
    if (at === -1) return raw;
    // A loop and not a replace: that would hold millions of match records of a hostile text at once.
    let decoded = '';
    let from = 0;
    for (; at !== -1; at = raw.indexOf('&', at + 1)) {
      const end = referenceEnd(raw, at);
      if (end === -1) continue;
      decoded += raw.slice(from, at) + this.one(raw.slice(at, end));
      from = end;
      at = end - 1;
    }
    return decoded + raw.slice(from);
  }

  private one(reference: string): string {
    const known = this.known.get(reference);
    if (known !== undefined) return known;
    const value = this.fromDoctype(reference.slice(1, -1)) ?? this.resolve(reference);
    if (this.known.size < 1_000 && !this.custom.has(reference.slice(1, -1))) this.known.set(reference, value);
    return value;
  }

  private resolve(reference: string): string {
    const number = NUMERIC.exec(reference);
    if (!number) {
      const decoded = decodeHTMLStrict(reference);
      if (decoded !== reference) this.metHtmlEntity = true;
      return decoded;
    }
    const code = number[1] === undefined ? parseInt(number[2] ?? '', 16) : parseInt(number[1], 10);
    // C1 numbers mean windows-1252, as in HTML; decodeHTMLStrict knows the table.
    return code >= 0x80 && code < 0xa0 ? decodeHTMLStrict(reference) : fromCodePoint(code);
  }

  private fromDoctype(name: string): string | undefined {
    const value = this.custom.get(name);
    if (value === undefined || this.expansionLeft < value.length) return undefined;
    this.expansionLeft -= value.length;
    return value;
  }
}

/** Index after the semicolon of the reference at `at`, or -1 when what stands there is none. */
function referenceEnd(text: string, at: number): number {
  for (let next = at + 1; next < text.length && next < at + MAX_REFERENCE; next++) {
    const code = text.charCodeAt(next);
    if (code === 59) return next > at + 1 ? next + 1 : -1;
    const isName =
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 35;
    // Hyphen, point and underscore occur in custom entities.
    if (!isName && code !== 45 && code !== 46 && code !== 95) return -1;
  }
  return -1;
}

/** A code point's text: U+FFFD for what Unicode does not have (as in HTML), the empty string for what XML forbids (2.2). */
function fromCodePoint(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\uFFFD';
  return stripIllegal(String.fromCodePoint(code));
}

/** `text` without the characters that XML 1.0 forbids (2.2); the same string when there are none. */
export function stripIllegal(text: string): string {
  return ILLEGAL.test(text) ? text.replace(ILLEGAL_ALL, '') : text;
}

/** `text` without halves of surrogate pairs, which JSON can escape and no database takes. */
export function wellFormed(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(LONE_SURROGATES, '\uFFFD') : text;
}

/** `text` as character data or attribute value of well-formed XML. */
export function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
