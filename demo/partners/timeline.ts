/** When the demo partners publish what: a pure function of the clock, so that a restarted demo goes on where it would be. */

/** One run of the demo newsroom, from its very first start. Its code is part of every address and guid. */
export interface Edition {
  code: string;
  startedAt: number;
}

export const BACKLOG = 26;
const BACKLOG_SPAN_MS = 47 * 3_600_000;
const WIRE_INTERVAL_MS = 8_000;
const UPDATE_AFTER_MS = 45_000;
const CORRECTION_AFTER_MS = 75_000;

export function edition(startedAt: number): Edition {
  const second = Math.floor(startedAt / 1000);
  return { code: second.toString(36), startedAt: second * 1000 };
}

/** The edition that an address names. Undefined when the code is none. */
export function editionOfCode(code: string): Edition | undefined {
  if (!/^[0-9a-z]{6,7}$/.test(code)) return undefined;
  return edition(parseInt(code, 36) * 1000);
}

/** When story `number` (from 0) of a series goes out: first a backlog over two days, denser towards the start, then one an interval. */
export function publishedAt(of: Edition, number: number, backlog = BACKLOG, intervalMs = WIRE_INTERVAL_MS): number {
  if (number >= backlog) return of.startedAt + (number - backlog + 1) * intervalMs;
  const age = BACKLOG_SPAN_MS * (1 - (number + 0.5) / backlog) ** 1.5;
  return Math.floor((of.startedAt - age) / 1000) * 1000;
}

/** The numbers of the newest `count` stories that are out at `now` (ms), newest first. */
export function newest(
  of: Edition,
  now: number,
  count: number,
  backlog = BACKLOG,
  intervalMs = WIRE_INTERVAL_MS,
): number[] {
  const last = backlog - 1 + Math.max(0, Math.floor((now - of.startedAt) / intervalMs));
  return Array.from({ length: Math.min(count, last + 1) }, (_, index) => last - index);
}

/** Every fifth wire story is updated after a while; one in eleven is published with a wrong figure and corrected. */
export const isUpdated = (number: number): boolean => number % 5 === 2;
export const isCorrected = (number: number): boolean => number % 11 === 7;

/** What has happened to a wire story by `now`, and when it last changed (ms). */
export function revision(
  of: Edition,
  number: number,
  now: number,
): { updated: boolean; corrected: boolean; at: number } {
  const out = publishedAt(of, number);
  const updated = isUpdated(number) && out + UPDATE_AFTER_MS <= now;
  const corrected = isCorrected(number) && out + CORRECTION_AFTER_MS <= now;
  return { updated, corrected, at: out + (corrected ? CORRECTION_AFTER_MS : updated ? UPDATE_AFTER_MS : 0) };
}
