/** Names a delivery for its receiver: the same event for the same endpoint has the same name for ever, so repeats are seen as such. */
import { createHash } from 'node:crypto';

/** Crockford's base32, lower case: no letter that is mistaken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;

/** `msg_` + 26 characters (130 bits of SHA-256 over both ids). */
export function webhookId(eventId: string, endpointId: string): string {
  const digest = createHash('sha256').update(`${eventId} ${endpointId}`).digest();
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of digest) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < LENGTH) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return `msg_${text}`;
}
