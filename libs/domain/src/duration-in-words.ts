/** Lengths of time as operators read them. */

const DAY = 86_400;

/** `90` → "90 s", `900` → "15 min", `7200` → "2 h", `172800` → "2 days". */
export function durationInWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / DAY)} days`;
}
