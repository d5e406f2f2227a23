/** Every id of ours is a UUIDv7 (RFC 9562): ordered by time, so that keys stay local and weekly partitions can use them. */
import { v7 } from 'uuid';

/** A new UUIDv7; monotonic within one process. */
export function uuidV7(): string {
  return v7();
}

/** No UUIDv7 of this moment or later is smaller: the database's `uuid_v7_floor`, for values that its planner is to see. */
export function uuidV7Floor(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
