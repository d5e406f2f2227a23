/** How many texts of the identity window a fingerprint leads to, about: look-ups leave those out that lead to many. */

/** 4 MB. Half a million stories load a counter with three of others' fingerprints, give or take two: one story can be told from eight. */
export const REACH_BUCKETS = 1 << 22;
/** After so many texts everything is halved: the table remembers weeks, not years, and stays readable. */
const TEXTS_REMEMBERED = 1_000_000;
/** A fingerprint of more texts than this brings strangers, and each of them costs the look-up a page. */
const TEXTS_LED_TO = 4;
/** A story's own fingerprints are counted, once or with a stranger's by mistake: they must be asked for its copies. */
const COUNTED_AT_LEAST = 2;
/** The rarest are asked however many texts they have: a text of nothing but stock phrases has copies, too. */
const ASKED_AT_LEAST = 10;
const MOST = 0xff;

/** A counter a bucket, and how many texts were counted. */
export interface ReachCounts {
  counts: Uint8Array;
  texts: number;
}

export class FingerprintReach {
  private known: ReachCounts = { counts: new Uint8Array(REACH_BUCKETS), texts: 0 };
  /** What was counted since the table was last merged with the stored one. */
  private fresh: ReachCounts = { counts: new Uint8Array(REACH_BUCKETS), texts: 0 };
  /** What a fingerprint finds in its bucket that is not its own. */
  private load = 0;
  private textsInWindow = 0;
  private addedSince = 0;

  /** A new story's fingerprints. Copies are not counted: each would make its own story look common. */
  add(sketch: readonly number[]): void {
    if (sketch.length === 0) return;
    for (const hash of sketch) {
      increase(this.known.counts, bucketOf(hash), 1);
      increase(this.fresh.counts, bucketOf(hash), 1);
    }
    this.known.texts += 1;
    this.fresh.texts += 1;
    this.addedSince += 1;
    this.load += sketch.length / REACH_BUCKETS;
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
    const countedOfOne = this.known.texts / Math.max(1, this.textsInWindow + this.addedSince);
    const most = Math.max(COUNTED_AT_LEAST, TEXTS_LED_TO * countedOfOne) + this.load;
    return sketch
      .map((hash) => ({ hash, counted: this.known.counts[bucketOf(hash)] ?? 0 }))
      .sort((a, b) => a.counted - b.counted)
      .filter(({ counted }, place) => place < ASKED_AT_LEAST || counted <= most)
      .map(({ hash }) => hash);
  }

  get freshTexts(): number {
    return this.fresh.texts;
  }

  /** The stored counters with what was counted since; halved when they are many. The caller stores and `adopt`s them. */
  mergedWith(stored: ReachCounts): ReachCounts {
    const counts = stored.counts.slice();
    for (let i = 0; i < counts.length; i += 1) {
      const more = this.fresh.counts[i] ?? 0;
      if (more > 0) increase(counts, i, more);
    }
    const texts = stored.texts + this.fresh.texts;
    if (texts < TEXTS_REMEMBERED) return { counts, texts };
    return { counts: counts.map((count) => count >> 1), texts: texts >> 1 };
  }

  /** Goes on with counters that hold everything counted so far, by this process and others. */
  adopt(merged: ReachCounts): void {
    this.known = merged;
    this.fresh.counts.fill(0);
    this.fresh.texts = 0;
    let sum = 0;
    for (const count of merged.counts) sum += count;
    this.load = sum / REACH_BUCKETS;
  }
}

/** Sketches are the smallest hashes, so their upper bits are much alike: the lower ones choose. */
function bucketOf(hash: number): number {
  return hash & (REACH_BUCKETS - 1);
}

function increase(counts: Uint8Array, bucket: number, by: number): void {
  counts[bucket] = Math.min(MOST, (counts[bucket] ?? 0) + by);
}
