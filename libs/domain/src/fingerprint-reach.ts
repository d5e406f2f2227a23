/** How many texts of the identity window a fingerprint leads to, about: look-ups leave those out that lead to many. */
import { HashCounters } from './hash-counters.js';

/** 4 MB. Half a million stories load a counter with three of others' fingerprints, give or take two: one story can be told from eight. */
const BUCKETS = 1 << 22;
const TEXTS_REMEMBERED = 1_000_000;
/** A fingerprint of more texts than this brings strangers, and each of them costs the look-up a page. */
const TEXTS_LED_TO = 4;
/** A story's own fingerprints are counted, once or with a stranger's by mistake: they must be asked for its copies. */
const COUNTED_AT_LEAST = 2;
/** The rarest are asked however many texts they have: a text of nothing but stock phrases has copies, too. */
const ASKED_AT_LEAST = 10;

export class FingerprintReach {
  /** Sketches are the smallest hashes, so their upper bits are much alike: the lower ones choose the counter. */
  readonly counters = new HashCounters(BUCKETS, 1, TEXTS_REMEMBERED);
  private textsInWindow = 0;
  private addedSince = 0;

  /** A new story's fingerprints. Copies are not counted: each would make its own story look common. */
  add(sketch: readonly number[]): void {
    if (sketch.length === 0) return;
    for (const hash of sketch) this.counters.add(hash);
    this.counters.addText();
    this.addedSince += 1;
  }

  /**
   * How many texts can be found now; what is added later counts as well. The counts may stand for more (of earlier weeks) or
   * fewer (only stories are counted).
   */
  setTextsInWindow(texts: number): void {
    this.textsInWindow = texts;
    this.addedSince = 0;
  }

  /** The fingerprints to look up, the rarest first. */
  asked(sketch: readonly number[]): number[] {
    const { texts, load } = this.counters;
    const countedOfOne = texts / Math.max(1, this.textsInWindow + this.addedSince);
    const most = Math.max(COUNTED_AT_LEAST, TEXTS_LED_TO * countedOfOne) + load;
    return sketch
      .map((hash) => ({ hash, counted: this.counters.of(hash) }))
      .sort((a, b) => a.counted - b.counted)
      .filter(({ counted }, place) => place < ASKED_AT_LEAST || counted <= most)
      .map(({ hash }) => hash);
  }
}
