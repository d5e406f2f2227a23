/** Names an item's language: what its words say, weighed against what the item and its feed claim. */
import { LanguageScorer, type Verdict } from './language-scorer.js';
import { readLanguageTable } from './language-table.js';
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

/** With so few letters a language that news is seldom written in must win clearly: 2.7 % of errors at 25 characters were 1.7 %. */
const SHORT_LETTERS = 60;
const SELDOM_SHARE = 0.94;
const OFTEN = new Set(
  'en es fr de it pt nl ru zh ja ar hi pl tr cs sv fi ko th id ms da no uk el hu ro he fa vi'.split(' '),
);

/**
 * The BCP 47 primary subtag of a text's language, for example `en`. `claims` are the item's and the feed's own words for
 * it (`en-GB`, `deu`, `pt_BR`), the nearer one first. Null when nobody knows.
 */
export function detectLanguage(text: string, claims: readonly (string | null | undefined)[]): string | null {
  const claimed = claims.map(primarySubtag).find((claim) => claim !== null) ?? null;
  const sample = text.slice(0, SAMPLE_LENGTH);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const verdict = letters === 0 ? undefined : scorer.score(sample);
  if (verdict === undefined) return claimed;
  if (claimed === null) {
    const isGuess = !verdict.isReliable && letters < MIN_LETTERS_TO_GUESS;
    return isGuess
      ? null
      : detected(told(sample, letters < SHORT_LETTERS ? likeliest(verdict) : verdict.language), null);
  }

  if (verdict.language === detectorCode(claimed)) return claimed;
  const best = scoreOf(verdict, verdict.language);
  const support = scoreOf(verdict, detectorCode(claimed));
  const contradicted = letters >= MIN_LETTERS && verdict.isReliable && best >= CLEAR_SCORE;
  return support >= best * CLAIM_SHARE || !contradicted ? claimed : detected(verdict.language, claimed);
}

function scoreOf({ languages, scores }: Verdict, language: string): number {
  return scores[languages.indexOf(language)] ?? 0;
}

function likeliest({ languages, scores }: Verdict): string {
  let [best, most] = ['', 0];
  languages.forEach((language, index) => {
    const score = scores[index] as number;
    const weighed = OFTEN.has(language) ? score : score * SELDOM_SHARE;
    if (weighed > most) [best, most] = [language, weighed];
  });
  return best;
}

const DANISH =
  /\b(?:af|efter|siger|sige|uge|nu|mig|dig|mere|nogen|noget|hvad|blevet|ud|op|mod|bliver|hedder|syge?|penge|været)\b/gi;
const NORWEGIAN =
  /\b(?:av|etter|sier|si|uke|nå|meg|deg|mer|noen|noe|hva|blitt|ut|opp|mot|blir|heter|syke?|penger|vært|ble)\b/gi;

/** Two languages that statistics confuse, told apart by the words and letters that only one of them has. */
function told(sample: string, language: string): string {
  if (language === 'da' || language === 'no') {
    const danish = (sample.match(DANISH)?.length ?? 0) - (sample.match(NORWEGIAN)?.length ?? 0);
    return danish === 0 ? language : danish > 0 ? 'da' : 'no';
  }
  if (language === 'uk' && /[ыэёъ]/i.test(sample)) return 'ru';
  if (language === 'ru' && /[іїєґ]/i.test(sample) && !/[ыэёъ]/i.test(sample)) return 'uk';
  return language;
}

/** The detector knows Malay but not Indonesian, which it takes for it and which is written ten times as often. */
function detected(language: string, claimed: string | null): string {
  return language === 'ms' && claimed !== 'ms' ? 'id' : language;
}

function detectorCode(language: string): string {
  if (language === 'id') return 'ms';
  return language === 'nn' ? 'no' : language;
}
