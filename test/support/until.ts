/** Waiting for conditions instead of sleeping. */

/** Asks `probe` every 25 ms, or `everyMs`, until it answers something other than undefined or false. Throws with `what` after `withinMs`. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 60_000,
  everyMs = 25,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  let lastError: Error | undefined;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error instanceof Error ? error : new Error(JSON.stringify(error));
    }
    if (Date.now() > giveUpAt)
      throw new Error(
        `waited ${withinMs} ms in vain until ${what}${lastError === undefined ? '' : `: ${lastError.message}`}`,
      );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
