/** Compares secrets without letting the time it takes tell how much of them was right. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Constant time whatever the lengths: digests are compared, not the texts. */
export function isSameSecret(presented: string, expected: string): boolean {
  return timingSafeEqual(digest(presented), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
