/** What shows that a row of words like a person's name is a firm's ("an analyst at Robert Quillfeather"), and what shows that it is not. Pure. */
import { isCapital, type NameQuestion } from './name-shapes.js';
import { APPOSED_ROLES, FIRM_NOUNS, SAYING } from './name-words.js';
import type { Token } from './text-tokens.js';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** They work for firms that bear people's names: "analyst at …", "economist with …". */
const MARKET_ROLES = set(
  'analyst analysts economist economists strategist strategists trader traders dealer dealers broker brokers stockbroker stockbrokers salesman',
);
const JOINS = set('of at with for from in a an the and or as is was has had met saw who hires names became');
/** They too, where somebody works "at" it. */
const STAFF = set(
  'director directors manager managers partner partners president chairman head chief expert executive official officer adviser advisor specialist researcher department division desk',
);
/** What firms are called, beside FIRM_NOUNS. */
const TRADING_FIRMS = set('brokerages bookrunner bookrunners');
/** Of what firms are called, what people are called too. */
const ALSO_PEOPLE = set('publisher brewer broadcaster insurer operator');
/** Before "of" and a name, or behind the name: a firm has them. */
const OWNED = set('unit units subsidiary subsidiaries affiliate division shareholders stockholders');
/** Before "of", "in" or "with" and a name: done with firms, not with players. */
const BOUGHT = set('takeover merger merged merge stake shares stock');
/** A bond's managers are banks. */
const ISSUE_MANAGERS = /^(?:manager|managers|underwriter|underwriters|runner|bookrunner)$/;
const OF_AN_ISSUE = /^(?:lead|sole|joint|co)$/;
const TICKER = /^,?\s?<[A-Z][A-Z0-9.]{0,9}>/;
/** After a firm's name in small letters; another verb is what somebody did to the firm ("the firm Robert Quillfeather founded"). */
const AFTER_FIRM = set('said says told in and or of for to at on has is are');

/** The words from one to the other (not included) are a firm's name by what stands beside them. */
export function isFirm({ tokens, text }: NameQuestion, from: number, to: number): boolean {
  const [first, last] = [tokens[from] as Token, tokens[to - 1] as Token];
  if (text[first.start - 1] === '<' || TICKER.test(text.slice(last.end, last.end + 14))) return true;
  if (first.gap === 'space' && isFirmBefore(tokens, from, to)) return true;
  const [next, after] = [tokens[to], tokens[to + 1]];
  if (next?.gap === 'comma' && next.key === 'which') return true;
  if (next?.gap !== 'space' || next.shape !== 'small') return false;
  return (OWNED.has(next.key) && after?.gap !== 'hyphen') || isEmployer(tokens, to);
}

/** `to`: after the name. "Robert Quillfeather, who …", "…, 43," and "…, chairman of …": it is somebody, whatever firm has the name too. */
export function isSomebody(tokens: readonly Token[], to: number): boolean {
  const next = tokens[to];
  if (next?.gap !== 'comma') return false;
  if (next.shape === 'number') return /^\d\d$/.test(next.raw) && tokens[to + 1]?.gap === 'comma';
  return next.shape === 'small' && (/^(?:who|whose|aged)$/.test(next.key) || APPOSED_ROLES.has(next.key));
}

function isFirmBefore(tokens: readonly Token[], from: number, to: number): boolean {
  const [before, earlier, next] = [tokens[from - 1], tokens[from - 2], tokens[to]];
  if (before === undefined || earlier === undefined) return false;
  if (isIssueManager(tokens, from - 1)) return true;
  if (tokens[to - 1]?.possessive === true) return false;
  if (
    before.shape === 'small' &&
    !ALSO_PEOPLE.has(before.key) &&
    (FIRM_NOUNS.has(before.key) || TRADING_FIRMS.has(before.key))
  )
    return next?.gap !== 'space' || next.shape !== 'small' || AFTER_FIRM.has(next.key);
  if (before.gap !== 'space') return false;
  if (before.key === 'at' && (STAFF.has(earlier.key) || MARKET_ROLES.has(earlier.key))) return true;
  if (/^(?:with|for|of|from)$/.test(before.key) && MARKET_ROLES.has(earlier.key)) return true;
  if (/^(?:of|in|with)$/.test(before.key) && (OWNED.has(earlier.key) || BOUGHT.has(earlier.key))) return true;
  // "Zog Marrow of Quillfeather said", and no "Friends of Robert Quillfeather said".
  if (before.key !== 'of' || earlier.gap !== 'space' || !isCapital(earlier)) return false;
  const isName = tokens[from - 3] !== undefined && isCapital(tokens[from - 3] as Token);
  return isName && next !== undefined && (SAYING.has(next.key) || next.gap === 'comma' || next.gap === 'break');
}

/** "Lead manager Quillfeather": the word before a name is a bank's part in a bond. */
export function isIssueManager(tokens: readonly Token[], at: number): boolean {
  return ISSUE_MANAGERS.test(tokens[at]?.key ?? '') && OF_AN_ISSUE.test(tokens[at - 1]?.key ?? '');
}

/** "… analyst", "… food analyst": who works there, and no "… met analysts". */
function isEmployer(tokens: readonly Token[], at: number): boolean {
  for (let word = at; word < at + 3; word += 1) {
    const token = tokens[word];
    if (token === undefined || token.shape !== 'small' || token.gap !== 'space') return false;
    if (MARKET_ROLES.has(token.key)) return !token.key.endsWith('s');
    if (JOINS.has(token.key) || SAYING.has(token.key) || /(?:ed|ly)$/.test(token.key)) return false;
  }
  return false;
}
