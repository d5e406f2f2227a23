/** The few fingerprints by which a text's copies find it: the smallest hashes of its body and of its beginning. */

/** Of the whole body: any two texts that share much share some of their smallest hashes. */
const OF_THE_BODY = 16;
/** Of the first forty words, so that a lead alone finds its story. */
const OF_THE_LEAD = 8;
/** Shingles that begin in the first forty words. */
export const LEAD_SHINGLES = 38;

/** At most 24 hashes, ascending. `isStop`: shared by so many texts that they lead nowhere; the next smallest stand in. */
export function textSketch(shingles: Int32Array, isStop: (hash: number) => boolean = () => false): number[] {
  const body = smallest(shingles, OF_THE_BODY, isStop);
  const lead = smallest(shingles.subarray(0, LEAD_SHINGLES), OF_THE_LEAD, isStop);
  return [...new Set([...body, ...lead])].sort((a, b) => a - b);
}

function smallest(hashes: Int32Array, count: number, isStop: (hash: number) => boolean): number[] {
  const chosen: number[] = [];
  for (const hash of hashes.slice().sort()) {
    if (chosen.length === count) break;
    if (!isStop(hash)) chosen.push(hash);
  }
  return chosen;
}
