/** Counters that hashes share, in slices that are stored one by one: nothing ever waits for four million of them. */

/** Of a slice as it is stored. */
const SLICE_BYTES = 1 << 15;
/** Counters that are looked at to tell how full all are. */
const SAMPLE = 1 << 12;

/** One byte or two, little-endian: a counter stops at its most. */
type Counts = Uint8Array | Uint16Array;

/** As it is stored; `version` tells whether another process has stored it since, 0 that nobody has. */
export interface StoredSlice {
  version: number;
  counts: Uint8Array;
}

/** `giveBack`: what of it was fresh. */
export interface TakenSlice extends StoredSlice {
  giveBack: Counts;
}

export class HashCounters {
  readonly slices: number;
  /** Everything counted so far, by this process and others. */
  private readonly known: Counts;
  /** Of that, what is not stored yet. */
  private readonly fresh: Counts;
  private readonly freshSlices: boolean[];
  private readonly versions: number[];
  private readonly most: number;
  private readonly countersOfASlice: number;
  private sum = 0;
  private sampled = { sum: 0, counts: new Uint16Array(SAMPLE) };
  private storedTexts = 0;
  private freshTexts = 0;

  /**
   * `buckets`: a power of two, of at least one slice. `bytes`: of a counter. After `textsRemembered` texts everything is to be
   * halved: counters tell of weeks, not of years, and stay readable.
   */
  constructor(
    private readonly buckets: number,
    bytes: 1 | 2,
    readonly textsRemembered: number,
  ) {
    const none = (): Counts => (bytes === 1 ? new Uint8Array(buckets) : new Uint16Array(buckets));
    this.known = none();
    this.fresh = none();
    this.most = 2 ** (8 * bytes) - 1;
    this.countersOfASlice = SLICE_BYTES / bytes;
    this.slices = buckets / this.countersOfASlice;
    this.freshSlices = Array.from({ length: this.slices }, () => false);
    this.versions = Array.from({ length: this.slices }, () => 0);
  }

  /** How many texts were counted. */
  get texts(): number {
    return this.storedTexts + this.freshTexts;
  }

  /** What a hash finds in its counter that is not its own. */
  get load(): number {
    return this.sum / this.buckets;
  }

  /** So much or less is in this share of the counters, by a sample of them: what most hashes find at least that is not their own. */
  atMost(share: number): number {
    if (Math.abs(this.sum - this.sampled.sum) > this.sampled.sum / 100)
      this.sampled = {
        sum: this.sum,
        counts: Uint16Array.from({ length: SAMPLE }, (_, at) => this.known[at * (this.buckets / SAMPLE)] ?? 0).sort(),
      };
    return this.sampled.counts[Math.floor(share * SAMPLE)] ?? 0;
  }

  /** The hash's counter, those of strangers included. */
  of(hash: number): number {
    return this.known[hash & (this.buckets - 1)] ?? 0;
  }

  add(hash: number): void {
    const bucket = hash & (this.buckets - 1);
    const counted = this.known[bucket] ?? 0;
    if (counted === this.most) return;
    this.known[bucket] = counted + 1;
    this.fresh[bucket] = (this.fresh[bucket] ?? 0) + 1;
    this.freshSlices[Math.floor(bucket / this.countersOfASlice)] = true;
    this.sum += 1;
  }

  addText(): void {
    this.freshTexts += 1;
  }

  /** Of `texts`, those that are not stored yet. */
  get textsToStore(): number {
    return this.freshTexts;
  }

  /** `count` of the texts to store are stored: those of all processes come to `all`. */
  textsStored(count: number, all: number): void {
    this.freshTexts -= count;
    this.storedTexts = all;
  }

  versionOf(slice: number): number {
    return this.versions[slice] ?? 0;
  }

  /** Whether something was counted in the slice that is not stored. */
  isFresh(slice: number): boolean {
    return this.freshSlices[slice] === true;
  }

  /**
   * The slice with everything that is known of it, for the caller to store in place of the version that was known, and then to
   * say that it is `stored` or `notStored`, before anything else is done with the slice but counting.
   */
  take(slice: number): TakenSlice {
    const giveBack = this.part(this.fresh, slice).slice();
    this.part(this.fresh, slice).fill(0);
    this.freshSlices[slice] = false;
    const counts = this.part(this.known, slice).slice();
    return { version: this.versionOf(slice), counts: new Uint8Array(counts.buffer), giveBack };
  }

  stored(slice: number, version: number): void {
    this.versions[slice] = version;
  }

  notStored(slice: number, { giveBack }: Pick<TakenSlice, 'giveBack'>): void {
    const fresh = this.part(this.fresh, slice);
    for (let at = 0; at < fresh.length; at += 1)
      fresh[at] = Math.min(this.most, (fresh[at] ?? 0) + (giveBack[at] ?? 0));
    this.freshSlices[slice] = true;
  }

  /** Goes on with what is stored, and what is fresh on top of it. */
  adopt(slice: number, { version, counts }: StoredSlice): void {
    const known = this.part(this.known, slice);
    const fresh = this.part(this.fresh, slice);
    const stored = this.asCounters(counts);
    for (let at = 0; at < known.length; at += 1) {
      const now = Math.min(this.most, (stored[at] ?? 0) + (fresh[at] ?? 0));
      this.sum += now - (known[at] ?? 0);
      known[at] = now;
    }
    this.versions[slice] = version;
  }

  /** A stored slice's counters at half of what they are. */
  halved(counts: Uint8Array): Uint8Array {
    return new Uint8Array(this.asCounters(counts).map((count) => count >> 1).buffer);
  }

  private part(counts: Counts, slice: number): Counts {
    return counts.subarray(slice * this.countersOfASlice, (slice + 1) * this.countersOfASlice);
  }

  /** A copy: a driver's buffer begins anywhere. */
  private asCounters(bytes: Uint8Array): Counts {
    const copy = new Uint8Array(bytes);
    return this.known instanceof Uint8Array ? copy : new Uint16Array(copy.buffer);
  }
}
