/** Which stories have a word: an inverted index over numbered stories that forgets them in bulk. Pure. */
import { SLOTS, slotOfPacked } from './term-weights.js';

export class TermPostings {
  /** In how many stories each slot's word comes. */
  readonly storiesWith = new Uint32Array(SLOTS);
  private readonly having = new Map<number, number[]>();

  add(story: number, terms: Int32Array): void {
    for (const term of terms) {
      const slot = slotOfPacked(term);
      this.storiesWith[slot] = (this.storiesWith[slot] ?? 0) + 1;
      const having = this.having.get(slot);
      if (having === undefined) this.having.set(slot, [story]);
      else having.push(story);
    }
  }

  /** The story is still named by `storiesOf` until the next `sweep`; its words are no longer counted. */
  forget(terms: Int32Array): void {
    for (const term of terms) {
      const slot = slotOfPacked(term);
      this.storiesWith[slot] = Math.max(0, (this.storiesWith[slot] ?? 0) - 1);
    }
  }

  /** Takes out for good the stories that are not `alive`. */
  sweep(alive: (story: number) => boolean): void {
    for (const [slot, stories] of this.having) {
      const left = stories.filter(alive);
      if (left.length === 0) this.having.delete(slot);
      else this.having.set(slot, left);
    }
  }

  storiesOf(slot: number): readonly number[] {
    return this.having.get(slot) ?? NONE;
  }
}

const NONE: readonly number[] = [];
