/**
 * Tells look-alikes apart by what their headlines name: "Kelso bank to add reserves" and "Torvik bank to add reserves" are
 * two stories, however much of a wire's template their texts share. Pure.
 */
import { unmarkedHeadline } from './headline-markers.js';

/** Headlines of one template have this share of their words in common. */
const ALIKE = 0.4;
/** A text with fewer words in small letters is written in capitals, which then tell nothing. */
const SMALL_LETTERS = 0.3;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** What stands before a word that begins a sentence, a line or a quotation. */
const BEGINS = /^$|[.!?:…\n"“„«([]/u;
const CAPITAL = /^\p{Lu}/u;

export class HeadlineNames {
  private readonly headline: ReadonlyMap<string, string>;
  /** Words of the text in lower case; those of the headline that the text writes as names. */
  private readonly said = new Set<string>();
  private readonly names = new Set<string>();

  constructor(title: string, text: string) {
    this.headline = wordsOf(title);
    const common = new Set<string>();
    let end = 0;
    for (const { 0: word, index } of text.matchAll(WORD)) {
      const lower = word.toLowerCase();
      this.said.add(lower);
      if (word === lower) common.add(lower);
      else if (this.headline.has(lower) && CAPITAL.test(word) && !BEGINS.test(text.slice(end, index)))
        this.names.add(lower);
      end = index + word.length;
    }
    for (const word of common) this.names.delete(word);
    if (common.size < SMALL_LETTERS * this.said.size) this.names.clear();
  }

  /**
   * The headlines are made alike, this one has a name that the other one has not, and the other one has one in its place
   * of which nothing is said here.
   */
  differFrom(otherTitle: string): boolean {
    const other = wordsOf(otherTitle);
    const both = [...this.headline.keys()].filter((word) => other.has(word)).length;
    if (both < ALIKE * (this.headline.size + other.size - both)) return false;
    return [...this.names].some((name) => !other.has(name)) && [...other].some((word) => this.isStranger(word));
  }

  private isStranger([word, written]: [string, string]): boolean {
    return CAPITAL.test(written) && word.length > 2 && !this.headline.has(word) && !this.said.has(word);
  }
}

/** The words of a headline in lower case, each as it was written first. */
function wordsOf(title: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const [word] of unmarkedHeadline(title).title.matchAll(WORD))
    if (!words.has(word.toLowerCase())) words.set(word.toLowerCase(), word);
  return words;
}
