/** Names an item's language: what its words say, weighed against what the item and its feed claim. */
import { eld } from 'eld/medium';
import { primarySubtag } from './language-tag.js';

/** Enough for certainty (99 % from 60 characters on); more only costs. */
const SAMPLE_LENGTH = 160;
/** Fewer letters than this say little: a claim wins. */
const MIN_LETTERS = 25;
/** A claimed language that scores this share of the best is believed: feeds know better than statistics. */
const CLAIM_SHARE = 0.85;
/** With many letters and a clear verdict, a claim that the text contradicts is wrong (a German CMS that says en-us). */
const CLEAR_SCORE = 0.6;

/**
 * The BCP 47 primary subtag of a text's language, for example `en`. `claims` are the item's and the feed's own words for
 * it (`en-GB`, `deu`, `pt_BR`), the nearer one first. Null when nobody knows.
 */
export function detectLanguage(text: string, claims: readonly (string | null | undefined)[]): string | null {
  const claimed = claims.map(primarySubtag).find((claim) => claim !== null) ?? null;
  const sample = text.slice(0, SAMPLE_LENGTH);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const verdict = letters === 0 ? undefined : eld.detect(sample);
  if (verdict === undefined || verdict.language === '') return claimed;
  if (claimed === null) return verdict.isReliable() || letters >= MIN_LETTERS ? detected(verdict.language, null) : null;

  if (verdict.language === detectorCode(claimed)) return claimed;
  const scores = verdict.getScores();
  const best = scores[verdict.language] ?? 0;
  const support = scores[detectorCode(claimed)] ?? 0;
  const contradicted = letters >= MIN_LETTERS && verdict.isReliable() && best >= CLEAR_SCORE;
  return support >= best * CLAIM_SHARE || !contradicted ? claimed : detected(verdict.language, claimed);
}

/** The detector knows Malay but not Indonesian, which it takes for it and which is written ten times as often. */
function detected(language: string, claimed: string | null): string {
  return language === 'ms' && claimed !== 'ms' ? 'id' : language;
}

function detectorCode(language: string): string {
  if (language === 'id') return 'ms';
  return language === 'nn' ? 'no' : language;
}
