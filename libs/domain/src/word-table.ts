/** Looks things up by the hash of a word or of two, without making a string of them. */

/** Looked up once: in the innermost loop it counts. */
const { imul } = Math;

const SEED = 0x811c9dc5;

/** FNV-1a of the UTF-16 units from `start` to `end`. */
export function wordHash(text: string, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** Of two words that follow each other, whatever stands between them. */
export function pairHash(first: number, second: number): number {
  return imul(first ^ 0x9e3779b1, 0x85ebca6b) ^ second;
}

/** Values by hash. Different words may share one: whoever looks something up compares it with the text. */
export class WordTable<T> {
  private readonly mask: number;
  private readonly hashes: Int32Array;
  /** 0 where a slot is free, else the place of its values from 1. */
  private readonly places: Int32Array;
  private readonly values: T[][] = [];

  constructor(entries: readonly (readonly [hash: number, value: T])[]) {
    let slots = 16;
    while (slots < entries.length * 2) slots *= 2;
    this.mask = slots - 1;
    this.hashes = new Int32Array(slots);
    this.places = new Int32Array(slots);
    for (const [hash, value] of entries) this.add(hash, value);
  }

  get(hash: number): readonly T[] | undefined {
    const place = this.places[this.slot(hash)] as number;
    return place === 0 ? undefined : this.values[place - 1];
  }

  private add(hash: number, value: T): void {
    const slot = this.slot(hash);
    const held = this.places[slot] as number;
    if (held !== 0) {
      this.values[held - 1]?.push(value);
      return;
    }
    this.hashes[slot] = hash;
    this.values.push([value]);
    this.places[slot] = this.values.length;
  }

  /** Where the hash is, or the free slot where it would be. */
  private slot(hash: number): number {
    let slot = (hash ^ (hash >>> 16)) & this.mask;
    while (this.places[slot] !== 0 && this.hashes[slot] !== (hash | 0)) slot = (slot + 1) & this.mask;
    return slot;
  }
}
