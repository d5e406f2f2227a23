/** Which country a text that names no place is from, by the legal forms of the firms in it: business news at home leaves the country out. Pure. */
import { isCapital } from './name-shapes.js';
import { AMOUNTS } from './place-words.js';
import type { Token } from './text-tokens.js';

export interface Home {
  /** ISO 3166. */
  code: string;
  /** The form as the text writes it, after the firm's last word ("Quillfeather Inc"). */
  evidence: string;
}

/** Forms that firms of one country have, or nearly only they. */
const FORMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    US: 'inc incorporated corp corporation bancorp bancshares llc co',
    GB: 'plc',
    IT: 'spa',
    FI: 'oyj',
    SE: 'ab',
    MY: 'bhd berhad',
    AU: 'pty',
    ID: 'tbk',
  }).flatMap(([code, forms]) => forms.split(' ').map((form): [string, string] => [form, code])),
);
/** Written otherwise they are words ("Day Spa"). */
const WRITTEN: ReadonlyMap<string, string> = new Map([
  ['ab', 'AB'],
  ['spa', 'SpA'],
]);
/** Forms of several countries: nothing is told where one of these stands, … */
const ELSEWHERE = new Set('ltd limited ag sa nv bv gmbh kg se asa oy oao ooo sarl sas kk ltda cv kgaa'.split(' '));
/** … but beside these forms "Ltd" is at home too. */
const BESIDE_LTD = new Set(['GB', 'AU', 'MY']);
/** Firms that news calls "Corp" or "Inc" and that are at home elsewhere: their texts say nothing of America. */
const NOT_AMERICAN = new Set(
  'abitibi asus baidu barrick blackberry bombardier cameco canon celestica couche daewoo daiwa enbridge fanuc foxconn fujitsu gildan hitachi honda hyundai isuzu jollibee kawasaki kia komatsu konica kyocera lg magna mazda minolta mitsubishi mitsui naver nec nidec nikon nintendo nippon nissan nomura olympus onex panasonic petronas posco quebecor ricoh samsung sanyo sharp shiseido shopify sk softbank sony sumitomo suncor suzuki teck telus thomson tokai toshiba toyota transcanada tsmc yamaha'.split(
    ' ',
  ),
);
/** What is paid with elsewhere than in America. */
const FOREIGN_MONEY = new Set(
  'yen stg sterling pounds pence p euro euros francs marks crowns kronor kroner guilders lire pesetas pesos reais rupees rupiah ringgit yuan won baht rand dinars riyals dirhams roubles rubles zlotys schillings shillings escudos drachmas'.split(
    ' ',
  ),
);
const FOREIGN_SIGNS = /[£€¥₹₩₽]|\b(?:C|A|HK|NZ|S|NT|R)\$/;

/** "Co" is American beside dollars only. */
const DOLLARS = new Set('dollar dollars dlr dlrs cent cents cts ct'.split(' '));

/** The one country whose legal forms the text has; undefined where forms or money speak for others as well. */
export function homeByLegalForm(text: string, tokens: readonly Token[]): Home | undefined {
  let home: Home | undefined;
  let [isLimited, isOnlyCo] = [false, true];
  for (let at = 1; at < tokens.length; at += 1) {
    const [before, token] = [tokens[at - 1] as Token, tokens[at] as Token];
    if (!isFormOf(before, token)) continue;
    if (ELSEWHERE.has(token.key)) {
      if (token.key !== 'ltd' && token.key !== 'limited') return undefined;
      isLimited = true;
    }
    const code = FORMS.get(token.key);
    if (code === undefined || (WRITTEN.get(token.key) ?? token.raw) !== token.raw) continue;
    if (home !== undefined && home.code !== code) return undefined;
    isOnlyCo &&= token.key === 'co';
    home ??= { code, evidence: text.slice(before.start, token.end) };
  }
  if (home === undefined || (isLimited && !BESIDE_LTD.has(home.code))) return undefined;
  if (isOnlyCo && !tokens.some(({ key }) => DOLLARS.has(key)) && !text.includes('$')) return undefined;
  return home.code === 'US' && isForeign(text, tokens) ? undefined : home;
}

/** It ends a firm's name: "Quillfeather Inc", "QUILLFEATHER, INC", "Quillfeather plc". */
function isFormOf(before: Token, token: Token): boolean {
  return (
    (isCapital(token) || token.key === 'plc') &&
    isCapital(before) &&
    (token.gap === 'space' || token.gap === 'comma') &&
    !token.starts
  );
}

function isForeign(text: string, tokens: readonly Token[]): boolean {
  if (FOREIGN_SIGNS.test(text)) return true;
  return tokens.some(({ key, shape }, at) => {
    if (NOT_AMERICAN.has(key) && shape !== 'small') return true;
    const before = tokens[at - 1];
    return FOREIGN_MONEY.has(key) && (before?.shape === 'number' || AMOUNTS.has(before?.key ?? ''));
  });
}
