/** How the many concurrent deliveries of this process share statements. */

/** Rows of one statement. */
export const BATCH_SIZE = 200;
/** How long the first of a batch waits for company. */
const WINDOW_MS = 2;

/** dataloader's `batchScheduleFn`. */
export function soon(callback: () => void): void {
  setTimeout(callback, WINDOW_MS);
}
