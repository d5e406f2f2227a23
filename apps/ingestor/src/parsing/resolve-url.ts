/** Makes addresses absolute the way browsers do, and refuses what is none. */

/** Schemes that may stand where a feed gives an address; `javascript:` and friends are not among them. */
const SCHEMES = /^(https?|ftps?|mailto|magnet|gemini|gopher|feed|ipfs|rtsp|rtmp|mms|itms|podcast):$/;

const WHOLE = /^[a-z][a-z0-9+.-]*:\/\/[^\s<>"\\^`{|}]+$/i;

/** `reference` made absolute against `base` (RFC 3986, 5.2; WHATWG URL), or undefined when that gives no usable address. */
export function absoluteUrl(reference: string, base: string | undefined): string | undefined {
  // People escape ampersands once too often; white space is never part of an address.
  const cleaned = reference
    .replace(/[\t\r\n]+/g, '')
    .trim()
    .replace(/&amp;/g, '&');
  if (cleaned === '') return undefined;
  try {
    const url = base === undefined || base === '' ? new URL(cleaned) : new URL(cleaned, base);
    if (!SCHEMES.test(url.protocol)) return undefined;
    // What was absolute and clean already stays as the partner wrote it: ids and links are compared as text.
    return WHOLE.test(cleaned) ? cleaned : url.href;
  } catch {
    return undefined;
  }
}
