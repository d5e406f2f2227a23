/** Whether one word put for another only mends a slip of the pen, or says something else. Pure. */
import { editDistance } from './edit-distance.js';
import { isNumberWord } from './number-tokens.js';

/** Shorter words are neighbours of other words ("now" and "not"); longer ones have room for more slips. */
const LETTERS_FOR_ONE = 5;
const LETTERS_FOR_TWO = 9;
/** No language has longer words. What is longer is no word, and comparing it letter by letter would stop the process. */
const LONGEST_WORD = 100;
/** In scripts without capital letters a name or a prefix cannot be told from a slip. */
const SMALL_LETTERS = /^[\p{Ll}\p{M}]+$/u;

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'pl', 'ru', 'uk', 'tr'];
/** Made when first asked for: it takes a moment, and few processes ask. */
let daysAndMonths: ReadonlySet<string> | undefined;

/**
 * Words in lower case: the same first letter, one letter apart from five letters on, two from nine on, and neither a number nor
 * a day or month. Equal words are no slip, nor is a run of letters that is too long for a word.
 */
export function isSlip(from: string, to: string): boolean {
  if (from === to || from.charAt(0) !== to.charAt(0)) return false;
  if (Math.max(from.length, to.length) > LONGEST_WORD) return false;
  if (![from, to].every((word) => SMALL_LETTERS.test(word))) return false;
  const letters = Math.min(from.length, to.length);
  if (letters < LETTERS_FOR_ONE) return false;
  const most = letters < LETTERS_FOR_TWO ? 1 : 2;
  if (editDistance(from, to, most) > most) return false;
  daysAndMonths ??= new Set(LANGUAGES.flatMap(daysAndMonthsIn));
  return ![from, to].some((word) => isNumberWord(word) || daysAndMonths?.has(word));
}

/** Their names in a language, long and short, also as they stand in a date ("5 мая"). */
function daysAndMonthsIn(language: string): string[] {
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2026, 0, day + 1)));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 1)));
  const names = (dates: readonly Date[], options: Intl.DateTimeFormatOptions): string[] => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
    return dates.flatMap((date) =>
      format.formatToParts(date).flatMap(({ type, value }) => (type in options && type !== 'day' ? [value] : [])),
    );
  };
  return (['long', 'short'] as const)
    .flatMap((style) => [
      ...names(days, { weekday: style }),
      ...names(months, { month: style }),
      ...names(months, { day: 'numeric', month: style }),
    ])
    .map((name) => name.toLowerCase().replace(/[^\p{L}\p{M}]/gu, ''));
}
