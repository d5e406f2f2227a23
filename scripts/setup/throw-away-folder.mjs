// Where data lies that nobody will miss: in memory where there is plenty of it, else among the system's temporary files.
import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux's file system in memory. A container's is often too small. */
const MEMORY = '/dev/shm';
/** The tests' PostgreSQL grows to one; the programs beside it need the rest. */
const [SPACE_BYTES, FREE_BYTES] = [2 * 2 ** 30, 8 * 2 ** 30];

/**
 * A new folder. A database of the tests is a thousand small files, made and removed a hundred times: on some disks that
 * costs more than everything else that PostgreSQL does for them.
 * @param {string} prefix of its name
 * @param {{ inMemory: boolean }} options
 */
export function throwAwayFolder(prefix, { inMemory }) {
  return mkdtempSync(join(inMemory && hasRoomInMemory() ? MEMORY : tmpdir(), prefix));
}

function hasRoomInMemory() {
  if (process.platform !== 'linux') return false;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= SPACE_BYTES && Math.min(freemem(), process.constrainedMemory() || Infinity) >= FREE_BYTES;
  } catch {
    return false;
  }
}
