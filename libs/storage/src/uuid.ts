/** Every id of ours is a UUIDv7 (RFC 9562): ordered by time, so that keys stay local and weekly partitions can use them. */
import { v7 } from 'uuid';

/** A new UUIDv7; monotonic within one process. */
export function uuidV7(): string {
  return v7();
}
