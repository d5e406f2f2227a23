/** Names an item's language: what its words say, weighed against what the item and its feed claim. */
import { LanguageScorer, type Verdict } from './language-scorer.js';
import { readLanguageTable } from './language-table.js';
import { languageOfLetters, toldApart } from './look-alikes.js';
import { primarySubtag } from '#domain/language-tag.js';

const scorer = new LanguageScorer(readLanguageTable());

/** Enough for certainty (99 % from 60 characters on); more only costs. */
export const SAMPLE_LENGTH = 160;
/** Fewer letters than this say little: a claim wins. */
const MIN_LETTERS = 25;
/** And fewer than this, where nobody claims anything, are no guess worth making. */
const MIN_LETTERS_TO_GUESS = 12;
/** A claimed language that scores this share of the best is believed: feeds know better than statistics. */
const CLAIM_SHARE = 0.85;
/** With many letters and a clear verdict, a claim that the text contradicts is wrong (a German CMS that says en-us). */
const CLEAR_SCORE = 0.6;
/** Against the claim of a language that the detector does not know: a stranger is taken for one that it knows, but scores less than that one's own texts. */
const OWN_SHARE = 0.96;

/** Languages that the detector does not know, or not in both their scripts, and what it takes them for. */
const TAKEN_FOR: Record<string, string[]> = {
  af: ['nl'],
  arz: ['ar'],
  ast: ['es'],
  bs: ['hr', 'sr'],
  ckb: ['ku'],
  cnr: ['hr', 'sr'],
  co: ['it'],
  fo: ['is'],
  gl: ['pt', 'es'],
  gsw: ['de'],
  lb: ['de'],
  mk: ['sr', 'bg'],
  ne: ['hi', 'mr'],
  oc: ['ca'],
  ps: ['fa'],
  sa: ['hi', 'mr'],
  sr: ['hr'],
  ti: ['am'],
  wuu: ['zh'],
  yi: ['he'],
  yue: ['zh'],
};

/**
 * With so few letters a language of Latin script that news is seldom written in must win by a little. Not more, and not in other scripts:
 * relatives score within a few per cent of each other, and at 6 % most short Bulgarian was Russian and all short Marathi Hindi.
 */
const SHORT_LETTERS = 60;
const SELDOM_SHARE = 0.98;
const SELDOM = new Set('az ca et eu hr is lt lv sk sl sq tl yo'.split(' '));

/**
 * The BCP 47 primary subtag of a text's language, for example `en`. `claims` are the item's and the feed's own words for
 * it (`en-GB`, `deu`, `pt_BR`), the nearer one first. Null when nobody knows.
 */
export function detectLanguage(text: string, claims: readonly (string | null | undefined)[]): string | null {
  const claimed = claims.map(primarySubtag).find((claim) => claim !== null) ?? null;
  const sample = text.slice(0, SAMPLE_LENGTH);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const verdict = letters === 0 ? undefined : scorer.score(sample);
  if (claimed === null) {
    const isGuess = verdict?.isReliable !== true && letters < MIN_LETTERS_TO_GUESS;
    return isGuess ? null : told(verdict === undefined ? null : likeliest(verdict, letters), sample);
  }

  if (verdict === undefined) return claimed;
  const code = detectorCode(claimed);
  if (verdict.language === code || TAKEN_FOR[claimed]?.includes(verdict.language)) return claimed;
  const best = scoreOf(verdict, verdict.language);
  const isOwn = verdict.share >= OWN_SHARE || verdict.languages.includes(code);
  const contradicted = letters >= MIN_LETTERS && verdict.isReliable && best >= CLEAR_SCORE && isOwn;
  return scoreOf(verdict, code) >= best * CLAIM_SHARE || !contradicted ? claimed : told(verdict.language, sample);
}

function scoreOf({ languages, scores }: Verdict, language: string): number {
  return scores[languages.indexOf(language)] ?? 0;
}

function likeliest({ language, languages, scores }: Verdict, letters: number): string {
  if (letters >= SHORT_LETTERS || !SELDOM.has(language)) return language;
  let [best, most] = ['', 0];
  languages.forEach((language, index) => {
    const score = scores[index] as number;
    const weighed = SELDOM.has(language) ? score * SELDOM_SHARE : score;
    if (weighed > most) [best, most] = [language, weighed];
  });
  return best;
}

/** The detector knows Malay but not Indonesian, which it takes for it and which is written ten times as often. */
function told(language: string | null, sample: string): string | null {
  return (
    languageOfLetters(sample) ?? (language === null ? null : toldApart(language === 'ms' ? 'id' : language, sample))
  );
}

function detectorCode(language: string): string {
  if (language === 'id') return 'ms';
  return language === 'nn' ? 'no' : language;
}
