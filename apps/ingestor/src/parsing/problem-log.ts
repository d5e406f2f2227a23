/** Collects what the reader repaired or could not use, each kind once an item, never without bound. */
import { type ParseProblem } from '#contracts/parsed-feed.js';

import { LIMITS } from './limits.js';

export class ProblemLog {
  readonly problems: ParseProblem[] = [];
  private readonly seen = new Set<string>();

  /** Notes a problem unless the same code was already noted for the same item. `message` is a sentence for the partner. */
  note(code: string, message: string, itemIndex?: number): void {
    const key = `${code} ${itemIndex ?? ''}`;
    if (this.problems.length >= LIMITS.problems || this.seen.has(key)) return;
    this.seen.add(key);
    this.problems.push(itemIndex === undefined ? { code, message } : { code, message, itemIndex });
  }
}
