/** Where a redirect leads and what may travel there: pure rules, no I/O. */
import type { ExchangeRequest, ExchangeResponse } from './exchange.js';
import { OutboundError } from './outbound-error.js';
import { parseUrl } from '#domain/parse-url.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What one origin was trusted with is not for the next one. */
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/**
 * The request that follows a redirect (RFC 9110, 15.4). 303, and 301 or 302 to a POST, turn into GET without the body;
 * 307 and 308 repeat the request. Credentials stay with their origin.
 * @throws {OutboundError} `bad-redirect` when Location is missing, malformed or not http(s).
 */
export function nextHop(request: ExchangeRequest, response: ExchangeResponse): ExchangeRequest {
  const url = targetOf(request.url, response);
  const rewrites =
    response.status === 303 ? request.method !== 'HEAD' : response.status < 303 && request.method === 'POST';
  const sameOrigin = url.origin === request.url.origin;
  const isSecret = (name: string): boolean => CREDENTIALS.has(name) || request.originHeaders?.includes(name) === true;
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => {
      const lower = name.toLowerCase();
      return (sameOrigin || !isSecret(lower)) && !(rewrites && lower.startsWith('content-'));
    }),
  );
  return rewrites ? { ...request, url, method: 'GET', headers, body: null } : { ...request, url, headers };
}

function targetOf(from: URL, response: ExchangeResponse): URL {
  const location = response.headers['location'];
  if (!location)
    throw new OutboundError('bad-redirect', `${from.host}: redirect (${response.status}) without a target`);
  const url = parseUrl(location, from);
  if (!url)
    throw new OutboundError(
      'bad-redirect',
      `${from.host}: redirect to something that is no address: ${shorten(location)}`,
    );
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutboundError(
      'bad-redirect',
      `${from.host}: redirect to ${shorten(url.protocol)} which is neither http nor https`,
    );
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
