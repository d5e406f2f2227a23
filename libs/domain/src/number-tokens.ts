/** The figures that a text states, so that "two billion" agrees with "2.0 bln" and with no other figure. */

const SPELLED = new Map<string, number>();
const spell = (first: number, words: string): void => {
  words.split(' ').forEach((word, i) => SPELLED.set(word, first + i));
};
// "One", "un", "eins" count nothing more often than not; words that mean something else in another language are left out.
spell(2, 'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen');
spell(18, 'eighteen nineteen twenty');
spell(2, 'zwei drei vier fünf sechs sieben acht neun zehn');
spell(2, 'deux trois quatre cinq');
spell(2, 'dos tres cuatro cinco seis siete ocho nueve diez');
'thirty forty fifty sixty seventy eighty ninety'.split(' ').forEach((word, i) => SPELLED.set(word, 30 + 10 * i));
SPELLED.set('zwölf', 12);
const LONGEST_SPELLED = Math.max(...[...SPELLED.keys()].map((word) => word.length));

const SCALES = new Map<string, number>();
const scale = (factor: number, words: string): void => {
  for (const word of words.split(' ')) SCALES.set(word, factor);
};
scale(100, 'hundred hundert');
scale(1_000, 'thousand tausend mille mil k');
scale(1e6, 'million millions mln mlns mn mio millionen millón millones m');
scale(1e9, 'billion billions bln blns bn milliarde milliarden mrd milliard milliards b');
scale(1e12, 'trillion trillions trn');

/** What else tells how many or which one, and is no figure: in a text of its own it would count nothing more often than not. */
const ALSO_NUMBERS = new Set(
  (
    'zero one first second third fourth fifth sixth seventh eighth ninth tenth dozen dozens half quarter once twice ' +
    'hundreds thousands millions billions trillions hunderte tausende ' +
    'null eins ein eine erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elf zwanzig dreißig vierzig ' +
    'fünfzig sechzig siebzig achtzig neunzig zéro six sept huit neuf dix onze douze treize quatorze quinze seize vingt ' +
    'trente quarante cinquante soixante premier première deuxième troisième cent cents cero uno una once doce trece ' +
    'catorce quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien cientos primero primera segundo ' +
    'segunda tercero tercera'
  ).split(' '),
);

/** A word in lower case that is a number written out, or a part of one. */
export function isNumberWord(word: string): boolean {
  return SPELLED.has(word) || SCALES.has(word) || ALSO_NUMBERS.has(word);
}

const DIGITS = /^\p{Nd}/u;

/**
 * The figures among a sentence's words, in order and in one spelling each: numerals and spelled-out numbers with the scale
 * that follows them; scores, fractions, times and dates as they are.
 */
export function numbersIn(words: readonly string[]): string[] {
  const numbers: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const value = valueOf(word);
    if (value === undefined) continue;
    const factor = Number.isNaN(value) ? undefined : SCALES.get(words[i + 1] ?? '');
    numbers.push(Number.isNaN(value) ? word : String(Number((value * (factor ?? 1)).toPrecision(12))));
    if (factor !== undefined) i += 1;
  }
  return numbers;
}

/** Asked for every word of every text: a letter of Latin script is told without a regular expression. */
function beginsWithDigit(word: string): boolean {
  const code = word.charCodeAt(0);
  return code < 0x80 ? code >= 0x30 && code <= 0x39 : DIGITS.test(word);
}

/** NaN for figures that are no plain number. */
function valueOf(word: string): number | undefined {
  if (!beginsWithDigit(word)) return word.length > LONGEST_SPELLED ? undefined : SPELLED.get(word);
  return /[:/-]/.test(word) ? Number.NaN : Number(ungrouped(word));
}

/** "1,234.5", "1.234,5" and "1234,5" as a numeral of JavaScript: one separator before three digits groups them. */
function ungrouped(word: string): string {
  const last = Math.max(word.lastIndexOf(','), word.lastIndexOf('.'));
  if (last === -1) return word;
  const [whole, rest] = [word.slice(0, last).replace(/[.,]/g, ''), word.slice(last + 1)];
  const kinds = new Set(word.replace(/[^.,]/g, ''));
  const groups = kinds.size === 1 && (rest.length === 3 ? !whole.startsWith('0') : word.split(/[.,]/).length > 2);
  return groups ? whole + rest : `${whole}.${rest}`;
}
