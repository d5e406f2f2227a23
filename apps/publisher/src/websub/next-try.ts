/** When a subscriber that failed is tried again: 2, 4, 8 … seconds later, at most an hour, spread by a quarter. */
const FIRST_SECONDS = 2;
const MOST_SECONDS = 3_600;

/** `failures` in a row, from 1; `random` from 0 to 1. */
export function nextTry(failures: number, random: number, now = Date.now()): Date {
  const seconds = Math.min(MOST_SECONDS, FIRST_SECONDS * 2 ** (failures - 1));
  return new Date(now + seconds * 1_000 * (0.875 + random / 4));
}
