/** How alike two headlines are: share of words in common, or the same one but for a slip or the name of the site. Pure. */
import { unmarkedHeadline } from './headline-markers.js';
import { normaliseText } from './normalised-text.js';
import { numbersIn } from './number-tokens.js';
import { isSlip } from './slip.js';
import { tokensOf } from './text-tokens.js';

/** " - The Gazette", " | World news": what sites put behind their headlines. */
const SUFFIX = /\s+[-–—|·•»:]+\s+[^-–—|·•»:]{1,40}$/u;

/** Share of the words that two headlines have in common of those that either has (Jaccard), markers left out. */
export function headlineLikeness(a: string, b: string): number {
  const [inA, inB] = [new Set(wordsOf(a)), new Set(wordsOf(b))];
  const both = [...inA].filter((word) => inB.has(word)).length;
  const either = inA.size + inB.size - both;
  return either === 0 ? 0 : both / either;
}

/**
 * Word by word the same, slips, markers and what one of them has behind a dash aside. "Kelso bank adds reserves" and "Torvik
 * bank adds reserves" are not.
 */
export function isSameHeadline(a: string, b: string): boolean {
  return sameWords(a, b) || sameWords(a.replace(SUFFIX, ''), b) || sameWords(a, b.replace(SUFFIX, ''));
}

export function sameHeadlineNumbers(a: string, b: string): boolean {
  const numbers = (title: string): string =>
    numbersIn(tokensOf(unmarkedHeadline(title).title))
      .sort()
      .join(' ');
  return numbers(a) === numbers(b);
}

function sameWords(a: string, b: string): boolean {
  const [inA, inB] = [wordsOf(a), wordsOf(b)];
  return inA.length === inB.length && inA.every((word, i) => word === inB[i] || isSlip(word, inB[i] ?? ''));
}

function wordsOf(title: string): string[] {
  return tokensOf(normaliseText(unmarkedHeadline(title).title));
}
