/** Finds any of very many phrases in a text in one pass, whatever their number (Aho and Corasick, 1975). */

/** Told of each occurrence: which phrase, by its place in the list, and where it ends. */
type OnPhrase = (phrase: number, end: number) => void;

/** Looked up once: in the innermost loop it counts. */
const { imul } = Math;
const NONE = -1;
const SLOT = 4;

/**
 * States and transitions lie in typed arrays: a hundred thousand phrases are some ten megabytes outside the heap. Phrases and texts are
 * compared by UTF-16 unit, as they are; phrases are distinct and not empty.
 */
export class PhraseAutomaton {
  private readonly fromRoot = new Int32Array(65_536);
  private readonly mask: number;
  /** Transitions as a hash table with open addressing: state, unit, next state, so that one of them lies in one line of the cache. */
  private readonly table: Int32Array;
  private readonly parent: Int32Array;
  private readonly unit: Uint16Array;
  private readonly fallback: Int32Array;
  /** The phrase that ends in a state; the nearest shorter state in which one ends; the state itself or that one. */
  private readonly phrase: Int32Array;
  private readonly shorter: Int32Array;
  private readonly ending: Int32Array;
  private states = 1;

  constructor(phrases: readonly string[]) {
    const most = phrases.reduce((sum, { length }) => sum + length, 1);
    let slots = 16;
    while (slots < most * 1.25) slots *= 2;
    this.mask = slots - 1;
    this.table = new Int32Array(slots * SLOT);
    this.parent = new Int32Array(most);
    this.unit = new Uint16Array(most);
    this.fallback = new Int32Array(most);
    this.phrase = new Int32Array(most).fill(NONE);
    this.shorter = new Int32Array(most);
    this.ending = new Int32Array(most);
    const depth = new Int32Array(most);
    phrases.forEach((phrase, index) => this.add(phrase, index, depth));
    this.link(depth);
  }

  scan(text: string, onPhrase: OnPhrase): void {
    const { fromRoot, fallback, ending, phrase, shorter } = this;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      let next = NONE;
      while (state !== 0 && (next = this.next(state, unit)) === NONE) state = fallback[state] as number;
      state = next === NONE ? (fromRoot[unit] as number) : next;
      for (let found = ending[state] as number; found !== 0; found = shorter[found] as number)
        onPhrase(phrase[found] as number, at + 1);
    }
  }

  private add(phrase: string, index: number, depth: Int32Array): void {
    let state = 0;
    for (let at = 0; at < phrase.length; at += 1) {
      const unit = phrase.charCodeAt(at);
      let next = state === 0 ? (this.fromRoot[unit] as number) || NONE : this.next(state, unit);
      if (next === NONE) {
        next = this.states;
        this.states += 1;
        this.parent[next] = state;
        this.unit[next] = unit;
        depth[next] = at + 1;
        if (state === 0) this.fromRoot[unit] = next;
        else this.put(state, unit, next);
      }
      state = next;
    }
    this.phrase[state] = index;
  }

  /** Fallbacks from the shallow states to the deep ones: each needs those above it. */
  private link(depth: Int32Array): void {
    const order = byDepth(depth.subarray(0, this.states));
    for (const state of order) {
      const above = this.parent[state] as number;
      if (above !== 0) this.linkState(state, above);
      this.ending[state] = this.phrase[state] === NONE ? (this.shorter[state] as number) : state;
    }
  }

  private linkState(state: number, above: number): void {
    const unit = this.unit[state] as number;
    let from = this.fallback[above] as number;
    let next = NONE;
    while (from !== 0 && (next = this.next(from, unit)) === NONE) from = this.fallback[from] as number;
    const found = next === NONE ? (this.fromRoot[unit] as number) : next;
    this.fallback[state] = found;
    this.shorter[state] = this.phrase[found] === NONE ? (this.shorter[found] as number) : found;
  }

  private next(state: number, unit: number): number {
    const { table, mask } = this;
    for (let slot = this.slot(state, unit); ; slot = (slot + 1) & mask) {
      const held = table[slot * SLOT] as number;
      // State 0 has a table of its own.
      if (held === 0) return NONE;
      if (held === state && table[slot * SLOT + 1] === unit) return table[slot * SLOT + 2] as number;
    }
  }

  private put(state: number, unit: number, next: number): void {
    let slot = this.slot(state, unit);
    while (this.table[slot * SLOT] !== 0) slot = (slot + 1) & this.mask;
    this.table.set([state, unit, next], slot * SLOT);
  }

  private slot(state: number, unit: number): number {
    const mixed = imul(state, 0x9e3779b1) ^ imul(unit, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }
}

/** The states, the shallow ones first: counted into their places, for there may be millions. */
function byDepth(depth: Int32Array): Int32Array {
  const deepest = depth.reduce((most, value) => Math.max(most, value), 0);
  const start = new Int32Array(deepest + 2);
  for (const value of depth) start[value + 1] = (start[value + 1] as number) + 1;
  for (let level = 1; level <= deepest; level += 1)
    start[level] = (start[level] as number) + (start[level - 1] as number);
  const order = new Int32Array(depth.length);
  depth.forEach((value, state) => {
    order[start[value] as number] = state;
    start[value] = (start[value] as number) + 1;
  });
  return order;
}
