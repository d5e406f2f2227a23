/** Waiting for conditions instead of sleeping. */

/** The most that one round counts: while the machine stands still, nobody's patience runs out. */
const MOST_A_ROUND_MS = 5_000;

/** Asks `probe` every 25 ms, or `everyMs`, until it answers something other than undefined or false. Throws with `what` after `withinMs`. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 60_000,
  everyMs = 25,
): Promise<T> {
  let lastError: Error | undefined;
  for (let waitedMs = 0; ;) {
    const start = performance.now();
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error instanceof Error ? error : new Error(JSON.stringify(error));
    }
    if (waitedMs > withinMs)
      throw new Error(
        `waited ${withinMs} ms in vain until ${what}${lastError === undefined ? '' : `: ${lastError.message}`}`,
      );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    waitedMs += Math.min(performance.now() - start, MOST_A_ROUND_MS);
  }
}
