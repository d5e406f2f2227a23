/** Signs webhooks as Standard Webhooks says (https://www.standardwebhooks.com), with HMAC-SHA256 (`v1`). */
import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
/** The specification's bounds for a secret's bytes. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** `whsec_` + base64 of 24 to 64 random bytes. Throws RangeError for other lengths. */
export function formatSecret(bytes: Buffer): string {
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES)
    throw new RangeError(`a webhook secret has ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes, not ${bytes.length}`);
  return `${SECRET_PREFIX}${bytes.toString('base64')}`;
}

export interface SignedContent {
  /** The `webhook-id` header: no full stop in it. */
  id: string;
  /** The `webhook-timestamp` header: seconds since 1970, when this attempt is made. */
  timestamp: number;
  /** Exactly the bytes that are sent. */
  body: Buffer;
}

/** The `webhook-signature` header: `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body`. `secret` is `whsec_…`. */
export function signWebhook(secret: string, { id, timestamp, body }: SignedContent): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}
