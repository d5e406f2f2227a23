/** Long work on the main thread, in pieces: a hub in one process answers readers and sends webhooks between them. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A piece; a single step of the work may take longer. */
const PIECE_MS = 5;

/** Runs `work` to its end, and lets everything else have a turn whenever a piece is over. Answers what it returns, throws what it throws. */
export async function inTurns<Result>(work: Iterator<void, Result>): Promise<Result> {
  let begun = performance.now();
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    if (performance.now() - begun < PIECE_MS) continue;
    await nextTurn();
    begun = performance.now();
  }
}
