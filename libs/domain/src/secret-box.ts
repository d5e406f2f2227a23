/** Seals secrets at rest with AES-256-GCM, bound to the row they belong to. */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** First byte of every box, so that another scheme can follow. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * Layout: version, nonce, tag, ciphertext. `key` has 32 bytes, `nonce` 12 random ones used once; `owner` (the row's id)
 * is authenticated, so that a box moved to another row does not open.
 */
export function sealSecret(secret: string, key: Buffer, owner: string, nonce: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]);
}

/** Throws when the box was sealed with another key, for another owner, or was altered. */
export function openSecret(box: Buffer, key: Buffer, owner: string): string {
  if (box[0] !== VERSION || box.length < HEADER_BYTES) throw new Error('this sealed secret has an unknown form');
  const nonce = box.subarray(1, 1 + NONCE_BYTES);
  const tag = box.subarray(1 + NONCE_BYTES, HEADER_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(tag);
  return decipher.update(box.subarray(HEADER_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
