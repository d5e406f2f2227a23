/** How many texts have a hash, in bounded memory: counters that hashes share, corrected for what strangers add. */

/** 2 MB: a hundred thousand news texts of 150 shingles load a counter with 14 strangers. */
export const FREQUENCY_BUCKETS = 1 << 20;
/** After so many texts everything is halved: the table remembers weeks, not years, and stays readable. */
const TEXTS_REMEMBERED = 100_000;
/** As if so many texts with nothing in common had been read before: while little is known, all hashes weigh the same. */
const PRIOR_TEXTS = 200;
const LEAST_WEIGHT = 0.1;
const MOST = 0xffff;

export class FrequencyTable {
  private load = 0;

  /** `texts` counted so far, and their hashes in `counts`. Both are what a store keeps. */
  constructor(
    readonly counts = new Uint16Array(FREQUENCY_BUCKETS),
    public texts = 0,
  ) {
    this.measure();
  }

  /**
   * The square of the inverse document frequency's logarithm: about 30 for a hash never seen, near 0 for one in every text.
   * Squared, because a template's words are common enough to be told from a story's own, but only just.
   */
  readonly weight = (hash: number): number => {
    const count = this.counts[hash & (FREQUENCY_BUCKETS - 1)] ?? 0;
    const own = Math.max(0, count - this.load);
    const idf = Math.max(LEAST_WEIGHT, Math.log((this.texts + PRIOR_TEXTS) / (own + 1)));
    return idf * idf;
  };

  /** Counts a text; each of its hashes should come once. */
  add(hashes: Iterable<number>): void {
    let added = 0;
    for (const hash of hashes) {
      const bucket = hash & (FREQUENCY_BUCKETS - 1);
      const count = this.counts[bucket] ?? 0;
      if (count < MOST) this.counts[bucket] = count + 1;
      added += 1;
    }
    this.texts += 1;
    this.load += added / FREQUENCY_BUCKETS;
    if (this.texts >= TEXTS_REMEMBERED) this.halve();
  }

  private halve(): void {
    for (let i = 0; i < this.counts.length; i += 1) this.counts[i] = (this.counts[i] ?? 0) >> 1;
    this.texts = Math.ceil(this.texts / 2);
    this.measure();
  }

  /** The mean of the counters: what a hash finds in its bucket that is not its own. */
  private measure(): void {
    let sum = 0;
    for (const count of this.counts) sum += count;
    this.load = sum / FREQUENCY_BUCKETS;
  }
}
