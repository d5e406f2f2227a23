/** How many texts have a hash, in bounded memory: counters that hashes share, corrected for what strangers add. */
import { HashCounters } from './hash-counters.js';

/** 2 MB: a hundred thousand news texts of 150 shingles load a counter with 14 strangers. */
const BUCKETS = 1 << 20;
const TEXTS_REMEMBERED = 100_000;
/** As if so many texts with nothing in common had been read before: while little is known, all hashes weigh the same. */
const PRIOR_TEXTS = 200;
const LEAST_WEIGHT = 0.1;
/** A story's own words: those of the report itself and of one that was told beside it. A template's are in all of its issues. */
const FEW_TEXTS = 2;
/** Of so many texts the templates are among those that were read, one or two issues of each. */
const TEMPLATES_READ = 2_000;
/** The share of a text's hashes that tells whether they are a story's own. */
export const OF_FEW = 0.3;
const MOST = 0xffff;
/** Of one more than the place: weights are asked for thousands of times an item. */
const LOGARITHMS = Float64Array.from({ length: MOST + 1 }, (_, count) => Math.log(count + 1));

export class FrequencyTable {
  readonly counters = new HashCounters(BUCKETS, 2, TEXTS_REMEMBERED);
  private logarithm = { texts: 0, value: Math.log(PRIOR_TEXTS) };

  /**
   * The square of the inverse document frequency's logarithm: about 30 for a hash never seen, near 0 for one in every text.
   * Squared, because a template's words are common enough to be told from a story's own, but only just.
   */
  readonly weight = (hash: number): number => {
    const own = this.counters.of(hash) - this.counters.load;
    const found = this.logTexts() - (LOGARITHMS[own > 0 ? (own + 0.5) | 0 : 0] ?? 0);
    const idf = found > LEAST_WEIGHT ? found : LEAST_WEIGHT;
    return idf * idf;
  };

  /**
   * Whether the hash is some story's own, as far as was counted. For who asks of many hashes whether `OF_FEW` of them are: strangers leave
   * that share of the counters fuller than this, and a few common ones make the mean much more than most hashes find.
   */
  readonly isOfFew = (hash: number): boolean => this.counters.of(hash) - this.counters.atMost(OF_FEW) <= FEW_TEXTS;

  /** Whether so little was read that a template's next issue may look like one of few stories. */
  isYoung(): boolean {
    return this.counters.texts < TEMPLATES_READ;
  }

  /** How many texts have the hash, about. */
  countOf(hash: number): number {
    return Math.max(0, this.counters.of(hash) - this.counters.load);
  }

  /** Counts a text; each of its hashes should come once. */
  add(hashes: Int32Array): void {
    for (const hash of hashes) this.counters.add(hash);
  }

  /** Counts a text as read; its hashes are given to `add`. */
  addText(): void {
    this.counters.addText();
  }

  private logTexts(): number {
    const { texts } = this.counters;
    if (texts !== this.logarithm.texts) this.logarithm = { texts, value: Math.log(texts + PRIOR_TEXTS) };
    return this.logarithm.value;
  }
}
