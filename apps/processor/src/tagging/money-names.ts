/** Where the name of a country is the name of its money ("two million Swiss francs"). Pure. */
import type { PlaceName } from './place-index.js';
import type { Token } from './text-tokens.js';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words `from` to `to` (not included) of a text. */
interface NamedPlace {
  from: number;
  to: number;
  name: PlaceName;
}

/** After a country's name or demonym: its money, whoever pays with it ("300 million Danish crowns"). */
const CURRENCIES = set(
  'dollar dollars dlr dlrs cent cents cts franc francs pound pounds sterling mark marks crown crowns krona kronor krone kroner peso pesos real reais rupee rupees rupiah ringgit baht won yen yuan renminbi dinar dinars dirham dirhams riyal riyals rial rials lira lire ruble rubles rouble roubles guilder guilders peseta pesetas escudo escudos drachma drachmas shilling shillings schilling schillings rand zloty zlotys forint forints koruna korunas currency',
);

/** Of these, what is a verb, a noun or a name as well ("Norway won", "the crown prince", "Mark"): money after the demonyms of who has it. */
const ALSO_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    won: 'KR KP',
    real: 'BR',
    rand: 'ZA',
    sterling: 'GB',
    'mark marks': 'DE FI',
    'crown crowns': 'SE NO DK CZ IS SK EE',
    'pound pounds': 'GB IE EG LB SY SD CY IL TR',
  }).flatMap(([words, codes]) => words.split(' ').map((word): [string, ReadonlySet<string>] => [word, set(codes)])),
);

/** After such a word they show that it is no money. */
const AFTER_NO_MONEY = set('prince princess court jewels prosecutor estate the a an his her its their');

/** Before money they make a sum of it. */
const AMOUNTS = set('mln million bln billion trillion thousand hundred');

/** After money they say what is lent or owed in it. */
const LOANS = set('bond bonds eurobond eurobonds note notes loan loans facility debt warrant warrants issue');

/** What is paid with, not where. A headline that names a currency is about its country, but no sum of it. `title`: how many words are the title's. */
export function isMoney(tokens: readonly Token[], hit: NamedPlace, title: number): boolean {
  return isCurrency(tokens, hit) && (hit.from >= title || isSum(tokens, hit));
}

/** The word before money: it makes a sum of it. */
export function isAmount(token: Token | undefined): boolean {
  return token?.shape === 'number' || AMOUNTS.has(token?.key ?? '');
}

/** "Two million Swiss francs", "against the U.S. dollar". */
function isCurrency(tokens: readonly Token[], hit: NamedPlace): boolean {
  const { to, name } = hit;
  const next = tokens[to];
  if (name.kind !== 'country' && name.kind !== 'demonym') return false;
  // "Turkey's lira" is told of Turkey.
  if (next?.gap !== 'space' || !CURRENCIES.has(next.key) || tokens[to - 1]?.possessive === true) return false;
  const whose = ALSO_WORDS.get(next.key);
  if (whose === undefined) return true;
  if (name.kind !== 'demonym' || next.shape !== 'small' || !whose.has(name.country.code)) return false;
  // "The South Korean won" may be who won.
  if (next.key === 'won') return isSum(tokens, hit);
  const after = tokens[to + 1];
  return after?.gap !== 'space' || (after.shape !== 'number' && !AFTER_NO_MONEY.has(after.key));
}

/** A sum or a loan: "30 million Swiss francs", "a Swiss franc bond". */
function isSum(tokens: readonly Token[], { from, to }: NamedPlace): boolean {
  return isAmount(tokens[from - 1]) || LOANS.has(tokens[to + 1]?.key ?? '');
}
