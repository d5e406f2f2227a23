/** How many texts have a hash, in bounded memory: counters that hashes share, corrected for what strangers add. */

/** 2 MB: a hundred thousand news texts of 150 shingles load a counter with 14 strangers. */
export const FREQUENCY_BUCKETS = 1 << 20;
/** After so many texts everything is halved: the table remembers weeks, not years, and stays readable. */
const TEXTS_REMEMBERED = 100_000;
/** As if so many texts with nothing in common had been read before: while little is known, all hashes weigh the same. */
const PRIOR_TEXTS = 200;
const LEAST_WEIGHT = 0.1;
const MOST = 0xffff;
/** Of one more than the place: weights are asked for thousands of times an item. */
const LOGARITHMS = Float64Array.from({ length: MOST + 1 }, (_, count) => Math.log(count + 1));

export class FrequencyTable {
  private load = 0;
  private logTexts = Math.log(PRIOR_TEXTS);
  /** What was counted since the table was last merged with the stored one. */
  private fresh = { counts: new Uint16Array(FREQUENCY_BUCKETS), texts: 0 };

  /** `texts` counted so far, and their hashes in `counts`. */
  constructor(
    private counts = new Uint16Array(FREQUENCY_BUCKETS),
    private texts = 0,
  ) {
    this.load = meanOf(counts);
    this.logTexts = Math.log(texts + PRIOR_TEXTS);
  }

  /**
   * The square of the inverse document frequency's logarithm: about 30 for a hash never seen, near 0 for one in every text.
   * Squared, because a template's words are common enough to be told from a story's own, but only just.
   */
  readonly weight = (hash: number): number => {
    const own = (this.counts[hash & (FREQUENCY_BUCKETS - 1)] ?? 0) - this.load;
    const found = this.logTexts - (LOGARITHMS[own > 0 ? (own + 0.5) | 0 : 0] ?? 0);
    const idf = found > LEAST_WEIGHT ? found : LEAST_WEIGHT;
    return idf * idf;
  };

  /** How many texts have the hash, about. */
  countOf(hash: number): number {
    return Math.max(0, (this.counts[hash & (FREQUENCY_BUCKETS - 1)] ?? 0) - this.load);
  }

  /** Counts a text; each of its hashes should come once. */
  add(hashes: Int32Array): void {
    for (const hash of hashes) {
      const bucket = hash & (FREQUENCY_BUCKETS - 1);
      increase(this.counts, bucket, 1);
      increase(this.fresh.counts, bucket, 1);
    }
    this.load += hashes.length / FREQUENCY_BUCKETS;
  }

  /** Counts a text as read; its hashes are given to `add`. */
  addText(): void {
    this.texts += 1;
    this.logTexts = Math.log(this.texts + PRIOR_TEXTS);
    this.fresh.texts += 1;
  }

  get freshTexts(): number {
    return this.fresh.texts;
  }

  /** The stored counters with what was counted since; halved when they are many. The caller stores and `adopt`s them. */
  mergedWith(stored: { counts: Uint16Array; texts: number }): { counts: Uint16Array; texts: number } {
    const counts = stored.counts.slice();
    for (let i = 0; i < counts.length; i += 1) increase(counts, i, this.fresh.counts[i] ?? 0);
    const texts = stored.texts + this.fresh.texts;
    if (texts < TEXTS_REMEMBERED) return { counts, texts };
    return { counts: counts.map((count) => count >> 1), texts: texts >> 1 };
  }

  /** Goes on with counters that hold everything counted so far, by this process and others. */
  adopt({ counts, texts }: { counts: Uint16Array; texts: number }): void {
    this.counts = counts.slice();
    this.texts = texts;
    this.logTexts = Math.log(texts + PRIOR_TEXTS);
    this.load = meanOf(counts);
    this.fresh = { counts: new Uint16Array(FREQUENCY_BUCKETS), texts: 0 };
  }
}

function increase(counts: Uint16Array, bucket: number, by: number): void {
  counts[bucket] = Math.min(MOST, (counts[bucket] ?? 0) + by);
}

/** What a hash finds in its bucket that is not its own. */
function meanOf(counts: Uint16Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum / counts.length;
}
