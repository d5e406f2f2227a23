/** How much two texts have in common: weighted containment of shingles, agreement of figures, and where it is shared. */
import type { FrequencyTable } from './frequency-table.js';
import { LEAD_SHINGLES } from './text-sketch.js';
import type { TextPrint } from './text-print.js';

/** What of a print is compared; all of it is stored with each item. */
export type ComparedText = Pick<TextPrint, 'words' | 'shingles' | 'numbers'>;

/**
 * All are shares from 0 to 1 but `agreed`. `containment`: weight of the shared shingles in that of the lighter text's.
 * `agreement`: how far the texts' figures agree where both state some. `agreed`: how many figures both state. `ratio`: the shorter text's length to the longer's.
 * `lead`: how much of the longer text's beginning the shorter one has. `shared`: the shared shingles' positions in `a`.
 */
export interface Likeness {
  containment: number;
  agreement: number;
  agreed: number;
  ratio: number;
  lead: number;
  shared: number[];
}

/** What is known of words. `weight`: high when few texts have the hash; `isOfFew`: when hardly another story has it; `isYoung`: little is known. */
export type WordCounts = Pick<FrequencyTable, 'weight' | 'isOfFew' | 'isYoung'>;

/** A text made ready to be compared with many others. */
export interface TextProbe {
  text: TextPrint;
  /** Where each shingle stands. */
  positions: ReadonlyMap<number, number>;
  totalWeight: number;
  words: WordCounts;
}

export function textProbe(text: TextPrint, words: WordCounts): TextProbe {
  const positions = new Map<number, number>();
  let totalWeight = 0;
  text.shingles.forEach((hash, position) => {
    positions.set(hash, position);
    totalWeight += words.weight(hash);
  });
  return { text, positions, totalWeight, words };
}

export function likeness({ text: a, positions, totalWeight, words }: TextProbe, b: ComparedText): Likeness {
  const { weight } = words;
  const shared: number[] = [];
  let [weightOfB, weightShared, leadOfA, leadOfB] = [0, 0, 0, 0];
  for (let i = 0; i < b.shingles.length; i += 1) {
    const hash = b.shingles[i] ?? 0;
    const itsWeight = weight(hash);
    weightOfB += itsWeight;
    const position = positions.get(hash);
    if (position === undefined) continue;
    weightShared += itsWeight;
    shared.push(position);
    if (position < LEAD_SHINGLES) leadOfA += 1;
    if (i < LEAD_SHINGLES) leadOfB += 1;
  }
  const [shorter, longer] = a.shingles.length <= b.shingles.length ? [a, b] : [b, a];
  const lighter = Math.min(totalWeight, weightOfB);
  const ratio = longer.shingles.length === 0 ? 1 : shorter.shingles.length / longer.shingles.length;
  const lead = Math.min(LEAD_SHINGLES, longer.shingles.length, Math.max(1, shorter.shingles.length));
  return {
    containment: lighter === 0 ? 0 : weightShared / lighter,
    ...agreement(a.numbers, b.numbers, weight),
    ratio,
    lead: (longer === a ? leadOfA : leadOfB) / lead,
    shared,
  };
}

/**
 * Weight of the figures that both state, against that of those in which they contradict each other. A figure that only one text
 * states contradicts nothing as long as the other has none in its place: sites put dates, counts and captions beside a copy, and
 * cut what they like. A template's next issue has another figure for each of the former one.
 */
function agreement(
  a: Int32Array,
  b: Int32Array,
  weight: (hash: number) => number,
): { agreement: number; agreed: number } {
  // A text states a handful of figures and never more than MAX_NUMBERS: looking through them is quicker than a set.
  let [agreed, both, onlyA, ofB] = [0, 0, 0, 0];
  for (const hash of a) {
    if (b.includes(hash)) {
      both += weight(hash);
      agreed += 1;
    } else onlyA += weight(hash);
  }
  for (const hash of b) ofB += weight(hash);
  const contradicted = Math.min(onlyA, Math.max(0, ofB - both));
  return { agreement: contradicted === 0 ? 1 : both / (both + contradicted), agreed };
}
