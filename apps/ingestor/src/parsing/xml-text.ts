/** Character data of XML: decodes references the forgiving way, escapes the strict way, removes what XML forbids. */
import { decodeHTMLStrict } from 'entities';

import { LIMITS } from './limits.js';

const BASIC: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][\w.:-]{0,63}));/g;

const ILLEGAL = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const ILLEGAL_ALL = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+/g;

const LONE_SURROGATE = /\p{Cs}/u;
const LONE_SURROGATES = /\p{Cs}/gu;

/** Decodes the references of one document; remembers its custom entities and how much they may still expand to. */
export class ReferenceDecoder {
  /** Whether an HTML entity, legal in no feed, was met. */
  metHtmlEntity = false;
  private expansionLeft = LIMITS.entityExpansion;

  constructor(private readonly custom: ReadonlyMap<string, string>) {}

  /** `raw` with its references replaced; unknown ones and bare ampersands stay as they are (XML 1.0, 4.1, made lenient). */
  decode(raw: string): string {
    return raw.includes('&') ? raw.replace(REFERENCE, this.replace) : raw;
  }

  private readonly replace = (whole: string, decimal?: string, hex?: string, name?: string): string => {
    if (name === undefined) {
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10);
      // C1 numbers mean windows-1252, as in HTML; decodeHTMLStrict knows the table.
      return code >= 0x80 && code < 0xa0 ? decodeHTMLStrict(whole) : fromCodePoint(code);
    }
    const basic = BASIC[name] ?? this.fromDoctype(name);
    if (basic !== undefined) return basic;
    const decoded = decodeHTMLStrict(whole);
    if (decoded !== whole) this.metHtmlEntity = true;
    return decoded;
  };

  private fromDoctype(name: string): string | undefined {
    const value = this.custom.get(name);
    if (value === undefined || this.expansionLeft < value.length) return undefined;
    this.expansionLeft -= value.length;
    return value;
  }
}

/** A code point's text; the empty string for what XML forbids (2.2). */
function fromCodePoint(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '';
  return stripIllegal(String.fromCodePoint(code));
}

/** `text` without the characters that XML 1.0 forbids (2.2); the same string when there are none. */
export function stripIllegal(text: string): string {
  const stripped = ILLEGAL.test(text) ? text.replace(ILLEGAL_ALL, '') : text;
  return LONE_SURROGATE.test(stripped) ? stripped.replace(LONE_SURROGATES, '\uFFFD') : stripped;
}

/** `text` as character data or attribute value of well-formed XML. */
export function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
