/** Which country a text that names no place is from, by the legal forms of the firms in it: business news at home leaves the country out. Pure. */
import { isAmount } from './money-names.js';
import { isCapital } from './name-shapes.js';
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
/** Before "Corporation" they make a public body of it. */
const PUBLIC = new Set('municipal city town borough broadcasting development transport'.split(' '));
/** Firms that news calls "Plc" and that are at home elsewhere. */
const NOT_BRITISH = new Set(
  'accenture aib aon crh dangote kerry kingspan linde medtronic ryanair safaricom seagate'.split(' '),
);
/** Firms that news calls "Corp" or "Inc" and that are at home elsewhere: their texts say nothing of America. */
const NOT_AMERICAN = new Set(
  'abitibi advantest aisin alibaba asus baidu barrick blackberry bombardier bridgestone cameco canon celestica couche daewoo daiwa denso dentsu dollarama enbridge eneos fanuc foxconn fujitsu gildan hitachi honda hyundai isuzu itochu jollibee kawasaki kddi keyence kia kinross kioxia komatsu konica kubota kyocera lg lululemon manulife marubeni mediatek netease nutrien magna mazda minolta mitsubishi mitsui naver nec nidec nikon nintendo nippon nissan nomura olympus onex panasonic pegatron petronas posco quebecor rakuten renesas ricoh samsung sanyo sharp shiseido shopify sk softbank sony subaru sumitomo suncor suzuki teck telus tencent thomson tokai toshiba toyota transcanada tsmc xpeng yamaha'.split(
    ' ',
  ),
);
/** What is paid with elsewhere than in America, behind an amount, … */
const FOREIGN_MONEY = new Set(
  'yen stg sterling pounds pence p euro euros francs marks crowns kronor kroner guilders lire pesetas pesos reais rupees rupiah ringgit yuan won baht rand dinars riyals dirhams roubles rubles zlotys schillings shillings escudos drachmas naira kobo cedi cedis crore crores lakh lakhs'.split(
    ' ',
  ),
);
/** … by its sign, and by its code before one. */
const FOREIGN_SIGNS = /[£€¥₹₩₽₦₱₺₫฿₪]|\b(?:C|A|HK|NZ|S|NT|R|US)\$/;
const FOREIGN_CODES =
  /\b(?:EUR|GBP|JPY|CHF|SEK|NOK|DKK|INR|CNY|RMB|HKD|SGD|AUD|CAD|NZD|KRW|PLN|ZAR|BRL|MXN|NGN|KES|PHP|THB|MYR|IDR|TWD|KSh|RM|Rs|Rp|Sh)\.?\s?\d|\b[NP]\d[\d.,]*\s?(?:trillion|billion|million|bn|m)\b/;
/** Of these, what British firms reckon in. */
const STERLING = new Set('stg sterling pounds pence p'.split(' '));
const STERLING_SIGNS = /£|\bGBP\b/g;

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
    if (isOtherName(tokens, at)) continue;
    const code = FORMS.get(token.key);
    if (code === undefined || (WRITTEN.get(token.key) ?? token.raw) !== token.raw) continue;
    if (home !== undefined && home.code !== code) return undefined;
    isOnlyCo &&= token.key === 'co';
    home ??= { code, evidence: text.slice(before.start, token.end) };
  }
  if (home === undefined || (isLimited && !BESIDE_LTD.has(home.code))) return undefined;
  if (isOnlyCo && !tokens.some(({ key }) => DOLLARS.has(key)) && !text.includes('$')) return undefined;
  return isElsewhere(home.code, text, tokens) ? undefined : home;
}

/** "The Municipal Corporation", "Newry, Co Down", "Red Deer, AB", "AB InBev", "PREISE STEIGEN AB JANUAR". */
function isOtherName(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at] as Token, tokens[at + 1]];
  if (token.key === 'corporation') return PUBLIC.has(before?.key ?? '');
  if (token.key === 'co') return token.gap !== 'space';
  if (token.key !== 'ab') return false;
  return token.gap !== 'space' || (next?.gap === 'space' && next.shape !== 'small');
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

/** Of American and British forms: the text reckons in other money, or has a firm that is known to be at home elsewhere. */
function isElsewhere(code: string, text: string, tokens: readonly Token[]): boolean {
  if (code !== 'US' && code !== 'GB') return false;
  const isBritish = code === 'GB';
  const others = isBritish ? text.replace(STERLING_SIGNS, '') : text;
  if (FOREIGN_SIGNS.test(others) || FOREIGN_CODES.test(others)) return true;
  const strangers = isBritish ? NOT_BRITISH : NOT_AMERICAN;
  return tokens.some(({ key, shape }, at) => {
    if (strangers.has(key) && shape !== 'small') return true;
    if (!FOREIGN_MONEY.has(key) || (isBritish && STERLING.has(key))) return false;
    return isAmount(tokens[at - 1]);
  });
}
