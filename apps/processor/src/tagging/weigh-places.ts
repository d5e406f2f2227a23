/** Which of the places that a text names it is about, and how sure that is. Pure. */
import type { PlaceHit, PlaceQuestion } from './find-places.js';
import type { City, Country, PlaceName } from './place-index.js';

export interface FoundPlace {
  name: string;
  confidence: number;
  /** How the text calls it, for whoever asks why. */
  evidence: string;
}

/** A report's beginning says what it is about. */
const LEAD_WORDS = 70;
/** In shorter texts everything is the beginning. */
const SHORT_TEXT_WORDS = 160;
export const MAX_COUNTRIES = 10;
const MAX_CITIES = 4;

interface Tally {
  country: Country;
  score: number;
  named: boolean;
  early: boolean;
  mentions: number;
  evidence: string;
}

const WEIGHTS: Record<PlaceName['kind'], number> = { country: 1, demonym: 0.7, region: 0.8, city: 0.8, none: 0 };

/** The countries by weight, then the cities that the text dwells on. */
export function placesOf({ text, tokens, title }: PlaceQuestion, hits: readonly PlaceHit[]): FoundPlace[] {
  const tallies = new Map<string, Tally>();
  const cities = new Map<string, { city: City; mentions: number; located: boolean; inTitle: boolean }>();
  const isShort = tokens.length - title < SHORT_TEXT_WORDS;
  for (const { from, to, name, located, dateline } of hits) {
    const { country, city, kind } = name;
    const tally = tallies.get(country.code) ?? {
      country,
      score: 0,
      named: false,
      early: false,
      mentions: 0,
      evidence: '',
    };
    if (tally.evidence === '') tally.evidence = text.slice(tokens[from]?.start, tokens[to - 1]?.end);
    tally.score += WEIGHTS[kind] * (from < title ? 2 : 1);
    tally.named ||= kind === 'country';
    tally.early ||= isShort || from < title + LEAD_WORDS;
    tally.mentions += 1;
    tallies.set(country.code, tally);
    if (city === undefined || dateline) continue;
    const seen = cities.get(city.name) ?? { city, mentions: 0, located: false, inTitle: false };
    seen.mentions += 1;
    seen.located ||= located;
    seen.inTitle ||= from < title;
    cities.set(city.name, seen);
  }
  const countries = [...tallies.values()]
    .filter(({ named, early, mentions }) => named || early || mentions > 1)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_COUNTRIES)
    .map(({ country, score, named, evidence }) => ({
      name: country.name,
      confidence: confidenceOf(score, named),
      evidence,
    }));
  const dweltOn = [...cities.values()]
    .filter(
      ({ mentions, located, inTitle, city }) => located && (mentions > 1 || inTitle) && city.name !== city.country.name,
    )
    .sort((a, b) => b.mentions - a.mentions)
    .slice(0, MAX_CITIES)
    .map(({ city, mentions }) => ({ name: city.name, confidence: confidenceOf(mentions, true), evidence: city.name }));
  return uniqueByName([...countries, ...dweltOn]);
}

export function confidenceOf(score: number, named: boolean): number {
  const base = named ? 0.8 : 0.7;
  return Math.round(Math.min(0.99, base + 0.05 * score) * 100) / 100;
}

function uniqueByName(places: FoundPlace[]): FoundPlace[] {
  return [...new Map(places.map((place) => [place.name, place])).values()];
}
