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

/** Articles and prepositions that lean on the next word: l'Allemagne, dell'Iraq. */
const LEANING = /^(?:[a-z]{1,5}|L|D|Qu|Dell|Nell|All|Sull|Dall)['’](?=\p{L}{3})/u;
const POSSESSIVE = /['’]s$/i;
/** Words whose full stop ends no sentence. */
const ABBREVIATIONS = new Set(
  'mr,mrs,ms,dr,st,sen,rep,gov,gen,col,lt,sgt,capt,prof,jr,sr,no,vs,inc,corp,co,ltd,jan,feb,aug,sept,oct,nov,dec,hon,rev,wm,chas,geo,jas,jos,thos,robt,benj,edw'.split(
    ',',
  ),
);

/** What a UTF-16 unit is to a word. A table, because a text has thousands of them. */
const [OUTSIDE, SMALL, CAPITAL, DIGIT] = [0, 1, 2, 3];
const KINDS = Uint8Array.from({ length: 0x10000 }, (_, unit) => {
  const sign = String.fromCharCode(unit);
  if (/\p{Lu}|\p{Lt}/u.test(sign)) return CAPITAL;
  if (/\p{L}|\p{M}/u.test(sign)) return SMALL;
  return /\p{N}/u.test(sign) ? DIGIT : OUTSIDE;
});
const [AMPERSAND, APOSTROPHE, STOP, CURLY] = [38, 39, 46, 0x2019];

/** The words of a text; in time proportional to its length. */
export function textTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (let at = 0; at < source.length;) {
    const unit = source.charCodeAt(at);
    if (KINDS[unit] === OUTSIDE && unit !== AMPERSAND) {
      at += 1;
      continue;
    }
    const to = wordEnd(source, at);
    const gap = tokens.length === 0 ? 'break' : gapOf(source, end, at, tokens);
    const lean = leanOf(source, at, to);
    if (lean > 0) tokens.push(token(source, at, at + lean - 1, gap));
    tokens.push(token(source, at + lean, to, lean > 0 ? 'space' : gap));
    at = end = to;
  }
  return tokens;
}

/** Abbreviations with full stops inside ("U.S.", "W.Va.") are one word, and so are "O'Brien", "AT&T" and "&" alone. */
function wordEnd(source: string, from: number): number {
  const abbreviation = abbreviationEnd(source, from);
  if (abbreviation > from) return abbreviation;
  let at = from + 1;
  for (; at < source.length; at += 1) {
    const unit = source.charCodeAt(at);
    if (KINDS[unit] !== OUTSIDE) continue;
    if (unit !== APOSTROPHE && unit !== CURLY && unit !== AMPERSAND) break;
    if (KINDS[source.charCodeAt(at + 1)] === OUTSIDE || at + 1 >= source.length) break;
  }
  return at;
}

function abbreviationEnd(source: string, from: number): number {
  let [at, letters] = [from, 0];
  while (KINDS[source.charCodeAt(at)] === CAPITAL) {
    const stop = source.charCodeAt(at + 1) === STOP ? at + 1 : at + 2;
    if (source.charCodeAt(stop) !== STOP || (stop === at + 2 && KINDS[source.charCodeAt(at + 1)] !== SMALL)) break;
    at = stop + 1;
    letters += 1;
  }
  return letters > 1 && KINDS[source.charCodeAt(at)] !== SMALL ? at : from;
}

function leanOf(source: string, from: number, to: number): number {
  if (to - from < 5) return 0;
  const word = source.slice(from, Math.min(to, from + 8));
  return /['’]/.test(word) ? (LEANING.exec(word)?.[0].length ?? 0) : 0;
}

function token(source: string, start: number, to: number, gap: Gap): Token {
  const match = source.slice(start, to);
  const possessive = match.length > 2 && POSSESSIVE.test(match);
  const end = possessive ? to - 2 : to;
  const raw = possessive ? match.slice(0, -2) : match;
  const plain = raw.charCodeAt(raw.length - 1) === STOP ? raw.slice(0, -1) : raw;
  const shape = shapeOf(plain);
  return {
    raw,
    key: shape === 'small' && !hasCapital(plain) ? plain : plain.toLowerCase(),
    start,
    end,
    shape,
    gap,
    starts: gap === 'break',
    dotted: source.charCodeAt(to) === STOP,
    possessive,
  };
}

function shapeOf(word: string): Shape {
  const kind = KINDS[word.charCodeAt(0)];
  if (kind !== CAPITAL) return kind === DIGIT ? 'number' : 'small';
  if (word.length === 1) return 'capital';
  for (let at = 1; at < word.length; at += 1) if (KINDS[word.charCodeAt(at)] === SMALL) return 'capital';
  return 'capitals';
}

function hasCapital(word: string): boolean {
  for (let at = 1; at < word.length; at += 1) if (KINDS[word.charCodeAt(at)] === CAPITAL) return true;
  return false;
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
  return !(
    ABBREVIATIONS.has(last.key) ||
    (last.raw.length === 1 && last.shape === 'capital') ||
    last.raw.endsWith('.')
  );
}

/** What the words from one to the other (not included) look like in the text. */
export function written(text: string, tokens: readonly Token[], from: number, to: number): string {
  return text.slice(tokens[from]?.start, tokens[to - 1]?.end);
}
