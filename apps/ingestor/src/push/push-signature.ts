/** Checks that a pushed document was signed by who knows the subscription's secret (WebSub, 7). */
import { createHmac, timingSafeEqual } from 'node:crypto';

const METHODS = new Set(['sha1', 'sha256', 'sha384', 'sha512']);
const SIGNATURE = /^\s*([a-z0-9]{4,6})=([0-9a-f]{40,128})\s*$/i;

/** `header` is X-Hub-Signature, `method=hex`; `body` the bytes as they were sent. Missing and malformed ones are wrong. */
export function isSignedWith(secret: string, header: string | undefined, body: Buffer): boolean {
  const [, name = '', hex = ''] = SIGNATURE.exec(header ?? '') ?? [];
  const method = name.toLowerCase();
  if (!METHODS.has(method)) return false;
  const right = createHmac(method, secret).update(body).digest();
  const given = Buffer.from(hex, 'hex');
  return given.length === right.length && timingSafeEqual(given, right);
}
