/** Makes addresses absolute the way browsers do, and refuses what is none. */

/** Schemes that may stand where a feed gives an address; `javascript:` and friends are not among them. */
const SCHEMES = /^(https?|ftps?|mailto|magnet|gemini|gopher|feed|ipfs|rtsp|rtmp|mms|itms|podcast):$/;

const WHOLE = /^[a-z][a-z0-9+.-]*:\/\/[^\s<>"\\^`{|}]+$/i;

/** The usual address, which no parser would refuse or change: a host of plain names, not a number, not in Punycode. */
const USUAL =
  /^https?:\/\/(?!(?:[^/]*\.)?xn--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,20}(?:\/[^\s<>"\\^`{|}]*)?$/i;

/** A path from the root that needs no care, and the site of a base that needs none: joining them is a matter of text. */
const PATH = /^\/(?!\/)[\w~%/?=&#+,;:@!$()*.-]*$/;
const SITE = /^https?:\/\/(?!(?:[^/]*\.)?xn--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,20}(?=\/|$)/;

/** `reference` made absolute against `base` (RFC 3986, 5.2; WHATWG URL), or undefined when that gives no usable address. */
export function absoluteUrl(reference: string, base: string | undefined): string | undefined {
  if (USUAL.test(reference) && !reference.includes('&amp;')) return reference;
  if (base && PATH.test(reference) && !reference.includes('/.') && !reference.includes('&amp;')) {
    const site = SITE.exec(base)?.[0];
    if (site !== undefined) return site + reference;
  }
  // People escape ampersands once too often; line ends are never part of an address.
  const cleaned = reference
    .replace(/[\t\r\n]+/g, '')
    .trim()
    .replace(/&amp;/g, '&')
    // A host without its scheme would be taken for a path.
    .replace(/^(?=www\.[\w-]+\.\w)/i, 'http://');
  if (cleaned === '') return undefined;
  try {
    const url = base ? new URL(cleaned, base) : new URL(cleaned.startsWith('//') ? `https:${cleaned}` : cleaned);
    if (!SCHEMES.test(url.protocol)) return undefined;
    // What was absolute and clean already stays as the partner wrote it: ids and links are compared as text.
    return WHOLE.test(cleaned) ? cleaned : url.href;
  } catch {
    return undefined;
  }
}

/** An id as it is; one that is only a path, against RFC 4287 (4.2.6), made whole. */
export function wholeId(node: { text: string; base: string | undefined }, base: string): string {
  const id = node.text;
  return /^\/[^/]/.test(id) ? (absoluteUrl(id, node.base ?? base) ?? id) : id;
}
