/** Which headers an endpoint may add to its webhooks: whatever its gateway asks for, nothing that says how a request is carried. */

/** Bounds of a set of own headers; `bytes`: names and values together. */
export const OWN_HEADERS = { number: 20, nameLength: 64, valueLength: 1_000, bytes: 4_096 };

/** In the small letters that HTTP/2 asks for; of the symbols that RFC 9110 allows in a name, those that anybody uses. */
const NAME = /^[a-z][a-z0-9._-]*$/;
/** Visible ASCII with single spaces and tabs inside: no line breaks, no control characters, nothing to trim. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;

/** Hop-by-hop (RFC 9110, 7.6.1), framing, identity of the sender, cookies, and words that gateways take for another address or method. */
const RESERVED = new Set([
  'accept-encoding',
  'connection',
  'cookie',
  'cookie2',
  'date',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'max-forwards',
  'origin',
  'range',
  'referer',
  'set-cookie',
  'set-cookie2',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
]);
const RESERVED_BEGINNINGS = [
  'access-control-',
  'content-',
  'if-',
  'proxy-',
  'sec-',
  'svix-',
  'webhook-',
  'x-forwarded-',
];

/**
 * What is wrong with a header that an endpoint wants on its webhooks, in words that say what to do; null when nothing is.
 * `Authorization` and any other name that is not reserved are welcome.
 */
export function ownHeaderProblem(name: string, value: string): string | null {
  const lower = name.toLowerCase();
  if (lower.length > OWN_HEADERS.nameLength) return `a header's name has at most ${OWN_HEADERS.nameLength} characters`;
  if (!NAME.test(lower)) return 'is not a name of a header: use letters, digits and hyphens';
  if (isReserved(lower)) return 'is a header that the hub or the connection sets itself: leave it out';
  if (value.length > OWN_HEADERS.valueLength)
    return `a header's value has at most ${OWN_HEADERS.valueLength} characters`;
  if (!VALUE.test(value))
    return 'must be visible ASCII characters, with no line break and no space at the beginning or the end';
  return null;
}

/** What is wrong with the whole set (a value of null takes a header away); null when nothing is. */
export function ownHeadersProblem(headers: Record<string, string | null>): string | null {
  const entries = Object.entries(headers);
  if (entries.length > OWN_HEADERS.number) return `at most ${OWN_HEADERS.number} headers`;
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0), 0);
  return bytes > OWN_HEADERS.bytes
    ? `names and values have at most ${OWN_HEADERS.bytes} characters together, not ${bytes}`
    : null;
}

/** Some servers read an underscore as a hyphen, so both are the same name here. */
function isReserved(lower: string): boolean {
  const name = lower.replaceAll('_', '-');
  return RESERVED.has(name) || RESERVED_BEGINNINGS.some((beginning) => name.startsWith(beginning));
}
