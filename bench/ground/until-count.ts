/** Waiting for the hub to have done something, as its database tells. */
import { type Stage } from './stage.js';

const LOOK_EVERY_MS = 20;

/** Waits until the query's count is at least `goal`. Returns the seconds since `started` (performance.now()); throws, with the hub's last words, when nothing has moved for 30 s. */
export async function untilCount(stage: Stage, started: number, query: string, goal: number): Promise<number> {
  let last = -1;
  let lastMove = performance.now();
  for (;;) {
    const count = await stage.database.count(query);
    const now = performance.now();
    if (count >= goal) return (now - started) / 1000;
    if (count !== last) lastMove = now;
    last = count;
    if (now - lastMove > 30_000) {
      throw new Error(`stuck at ${count} of ${goal} (${query})\n${await stage.hub.log()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
