/** How long something takes while this process gets its turn: a machine that stands still for seconds must fail nobody. */

const TICK_MS = 25;
/** The most that one tick counts. */
const MOST_A_TICK_MS = 4 * TICK_MS;

/** Starts to count; the function it answers ends the count and tells the milliseconds. Read it once. */
export function startStopwatch(): () => number {
  let counted = 0;
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    counted += Math.min(now - last, MOST_A_TICK_MS);
    last = now;
  };
  const timer = setInterval(tick, TICK_MS);
  return () => {
    clearInterval(timer);
    tick();
    return counted;
  };
}
