/** Shows found words in their surroundings: as pieces of text, never as markup, so that nothing in them can act. */

/** A piece of text; `hit` when it is a word that was asked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

const SNIPPET_LENGTH = 220;
/** Text shown before the first hit. */
const LEAD_IN = 60;

/** The words of a search as they are looked for: without accents, quotes and excluded words. */
export function searchTerms(query: string): string[] {
  const wanted = query.replace(/(^|\s)-("[^"]*"?|\S+)/g, ' ');
  const words = fold(wanted).match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  return [...new Set(words.filter((word) => word !== 'or'))];
}

/** `text` cut into pieces, the terms marked. Words match whole, whatever their case and accents. */
export function highlight(text: string, terms: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)) {
    if (!terms.includes(fold(match[0]))) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), hit: false });
    pieces.push({ text: match[0], hit: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hit: false });
  return pieces;
}

/** The part of a long text around the first term, cut at words; its beginning when no term is in it. */
export function snippet(text: string, terms: readonly string[]): Piece[] {
  const line = text.replace(/\s+/gu, ' ').trim();
  const first = [...line.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)].find((match) => terms.includes(fold(match[0])));
  const from = Math.max(0, (first?.index ?? 0) - LEAD_IN);
  const start = from === 0 ? 0 : line.indexOf(' ', from) + 1;
  const cut = excerpt(line.slice(start), SNIPPET_LENGTH);
  return highlight(start > 0 ? `… ${cut}` : cut, terms);
}

/** At most `length` characters, cut at a word and marked with an ellipsis. */
export function excerpt(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '').replace(/[\s,;:.–-]+$/u, '')}…`;
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
