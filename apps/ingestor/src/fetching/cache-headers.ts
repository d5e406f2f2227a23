/** What an answer's headers say of when to ask again, in seconds: Cache-Control, Expires, Age, Retry-After. */

type Headers = Record<string, string>;

/** How much longer the answer is fresh (RFC 9111, 4.2.1); null when it does not say. A 304 carries these headers too. */
export function freshForSeconds(headers: Headers): number | null {
  const control = headers['cache-control'] ?? '';
  const maxAge = /(?:^|[\s,])max-age="?(\d{1,12})/i.exec(control)?.[1];
  if (maxAge !== undefined) return Math.max(0, Number(maxAge) - age(headers));
  if (/no-(cache|store)/i.test(control)) return null;
  const expires = Date.parse(headers['expires'] ?? '');
  const date = Date.parse(headers['date'] ?? '');
  // Both times are the server's, so that its clock does not matter.
  return Number.isNaN(expires) || Number.isNaN(date) ? null : Math.max(0, (expires - date) / 1000);
}

/** Retry-After as seconds from now, whichever of its two forms it has (RFC 9110, 10.2.3); null when absent or unreadable. */
export function retryAfterSeconds(headers: Headers, now: Date): number | null {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d{1,12}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, (at - now.getTime()) / 1000);
}

/** ETag and Last-Modified to send back next time; those that could not be sent as they came are dropped. */
export function validators(headers: Headers): { etag: string | null; lastModified: string | null } {
  return { etag: sendable(headers['etag']), lastModified: sendable(headers['last-modified']) };
}

function age(headers: Headers): number {
  const seconds = Number(headers['age'] ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

function sendable(value: string | undefined): string | null {
  return value !== undefined && /^[\x20-\x7e]{1,1000}$/.test(value) ? value : null;
}
