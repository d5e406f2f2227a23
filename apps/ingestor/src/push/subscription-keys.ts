/** A subscription's callback address and secret, both derived from its id: nothing to store, nothing to guess. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The path below which hubs call back. */
export const CALLBACK_PATH = '/websub/callbacks';
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The address to give to a hub. `base` has no final slash. */
export function callbackAddress(base: string, id: string, key: Buffer): string {
  return `${base}${CALLBACK_PATH}/${id}/${doorKey(id, key).toString('base64url')}`;
}

/** Whether `given`, the address's last part, is the one that belongs to `id`. Takes the same time for every wrong one. */
export function fitsCallback(id: string, given: string, key: Buffer): boolean {
  if (!ID.test(id)) return false;
  const right = doorKey(id, key);
  const bytes = Buffer.from(given, 'base64url');
  return bytes.length === right.length && timingSafeEqual(bytes, right);
}

/** `hub.secret`: what the hub signs with (WebSub, 5.1: less than 200 bytes). */
export function subscriptionSecret(id: string, key: Buffer): string {
  return createHmac('sha256', key).update(`websub secret ${id}`).digest('hex');
}

function doorKey(id: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`websub callback ${id}`).digest();
}
