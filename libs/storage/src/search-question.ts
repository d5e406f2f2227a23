/** A search of published stories, by words and filters. */
import type { TagScheme } from '#contracts/story-body.js';

/** What is looked for; absent parts ask nothing. `words` may be empty beside a filter. */
export interface SearchQuestion {
  words: string;
  tag?: { scheme: TagScheme; slug: string } | undefined;
  /** A slug. */
  partner?: string | undefined;
  /** A primary subtag: `pt` finds `pt-BR`, too. */
  language?: string | undefined;
  /** Published from then on, and before then. */
  from?: Date | undefined;
  until?: Date | undefined;
}
