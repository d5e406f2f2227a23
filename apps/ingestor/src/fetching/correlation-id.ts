/** The id that leads through the logs from a fetch to the deliveries of what it brought. */
import { randomFillSync } from 'node:crypto';

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 12;
/** Random bytes are asked for many at a time: asking costs more than the bytes. */
const pool = Buffer.alloc(LENGTH * 256);
let used = pool.length;

/** `c_` and 12 characters: 60 random bits. */
export function correlationId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let id = 'c_';
  for (const end = used + LENGTH; used < end; used++) id += BASE32[(pool[used] as number) & 31];
  return id;
}
