/** What an asker is told whose cursor is ahead of the hub: it would get nothing, and miss what gets those numbers again. */
import { ProblemException, problemBody } from './problem.js';

/** 410 with the number to go on from. Only a hub that was restored from a backup meets cursors that it did not give. */
export function beyondNewest(since: number, newest: number, oldestSince: number): ProblemException {
  return new ProblemException(
    problemBody(
      410,
      `There is no event ${since}: the newest is ${newest}. The hub was restored from a backup since you got this number, or it is another hub's. Go on with since=${oldestSince}, and pass over what you had already: it has the same webhookId or id.`,
      { kind: 'beyond-newest', oldestSince, newest },
    ),
  );
}
