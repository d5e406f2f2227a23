/** Waiting for the hub to have done something, as its database tells. */
import { type Stage } from './stage.js';

/** Counting costs Postgres something too: seldom enough not to be measured itself. A child's count costs nothing. */
const LOOK_EVERY_MS = 100;
const ASK_EVERY_MS = 20;
const PATIENCE_MS = 120_000;

/** A count by SQL, or by a question to one of the bench's children. */
export type Count = string | (() => Promise<number>);

/** Waits until the count is at least `goal`. Returns the seconds since `started` (performance.now()); throws, with the hub's status and last words, when nothing has moved for two minutes. */
export async function untilCount(stage: Stage, started: number, counted: Count, goal: number): Promise<number> {
  let last = -1;
  let lastMove = performance.now();
  for (;;) {
    const count = typeof counted === 'string' ? await stage.database.count(counted) : await counted();
    const now = performance.now();
    if (count >= goal) return (now - started) / 1000;
    if (count !== last) lastMove = now;
    last = count;
    if (now - lastMove > PATIENCE_MS) {
      const status = await stage.hub.api<object>('GET', '/status').catch(String);
      const hub = `${JSON.stringify(status)}\n${await stage.hub.log()}`;
      throw new Error(`stuck at ${count} of ${goal} (${String(counted)})\n${hub}`);
    }
    await new Promise((resolve) => setTimeout(resolve, typeof counted === 'string' ? LOOK_EVERY_MS : ASK_EVERY_MS));
  }
}
