/** Text as it is compared: what two partners' copies of one story have in common once layout and punctuation are gone. */

/**
 * Compatibility forms folded (NFKC), lower case, only letters, their marks and digits, words parted by one space.
 * Two texts that differ in punctuation, quotation marks, white space or letter case come out equal; numbers stay.
 */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** Scripts that part no words by spaces: two characters are about a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** How many words a normalised text has, in any script. */
export function countWords(normalised: string): number {
  if (normalised === '') return 0;
  // Nearly every text is in a script below Thai, where words are what stands between spaces.
  if (!/[\u0E00-\uFFFF]/.test(normalised)) return spacesIn(normalised) + 1;
  const unspaced = normalised.match(UNSPACED)?.length ?? 0;
  const spaced = unspaced === 0 ? normalised : normalised.replace(UNSPACED, ' ').trim();
  return Math.ceil(unspaced / 2) + (spaced === '' ? 0 : spaced.split(/ +/).length);
}

function spacesIn(text: string): number {
  let spaces = 0;
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) spaces += 1;
  return spaces;
}
