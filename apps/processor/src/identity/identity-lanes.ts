/** Which lanes an item's keys belong to: equal keys always share one, so equal items are never decided at the same time. */
import { createHash } from 'node:crypto';
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

function laneOf({ kind, key }: IdentityKey): number {
  return createHash('sha256').update(`${kind}\n${key}`).digest().readUInt32BE(0) % LANES;
}
