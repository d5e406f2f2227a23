/** The stories that may still be related to what comes: their words, how rare each word is among them, and who is like whom. Pure. */
import { TermPostings } from './term-postings.js';
import { SLOTS, type TermVector, weigh } from './term-weights.js';

/** A story as it is compared. `at`: when it was published, in milliseconds; `terms`: packed words. */
export interface WindowStory {
  id: string;
  at: number;
  terms: Int32Array;
}

/** How alike two stories are: 0 (nothing in common) to 1. */
export interface Neighbour {
  id: string;
  likeness: number;
}

/** How likeness fades with the time between two stories: full for some days, then halved each `halfLifeDays`, down to a floor. */
export interface Fading {
  fullDays: number;
  halfLifeDays: number;
  floor: number;
}

interface Entry extends WindowStory {
  number: number;
  vector: TermVector;
  /** Which state of the rarities the vector was weighed by. */
  era: number;
}

/** Only a story's weightiest words are asked who else has them. */
const ASKED_WORDS = 16;
/** A word that so many stories have finds nobody in particular. */
const COMMON_WORD = 500;
/** Stories that share less than this of the asked words' weight are not looked at. */
const FAINT = 0.03;
/** In a collection this small every story changes how rare words are; in a larger one a twentieth more does. */
const SMALL = 1_000;
const GROWTH = 1.05;
const DAY_MS = 86_400_000;

export class StoryWindow {
  private readonly byId = new Map<string, Entry>();
  private readonly byNumber = new Map<number, Entry>();
  private readonly postings = new TermPostings();
  /** The weights of the story that others are being compared with, by slot. */
  private readonly scratch = new Float32Array(SLOTS);
  private nextNumber = 0;
  private forgotten = 0;
  private era = 0;
  private eraSize = 0;

  constructor(private readonly fading: Fading) {}

  get size(): number {
    return this.byId.size;
  }

  /** In milliseconds; 0 for a story that is not here. */
  publishedAt(id: string): number {
    return this.byId.get(id)?.at ?? 0;
  }

  /** Of these stories the `most` that came into the window last, in the order in which they came. */
  newest(ids: readonly string[], most: number): string[] {
    const came = (id: string): number => this.byId.get(id)?.number ?? 0;
    return ids.toSorted((a, b) => came(a) - came(b)).slice(-most);
  }

  /** Those that came into the window first. */
  oldest(count: number): string[] {
    const ids: string[] = [];
    for (const id of this.byId.keys()) {
      if (ids.length >= count) break;
      ids.push(id);
    }
    return ids;
  }

  /** Adds a story, or puts its new text in the place of the former one. */
  put(story: WindowStory): void {
    this.remove(story.id);
    const entry = { ...story, number: this.nextNumber++, vector: NOTHING, era: -1 };
    this.byId.set(story.id, entry);
    this.byNumber.set(entry.number, entry);
    this.postings.add(entry.number, story.terms);
  }

  remove(id: string): void {
    const entry = this.byId.get(id);
    if (entry === undefined) return;
    this.byId.delete(id);
    this.byNumber.delete(entry.number);
    this.postings.forget(entry.terms);
    this.forgotten += 1;
    if (this.forgotten <= SMALL + this.byId.size / 4) return;
    this.postings.sweep((number) => this.byNumber.has(number));
    this.forgotten = 0;
  }

  /** To be called after a batch of changes: words are weighed anew when the batch may have changed how rare they are. */
  settle(): void {
    const ratio = this.size / Math.max(1, this.eraSize);
    if (this.size >= SMALL && ratio < GROWTH && ratio > 1 / GROWTH) return;
    this.era += 1;
    this.eraSize = this.size;
  }

  /** The `most` stories that are most like this one, the likest first. */
  neighbours(id: string, most: number): Neighbour[] {
    const entry = this.byId.get(id);
    if (entry === undefined) return [];
    const { slots, weights } = this.vectorOf(entry);
    const asked = [...slots.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0)).slice(0, ASKED_WORDS);
    const shares = new Map<number, number>();
    for (const at of asked) {
      const having = this.postings.storiesOf(slots[at] ?? 0);
      if (having.length > COMMON_WORD) continue;
      const weight = (weights[at] ?? 0) ** 2;
      for (const other of having) shares.set(other, (shares.get(other) ?? 0) + weight);
    }
    shares.delete(entry.number);
    const promising = [...shares]
      .filter(([, share]) => share >= FAINT)
      .sort(([, a], [, b]) => b - a)
      .slice(0, most);
    const ids = promising.flatMap(([number]) => this.byNumber.get(number)?.id ?? []);
    return this.likenesses(id, ids).sort((a, b) => b.likeness - a.likeness);
  }

  /** How alike a story is to each of others; those that the window does not have are left out. */
  likenesses(id: string, others: readonly string[]): Neighbour[] {
    const entry = this.byId.get(id);
    if (entry === undefined) return [];
    const { slots, weights } = this.vectorOf(entry);
    for (let at = 0; at < slots.length; at += 1) this.scratch[slots[at] ?? 0] = weights[at] ?? 0;
    const answers: Neighbour[] = [];
    for (const other of others) {
      const known = this.byId.get(other);
      if (known === undefined) continue;
      answers.push({
        id: other,
        likeness: productWith(this.scratch, this.vectorOf(known)) * faded(this.fading, entry.at - known.at),
      });
    }
    for (const slot of slots) this.scratch[slot] = 0;
    return answers;
  }

  /**
   * How alike each of some stories is to each before it: `row(row - 1) / 2 + column` of the answer, for `column` < `row`. Words
   * that only one of them has are left out and the others numbered anew, so that all that is looked at fits a processor's cache.
   */
  likenessesAmong(ids: readonly string[]): Float32Array {
    const entries = ids.flatMap((id) => this.byId.get(id) ?? []);
    if (entries.length !== ids.length) throw new Error('a story is not in the window');
    const vectors = this.shortened(entries.map((entry) => this.vectorOf(entry)));
    const answers = new Float32Array((ids.length * (ids.length - 1)) / 2);
    const width = vectors.reduce((most, { slots }) => slots.reduce((max, slot) => Math.max(max, slot + 1), most), 0);
    const own = new Float32Array(width);
    let next = 0;
    entries.forEach((entry, row) => {
      const { slots, weights } = vectors[row] ?? NOTHING;
      for (let at = 0; at < slots.length; at += 1) own[slots[at] ?? 0] = weights[at] ?? 0;
      for (let column = 0; column < row; column += 1) {
        const product = productWith(own, vectors[column] ?? NOTHING);
        answers[next++] = product * faded(this.fading, entry.at - (entries[column]?.at ?? 0));
      }
      for (const slot of slots) own[slot] = 0;
    });
    return answers;
  }

  /** The same vectors without the words that only one has, the slots of the others numbered from 0. */
  private shortened(vectors: readonly TermVector[]): TermVector[] {
    const seen = this.scratch;
    for (const { slots } of vectors) for (const slot of slots) seen[slot] = (seen[slot] ?? 0) + 1;
    let named = 0;
    const names = new Map<number, number>();
    for (const { slots } of vectors)
      for (const slot of slots) if ((seen[slot] ?? 0) > 1 && !names.has(slot)) names.set(slot, named++);
    for (const { slots } of vectors) for (const slot of slots) seen[slot] = 0;
    return vectors.map((vector) => {
      const slots = new Int32Array(vector.slots.length);
      const weights = new Float32Array(vector.slots.length);
      let length = 0;
      vector.slots.forEach((slot, at) => {
        const name = names.get(slot);
        if (name === undefined) return;
        slots[length] = name;
        weights[length] = vector.weights[at] ?? 0;
        length += 1;
      });
      return { slots: slots.subarray(0, length), weights: weights.subarray(0, length) };
    });
  }

  /** Slots of the words that make two stories alike, the weightiest first. */
  sharedSlots(id: string, other: string): number[] {
    const [first, second] = [this.byId.get(id), this.byId.get(other)];
    if (first === undefined || second === undefined) return [];
    const theirs = this.vectorOf(second);
    theirs.slots.forEach((slot, at) => (this.scratch[slot] = theirs.weights[at] ?? 0));
    const ours = this.vectorOf(first);
    const shared: { slot: number; share: number }[] = [];
    ours.slots.forEach((slot, at) => {
      const share = (ours.weights[at] ?? 0) * (this.scratch[slot] ?? 0);
      if (share > 0) shared.push({ slot, share });
    });
    for (const slot of theirs.slots) this.scratch[slot] = 0;
    return shared.sort((a, b) => b.share - a.share).map(({ slot }) => slot);
  }

  private vectorOf(entry: Entry): TermVector {
    if (entry.era !== this.era) {
      entry.vector = weigh(entry.terms, { stories: this.size, storiesWith: this.postings.storiesWith });
      entry.era = this.era;
    }
    return entry.vector;
  }
}

const NOTHING: TermVector = { slots: new Int32Array(), weights: new Float32Array() };

/** Of a vector with one whose weights lie at their slots. */
function productWith(weightAt: Float32Array, { slots, weights }: TermVector): number {
  let sum = 0;
  for (let at = 0; at < slots.length; at += 1) sum += (weightAt[slots[at] ?? 0] ?? 0) * (weights[at] ?? 0);
  return sum;
}

function faded({ fullDays, halfLifeDays, floor }: Fading, gapMs: number): number {
  const days = Math.abs(gapMs) / DAY_MS - fullDays;
  return days <= 0 ? 1 : Math.max(floor, 2 ** (-days / halfLifeDays));
}
