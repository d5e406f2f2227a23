/** Shows found words in their surroundings: as pieces of text, never as markup, so that nothing in them can act. */
import { wantedText } from '#domain/search-words.js';
import { spacedText, unspacedRuns } from '#domain/unspaced-text.js';

/** A piece of text; `hit` when it is a word that was asked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

const SNIPPET_LENGTH = 220;
/** Text shown before the first hit. */
const LEAD_IN = 60;

/** The words of a search as they are looked for: without accents, quotes and excluded words; text without spaces as it is. */
export function searchTerms(query: string): string[] {
  const wanted = wantedText(query);
  const words = wordsIn(spacedText(wanted)).map(({ word }) => foldWord(word));
  return [...new Set([...words.filter((word) => word !== 'or'), ...unspacedRuns(wanted)])];
}

/** `text` cut into pieces, the terms marked. Words match whole, whatever their case and accents. */
export function highlight(text: string, terms: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { word, index } of hitsIn(text, terms)) {
    if (index > end) pieces.push({ text: text.slice(end, index), hit: false });
    pieces.push({ text: word, hit: true });
    end = index + word.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hit: false });
  return pieces;
}

/** The part of a long text around the first term, cut at words; its beginning when no term is in it. */
export function snippet(text: string, terms: readonly string[]): Piece[] {
  const line = text.replace(/\s+/gu, ' ').trim();
  const [first] = hitsIn(line, terms);
  const from = Math.max(0, (first?.index ?? 0) - LEAD_IN);
  const space = line.indexOf(' ', from);
  // Where there are no spaces, any place is as good.
  const start = from === 0 ? 0 : space === -1 || space > (first?.index ?? 0) ? from : space + 1;
  const cut = excerpt(line.slice(start), SNIPPET_LENGTH);
  return highlight(start > 0 ? `… ${cut}` : cut, terms);
}

/** The words of a text and where they are. */
export function wordsIn(text: string): { word: string; index: number }[] {
  return [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)].map((match) => ({
    word: match[0],
    index: match.index,
  }));
}

/** Whole words, and pieces of what is written without spaces, in their order. */
function hitsIn(text: string, terms: readonly string[]): { word: string; index: number }[] {
  const pieces = terms.filter((term) => unspacedRuns(term).length > 0);
  return wordsIn(text).flatMap(({ word, index }) => {
    if (terms.includes(foldWord(word))) return [{ word, index }];
    const found: { word: string; index: number }[] = [];
    for (let place = 0; place < word.length && pieces.length > 0; place += 1) {
      const piece = pieces.find((each) => word.startsWith(each, place));
      if (piece === undefined) continue;
      found.push({ word: piece, index: index + place });
      place += piece.length - 1;
    }
    return found;
  });
}

/** At most `length` characters, cut at a word and marked with an ellipsis. */
export function excerpt(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '').replace(/[\s,;:.–-]+$/u, '')}…`;
}

/** Without accents and in small letters, as words are compared. */
export function foldWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
