/** What a story is made of before it is told: plots of a beat, in a language, with the words that fill them. */

/**
 * One kind of event. All texts are templates for the narrator (`narrator.ts`). Every headline names `{place}`, so that
 * the same plot is a different headline elsewhere; every lead holds the number `{n:low-high}` that a correction corrects.
 */
export interface Plot {
  categories: readonly string[];
  headlines: readonly string[];
  leads: readonly string[];
  body: readonly string[];
}

/** A desk of the newsroom: its plots, and paragraphs that fit any of them. */
export interface Beat {
  name: string;
  category: string;
  plots: readonly Plot[];
  quotes: readonly string[];
  background: readonly string[];
}

/** A language's newsroom. `code` is BCP 47; `numberLocale` says how its numbers are written. */
export interface Newsroom {
  code: string;
  numberLocale: string;
  vocabulary: Readonly<Record<string, readonly string[]>>;
  beats: readonly Beat[];
  /** A paragraph that an update adds. */
  updates: readonly string[];
  /** The note under a corrected story; `{wrong}` is the number that was wrong. */
  correction: string;
  correctedPrefix: string;
}
