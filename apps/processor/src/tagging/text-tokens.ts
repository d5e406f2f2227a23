/** Cuts a text into words with what stands between them: what the taggers look at instead of the text itself. Pure. */

/** How a word is written: small, with a capital first, in capitals only (two letters or more), or a number. */
export type Shape = 'small' | 'capital' | 'capitals' | 'number';

/** What stands before a word, the strongest sign first: a sentence's end, a bracket, a comma, other signs, a hyphen, a space. */
export type Gap = 'break' | 'bracket' | 'comma' | 'sign' | 'hyphen' | 'space';

/**
 * One word. `raw` is as written, without a possessive 's; `key` is what it is compared by. `starts`: it is the first of a
 * sentence or of a quotation, where a capital letter says nothing. `dotted`: a full stop follows at once ("Mr." or "J.").
 */
export interface Token {
  raw: string;
  key: string;
  start: number;
  end: number;
  shape: Shape;
  gap: Gap;
  starts: boolean;
  dotted: boolean;
  possessive: boolean;
}

/** Abbreviations with full stops inside ("U.S.", "W.Va."), words with apostrophes and ampersands inside, and "&" alone. */
const WORD =
  /(?:\p{Lu}\p{Ll}?\.){2,}(?!\p{Ll})|[\p{L}\p{M}\p{N}]+(?:['’&][\p{L}\p{M}\p{N}]+)*|&/gu;
/** Articles and prepositions that lean on the next word: l'Allemagne, dell'Iraq. */
const LEANING = /^(?:[a-z]{1,5}|L|D|Qu|Dell|Nell|All|Sull|Dall)['’](?=\p{L}{3})/u;
const POSSESSIVE = /['’]s$/i;
/** Words whose full stop ends no sentence. */
const ABBREVIATIONS = new Set(
  'mr,mrs,ms,dr,st,sen,rep,gov,gen,col,lt,sgt,capt,prof,jr,sr,no,vs,inc,corp,co,ltd,jan,feb,aug,sept,oct,nov,dec,hon,rev'.split(','),
);

/** The words of the first `limit` UTF-16 units. */
export function textTokens(text: string, limit = Infinity): Token[] {
  const tokens: Token[] = [];
  const source = text.length > limit ? text.slice(0, limit) : text;
  let end = 0;
  for (const { 0: match, index } of source.matchAll(WORD)) {
    const gap = tokens.length === 0 ? 'break' : gapOf(source, end, index, tokens);
    const lean = match.length > 4 ? LEANING.exec(match)?.[0].length : undefined;
    if (lean === undefined) tokens.push(token(match, index, gap, source));
    else {
      tokens.push(token(match.slice(0, lean - 1), index, gap, source));
      tokens.push(token(match.slice(lean), index + lean, 'space', source));
    }
    end = index + match.length;
  }
  return tokens;
}

function token(match: string, start: number, gap: Gap, source: string): Token {
  const possessive = POSSESSIVE.test(match);
  const raw = possessive ? match.slice(0, -2) : match;
  const plain = raw.endsWith('.') ? raw.slice(0, -1) : raw;
  return {
    raw,
    key: plain.toLowerCase(),
    start,
    end: start + raw.length,
    shape: shapeOf(plain),
    gap,
    starts: gap === 'break',
    dotted: source[start + match.length] === '.',
    possessive,
  };
}

function shapeOf(word: string): Shape {
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return 'number';
  const lower = word.toLowerCase();
  if (word === lower) return 'small';
  if (lower[0] === word[0]) return 'small';
  return word.length > 1 && word === word.toUpperCase() ? 'capitals' : 'capital';
}

function gapOf(source: string, from: number, to: number, tokens: readonly Token[]): Gap {
  if (to - from === 1) {
    const sign = source[from];
    if (sign === ' ' || sign === '/') return sign === ' ' ? 'space' : 'sign';
    if (sign === '-' || sign === '‑') return 'hyphen';
  }
  const between = source.slice(from, to);
  if (/[!?:;\n"“”„«»|•…]|--|[—–]/.test(between)) return 'break';
  if (between.includes('.')) return endsSentence(tokens) ? 'break' : 'space';
  if (/[()[\]]/.test(between)) return 'bracket';
  if (between.includes(',')) return 'comma';
  return between.trim() === '' ? 'space' : between.trim() === '-' ? 'break' : 'sign';
}

function endsSentence(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return true;
  return !(ABBREVIATIONS.has(last.key) || (last.raw.length === 1 && last.shape === 'capital') || last.raw.endsWith('.'));
}

/** What the words from one to the other (not included) look like in the text. */
export function written(text: string, tokens: readonly Token[], from: number, to: number): string {
  return text.slice(tokens[from]?.start, tokens[to - 1]?.end);
}
