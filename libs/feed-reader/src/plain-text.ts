/** Turns HTML of titles, names and rights into plain text, and tells text from HTML where no type says so. */
import { decodeHTML, decodeHTMLStrict } from 'entities';

/** Elements that people put into titles and descriptions; what else stands between < and > is text (`Vec<T>`). */
const KNOWN =
  'a|abbr|acronym|address|article|aside|audio|b|bdi|bdo|big|blockquote|br|caption|center|cite|code|col|dd|del|details|dfn|div|dl|dt|em|' +
  'embed|figcaption|figure|font|footer|h[1-6]|header|hr|i|iframe|img|ins|kbd|label|li|main|mark|nav|nobr|ol|p|picture|pre|q|rp|rt|ruby|' +
  's|samp|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|' +
  'video|wbr';
const CLOSING_OR_VOID = new RegExp(`</(?:${KNOWN})\\s*>|<(?:br|hr|img)\\b[^<>]{0,2000}>`, 'i');
const TAG = new RegExp(`<(/?)(${KNOWN}|[a-z][a-z0-9]*:[a-z]+)(?:\\s[^<>]*)?/?>`, 'gi');
const BLOCK =
  /^(address|article|blockquote|br|dd|div|dl|dt|figure|h[1-6]|header|hr|li|ol|p|pre|section|table|td|th|tr|ul)$/i;

/** How much of a long text is looked at to tell its kind; how long a plain text may be. */
const LOOKED_AT = 100_000;
const SHORT = 10_000;

/** Whether the text is meant as HTML: it closes or contains an element that HTML knows. */
export function looksLikeHtml(text: string): boolean {
  return text.includes('<') && CLOSING_OR_VOID.test(text.slice(0, LOOKED_AT));
}

/**
 * The plain text of a short piece of HTML (a title, a name): tags that HTML knows go, block elements part words, references are
 * decoded, white space collapses. Unknown tags stay: `<T>` in a headline is text.
 */
export function plainText(html: string): string {
  const short = html.slice(0, SHORT);
  const bare = short.includes('<')
    ? short
        .replace(/<!--[^>]{0,2000}-->/g, '')
        .replace(/<(script|style)\b[^<>]*>[^<]*<\/\1\s*>/gi, '')
        .replace(TAG, (_tag, _slash, name: string) => (BLOCK.test(name) ? ' ' : ''))
    : short;
  return collapse(bare.includes('&') ? decodeHTML(bare) : bare);
}

/** Text with references that were escaped once too often (`AT&amp;T` after XML decoding), white space collapsed. */
export function decodedText(text: string): string {
  return collapse(text.includes('&') ? decodeHTMLStrict(text) : text);
}

/** White space collapsed to single spaces, none at the ends. No-break spaces stay. */
export function collapse(text: string): string {
  return text.replace(/[ \t\r\n\f]+/g, ' ').trim();
}
