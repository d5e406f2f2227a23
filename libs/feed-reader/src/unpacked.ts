/** Unpacks documents that a server sends as files in gzip without saying so. */
import { constants, gunzipSync } from 'node:zlib';

import { LIMITS } from './limits.js';
import { type ProblemLog } from './problem-log.js';
import { UnreadableFeedError } from './unreadable-feed-error.js';

/** The bytes, unpacked when they are gzip (RFC 1952); of a cut one what arrived. Throws UnreadableFeedError for a bomb. */
export function unpacked(bytes: Uint8Array, problems: ProblemLog): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return bytes;
  try {
    // Without a wish for the end, a cut stream gives what it has.
    const plain = gunzipSync(bytes, { maxOutputLength: LIMITS.documentBytes, finishFlush: constants.Z_SYNC_FLUSH });
    problems.note('gzip-file');
    return plain;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const limit = Math.round(LIMITS.documentBytes / 1024 / 1024);
      throw new UnreadableFeedError(
        'too-large',
        `The document unpacks to more than ${limit} MB, which is more than is read.`,
      );
    }
    throw new UnreadableFeedError('not-a-feed', 'The document is a broken gzip file.');
  }
}
