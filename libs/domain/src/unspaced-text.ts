/** Scripts that write no spaces between words: there, every two neighbouring characters are looked for like a word. */

/** As `unspaced_pairs` in the database has it: Thai, Lao, Burmese, Khmer, Japanese and Chinese. */
const UNSPACED =
  '\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF';
const RUNS = new RegExp(`[${UNSPACED}]+`, 'g');

/** The pieces of a text that are written without spaces, in the compatible form that they are indexed in. */
export function unspacedRuns(text: string): string[] {
  return text.normalize('NFKC').match(RUNS) ?? [];
}

/** The text without them. */
export function spacedText(text: string): string {
  return text.normalize('NFKC').replace(RUNS, ' ');
}

/** Every two neighbouring characters of a piece; a single one alone. */
export function pairsOf(run: string): string[] {
  if (run.length <= 1) return run === '' ? [] : [run];
  return [...new Set(Array.from({ length: run.length - 1 }, (_, place) => run.slice(place, place + 2)))];
}
