/** Words of any script, sentence by sentence: what shingles, numbers and language models are made of. */

/** A sentence, or a line without an end: `text.slice(start, end)`. */
export interface Sentence {
  start: number;
  end: number;
}

/** The end of a sentence with its closing quotes, or a line break. A full stop after one letter is an initial's. */
const SENTENCE_END =
  /\n+|(?<![\s.]\p{L})[.!?…؟।]["'”’»)\]]*(?=\s+["'“‘«(\[¿¡]*[\p{Lu}\p{Lo}\p{N}©])\s*|[。！？]["'”’」』）]*/gu;

/** All of a text, in order; white space alone makes no sentence. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const add = (end: number): void => {
    if (text.slice(start, end).trim() !== '') sentences.push({ start, end });
    start = end;
  };
  for (const { index, 0: mark } of text.matchAll(SENTENCE_END)) add(index + mark.length);
  add(text.length);
  return sentences;
}

/** A number with its separators is one word ("1,200.5", "7-3/8", "2-1", "12:30"); letters, marks and other digits make the others. */
const WORD = /\p{Nd}+(?:[.,:/-]\p{Nd}+)*|[\p{L}\p{M}\p{N}]+/gu;

/** Scripts that part no words by spaces. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Nearly every text is in a script below Thai. */
const MAYBE_UNSPACED = /[\u0E00-\uFFFF]/;

/** Words in lower case (NFKC), in order; a script without spaces gives its pairs of neighbouring characters. */
export function tokensOf(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  if (!MAYBE_UNSPACED.test(text)) return words;
  return words.flatMap((word) => (UNSPACED.test(word) ? pairs(word) : [word]));
}

function pairs(word: string): string[] {
  const characters = [...word];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, i) => `${characters[i] ?? ''}${character}`);
}
