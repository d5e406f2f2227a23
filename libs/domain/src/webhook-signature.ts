/**
 * Signs webhooks as Standard Webhooks says (https://www.standardwebhooks.com): with HMAC-SHA256 (`v1`) or ed25519 (`v1a`),
 * as the key's own prefix tells.
 */
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';
/** The specification's bounds for a secret's bytes. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const SEED_BYTES = 32;
/** What goes before a seed in PKCS #8 (RFC 8410, 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export type Signing = 'hmac' | 'ed25519';

/** `whsec_` + base64 of 24 to 64 random bytes. Throws RangeError for other lengths. */
export function formatSecret(bytes: Buffer): string {
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES)
    throw new RangeError(`a webhook secret has ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes, not ${bytes.length}`);
  return `${SECRET_PREFIX}${bytes.toString('base64')}`;
}

/** An ed25519 pair from 32 random bytes: `whsk_` + base64 of seed and public key, and `whpk_` + base64 of the public key. */
export function formatKeyPair(seed: Buffer): { privateKey: string; publicKey: string } {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
  const half = createPublicKey(toKeyObject(seed)).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
  return {
    privateKey: PRIVATE_PREFIX + Buffer.concat([seed, half]).toString('base64'),
    publicKey: PUBLIC_PREFIX + half.toString('base64'),
  };
}

export interface SignedContent {
  /** The `webhook-id` header: no full stop in it. */
  id: string;
  /** The `webhook-timestamp` header: seconds since 1970, when this attempt is made. */
  timestamp: number;
  /** Exactly the bytes that are sent. */
  body: Buffer;
}

/** Answers one entry of the `webhook-signature` header, over `id.timestamp.body`. */
export type WebhookSigner = (content: SignedContent) => string;

/** What signs with a key: `v1,` + base64 for `whsec_…`, `v1a,` + base64 for `whsk_…`. Throws for anything else. */
export function webhookSigner(key: string): WebhookSigner {
  if (key.startsWith(SECRET_PREFIX)) {
    const secret = Buffer.from(key.slice(SECRET_PREFIX.length), 'base64');
    return ({ id, timestamp, body }) =>
      `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
  }
  if (!key.startsWith(PRIVATE_PREFIX)) throw new Error('this signing key has an unknown form');
  const pair = toKeyObject(Buffer.from(key.slice(PRIVATE_PREFIX.length), 'base64').subarray(0, SEED_BYTES));
  return ({ id, timestamp, body }) => {
    const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
    return `v1a,${sign(null, signed, pair).toString('base64')}`;
  };
}

/** One signature with one key; whoever signs often keeps the signer. */
export function signWebhook(key: string, content: SignedContent): string {
  return webhookSigner(key)(content);
}

function toKeyObject(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}
