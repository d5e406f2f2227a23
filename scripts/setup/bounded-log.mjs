// Log files of the stores that cannot fill the disk.
import { copyFileSync, openSync, statSync, truncateSync } from 'node:fs';

const MAX_BYTES = 5_000_000;
const CHECK_MS = 30_000;

/**
 * Opens a file to append to, for a child to write to by itself: it outlives us, no pipe of ours can break under it.
 * Beyond 5 MB its content moves to FILE.1.
 * @param {string} file @returns {number} file descriptor
 */
export function openLog(file) {
  const descriptor = openSync(file, 'a', 0o600);
  const turn = () => {
    // The folder of throw-away data may be gone before this process is.
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < MAX_BYTES) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  };
  turn();
  setInterval(turn, CHECK_MS).unref();
  return descriptor;
}
