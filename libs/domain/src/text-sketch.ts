/** The few fingerprints by which a text's copies find it: the smallest hashes of its body and of its beginning. */

/** Of the whole body: any two texts that share much share some of their smallest hashes. */
const OF_THE_BODY = 16;
/** Of the first forty words, so that a lead alone finds its story. */
const OF_THE_LEAD = 8;
/** Shingles that begin in the first forty words. */
export const LEAD_SHINGLES = 38;

/** `isStop`: shared by so many texts that it leads nowhere. `headline`: its fingerprint, if it has one. */
export interface SketchOptions {
  isStop?: (hash: number) => boolean;
  headline?: number | null;
}

/** At most 25 hashes, ascending; where one leads nowhere the next smallest stands in. */
export function textSketch(
  shingles: Int32Array,
  { isStop = () => false, headline = null }: SketchOptions = {},
): number[] {
  const body = smallest(shingles, OF_THE_BODY, isStop);
  const lead = smallest(shingles.subarray(0, LEAD_SHINGLES), OF_THE_LEAD, isStop);
  const title = headline === null || isStop(headline) ? [] : [headline];
  return [...new Set([...body, ...lead, ...title])].sort((a, b) => a - b);
}

function smallest(hashes: Int32Array, count: number, isStop: (hash: number) => boolean): number[] {
  const chosen: number[] = [];
  for (const hash of hashes.slice().sort()) {
    if (chosen.length === count) break;
    if (!isStop(hash)) chosen.push(hash);
  }
  return chosen;
}
