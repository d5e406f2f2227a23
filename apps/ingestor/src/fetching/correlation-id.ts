/** The id that leads through the logs from a fetch to the deliveries of what it brought. */
import { randomBytes } from 'node:crypto';

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** `c_` and 12 characters: 60 random bits. */
export function correlationId(): string {
  let id = 'c_';
  for (const byte of randomBytes(12)) id += BASE32[byte & 31];
  return id;
}
