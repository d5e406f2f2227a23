/** Decides what a text-bearing element holds, text or HTML, by its type, its mode and, where those lie, its looks. */
import { isUtf8 } from 'node:buffer';

import { type Dialect } from './feed-root.js';
import { type MarkupCapture } from './markup-capture.js';
import { looksLikeHtml } from './plain-text.js';

/** The value of a text construct; `isHtml` says how to read it. */
export interface TextConstruct {
  value: string;
  isHtml: boolean;
}

/** What is known of the element before its content. */
export interface ConstructContext {
  dialect: Dialect;
  /** Canonical name of the element. */
  name: string;
  type: string | undefined;
  mode: string | undefined;
}

/** `<!` that begins neither a comment nor a document type nor CDATA. */
const STRAY_DECLARATION = /<!(?!--|doctype|\[cdata\[)/gi;
/** Titles and names, which RSS leaves open to be text or HTML. */
const SHORT = /title$/;

/**
 * The construct that was captured, or undefined when it is not text at all (an inline image).
 * Atom 1.0: RFC 4287, 3.1 and 4.1.3.3. Atom 0.3: section 3.1 (mode xml, escaped, base64). RSS 2.0: HTML in description.
 */
export function textConstruct(capture: MarkupCapture, context: ConstructContext): TextConstruct | undefined {
  const type = context.type?.toLowerCase().split(';')[0]?.trim();
  if (context.mode?.toLowerCase() === 'base64') return fromBase64(capture.join(false), type ?? 'text/html');
  if (context.dialect === 'rss') return fromRss(capture, context.name, type);
  if (type === 'xhtml' || type?.endsWith('/xml') || type?.endsWith('+xml')) {
    if (!capture.hasTags) return { value: capture.join(false).trim(), isHtml: true };
    const stripped = type === 'xhtml' && context.dialect === 'atom10';
    return { value: stripped ? capture.joinWithoutDiv() : capture.join(true).trim(), isHtml: true };
  }
  if (type === 'html' || type === 'text/html') return { value: capture.join(false).trim(), isHtml: true };
  // Real elements inside what is called text: the author meant them.
  if (capture.hasTags) return { value: capture.join(true).trim(), isHtml: true };
  const value = capture.join(false).trim();
  if (type === undefined || type === '') return { value, isHtml: looksLikeHtml(value) || /&#?\w{2,8};/.test(value) };
  if (type === 'text' || type === 'plain' || type.startsWith('text/')) return { value, isHtml: false };
  return type.includes('/') ? fromBase64(value, type) : { value, isHtml: false };
}

/** RSS has no types: descriptions are HTML, titles are what they look like; Media RSS says `plain` or `html`. */
function fromRss(capture: MarkupCapture, name: string, type: string | undefined): TextConstruct {
  // Declarations are no part of a content; as text they would swallow what follows them.
  const value = capture.join(false).trim().replace(STRAY_DECLARATION, '&lt;!');
  if (capture.hasTags) return { value, isHtml: true };
  if (name.startsWith('media:')) return { value, isHtml: type === 'html' || looksLikeHtml(value) };
  if (type === 'text/plain' || type === 'text') return { value, isHtml: looksLikeHtml(value) };
  return { value, isHtml: SHORT.test(name) ? looksLikeHtml(value) || /&#?\w{2,8};/.test(value) : true };
}

/** Base64 (RFC 4287, 4.1.3.3, rule 6; Atom 0.3 mode) of text; binaries are nothing an item can say. */
function fromBase64(value: string, type: string): TextConstruct | undefined {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes) || bytes.includes(0)) return undefined;
  return { value: bytes.toString('utf8').trim(), isHtml: type !== 'text/plain' };
}
