/** The fingerprint by which items of one headline are compared, however little of their texts is left in common. */
import { unmarkedHeadline } from './headline-markers.js';
import { normaliseText } from './normalised-text.js';
import { hashText } from './text-print.js';
import { tokensOf } from './text-tokens.js';

/** Fewer are a rubric's ("Money market", "Weather"): all that it prints would be compared with all. */
const LEAST_WORDS = 4;

/**
 * A hash of the headline without its markers, case and punctuation; null when it is too short to tell a story. It leads to
 * candidates and proves nothing: a lead and an edited copy may share no rare shingle, but nearly always their headline.
 */
export function headlineFingerprint(headline: string): number | null {
  const words = tokensOf(normaliseText(unmarkedHeadline(headline).title));
  return words.length < LEAST_WORDS ? null : hashText(`headline ${words.join(' ')}`);
}
