/** Which lanes an item's keys belong to: equal keys always share one, so equal items are never decided at the same time. */
import type { IdentityKey } from './item-keys.js';

/**
 * Few enough for a batch to hold all of them at once (every lock takes room in PostgreSQL's lock table), many enough for
 * single items to pass each other. Changing it while old processors still run would let them miss each other.
 */
const LANES = 128;

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
