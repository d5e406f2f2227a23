/** How much two texts have in common: weighted containment of shingles, agreement of figures, and where it is shared. */
import { LEAD_SHINGLES } from './text-sketch.js';
import type { TextPrint } from './text-print.js';

/** What of a print is compared; all of it is stored with each item. */
export type ComparedText = Pick<TextPrint, 'words' | 'shingles' | 'numbers'>;

/**
 * All shares are from 0 to 1. `containment`: weight of the shared shingles in that of the lighter text's.
 * `agreement`: weight of the figures that both state. `ratio`: the shorter text's length to the longer's.
 * `lead`: how much of the longer text's beginning the shorter one has. `shared`: the shared shingles' positions in `a`.
 */
export interface Likeness {
  containment: number;
  agreement: number;
  ratio: number;
  lead: number;
  shared: number[];
}

/** Texts of nearly one length must agree in all figures; a shorter one need only state none that the longer does not. */
const SAME_LENGTH = 0.7;

/** `weight` of a hash: high when few texts have it. */
export function likeness(a: ComparedText, b: ComparedText, weight: (hash: number) => number): Likeness {
  const inB = new Set(b.shingles);
  const shared: number[] = [];
  let [weightA, weightB, weightShared] = [0, 0, 0];
  for (let i = 0; i < a.shingles.length; i += 1) {
    const hash = a.shingles[i] ?? 0;
    const itsWeight = weight(hash);
    weightA += itsWeight;
    if (!inB.has(hash)) continue;
    weightShared += itsWeight;
    shared.push(i);
  }
  for (const hash of b.shingles) weightB += weight(hash);
  const lighter = Math.min(weightA, weightB);
  const [shorter, longer] = a.shingles.length <= b.shingles.length ? [a, b] : [b, a];
  const ratio = longer.shingles.length === 0 ? 1 : shorter.shingles.length / longer.shingles.length;
  return {
    containment: lighter === 0 ? 0 : weightShared / lighter,
    agreement: agreement(shorter.numbers, longer.numbers, ratio, weight),
    ratio,
    lead: leadShare(longer, shorter),
    shared,
  };
}

/** Dice's coefficient where the texts are of one length, else how much of the shorter's figures the longer has. */
function agreement(shorter: Int32Array, longer: Int32Array, ratio: number, weight: (hash: number) => number): number {
  const inLonger = new Set(longer);
  let [of, ofLonger, both] = [0, 0, 0];
  for (const hash of shorter) {
    of += weight(hash);
    if (inLonger.has(hash)) both += weight(hash);
  }
  if (ratio < SAME_LENGTH) return of === 0 ? 1 : both / of;
  for (const hash of longer) ofLonger += weight(hash);
  return of + ofLonger === 0 ? 1 : (2 * both) / (of + ofLonger);
}

function leadShare(longer: ComparedText, shorter: ComparedText): number {
  const lead = longer.shingles.subarray(0, LEAD_SHINGLES);
  const has = new Set(shorter.shingles);
  let count = 0;
  for (const hash of lead) if (has.has(hash)) count += 1;
  return lead.length === 0 ? 0 : count / Math.min(lead.length, Math.max(1, shorter.shingles.length));
}
