/** Which lanes an item's keys belong to: equal keys always share one, so equal items are never decided at the same time. */
import type { IdentityKey } from './item-keys.js';

/**
 * So many that two chunks without a common key hardly ever meet in one. A chunk of a hundred items holds 250 to 400 of
 * them. Changing the number while old processors still run would let them miss each other.
 */
const LANES = 1 << 24;

/** The lanes of a batch, each once. See docs/adr/0002-identity-lanes.md. */
export function identityLanes(keys: readonly IdentityKey[]): number[] {
  return [...new Set(keys.map(laneOf))];
}

/** FNV-1a: quick, and the same in every process. */
function laneOf({ kind, key }: IdentityKey): number {
  const text = `${kind} ${key}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % LANES;
}
