/** Which of the places that a text names it is about, and how sure that is. Pure. */
import type { PlaceHit, PlaceQuestion } from './find-places.js';
import type { City, Country, PlaceName } from './place-index.js';
import type { Token } from './text-tokens.js';

export interface FoundPlace {
  name: string;
  confidence: number;
  /** How the text calls it, for whoever asks why. */
  evidence: string;
}

/** A report's first sentence or two say what it is about. */
const LEAD_WORDS = 35;
/** A brief of this length has little room for passing mentions. */
const BRIEF_WORDS = 75;
/** What it comes back to so often is no passing mention, … */
const OFTEN = 3;
/** … if it is named this much, held against the weightiest country. */
const WEIGHTY = 1 / 3;
export const MAX_COUNTRIES = 10;
const MAX_CITIES = 4;

const set = (codes: string): ReadonlySet<string> => new Set(codes.split(' '));

interface Tally {
  country: Country;
  score: number;
  named: boolean;
  early: boolean;
  mentions: number;
  evidence: string;
  /** Nothing but its institutions was named. */
  implied: boolean;
}

const WEIGHTS: Record<PlaceName['kind'], number> = {
  country: 1,
  demonym: 0.7,
  region: 0.8,
  city: 0.8,
  institution: 0.6,
  none: 0,
};

/** States that are no more, and in which countries their cities lie now. */
const FORMER = new Map([
  ['SU', set('RU UA BY GE AM AZ KZ UZ KG TJ TM MD EE LV LT')],
  ['YU', set('RS HR SI BA MK ME XK')],
  ['CS', set('CZ SK')],
]);

/** Before such a state's name, and after it: it is no more. */
const GONE = set('former ex post collapse fall breakup dissolution end');
const REMAINS = set('era built made style times rule occupation statue statues monument monuments memorial legacy');

/** How many words are the headline and the lead; in a brief all are. */
export function leadEnd(tokens: readonly Token[], title: number): number {
  return tokens.length - title <= BRIEF_WORDS ? tokens.length : title + LEAD_WORDS;
}

/** The countries by weight, then the cities that the text dwells on. */
export function placesOf({ text, tokens, title }: PlaceQuestion, hits: readonly PlaceHit[]): FoundPlace[] {
  const tallies = new Map<string, Tally>();
  const cities = new Map<string, { city: City; mentions: number; located: boolean; inTitle: boolean }>();
  const lead = leadEnd(tokens, title);
  const countryOf = countriesOfTheirTime(hits, tokens);
  for (const { from, to, name, located, dateline } of hits) {
    const { city, kind } = name;
    const country = countryOf(name);
    const tally = tallies.get(country.code) ?? {
      country,
      score: 0,
      named: false,
      early: false,
      mentions: 0,
      evidence: '',
      implied: false,
    };
    if (tally.evidence === '' || (tally.implied && kind !== 'institution')) {
      tally.implied = kind === 'institution';
      tally.evidence = text.slice(tokens[from]?.start, tokens[to - 1]?.end);
    }
    tally.score += WEIGHTS[kind] * (from < title ? 2 : 1);
    tally.named ||= kind === 'country';
    tally.early ||= from < lead;
    tally.mentions += 1;
    tallies.set(country.code, tally);
    if (city === undefined || dateline) continue;
    const seen = cities.get(city.name) ?? { city, mentions: 0, located: false, inTitle: false };
    seen.mentions += 1;
    seen.located ||= located;
    seen.inTitle ||= from < title;
    cities.set(city.name, seen);
  }
  const countries = aboutThem([...tallies.values()].sort((a, b) => b.score - a.score))
    .slice(0, MAX_COUNTRIES)
    .map(({ country, score, named, evidence, implied }) => ({
      name: country.name,
      confidence: confidenceOf(score, named),
      evidence: implied ? `${evidence}, its institution` : evidence,
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

/** "Moscow" stands for the Soviet Union in a text of that time: one that names it, not as what is gone, and Russia nowhere. */
function countriesOfTheirTime(hits: readonly PlaceHit[], tokens: readonly Token[]): (name: PlaceName) => Country {
  const byName = hits.filter(({ name: { kind } }) => kind === 'country' || kind === 'demonym');
  const named = new Map(byName.map(({ name: { country } }) => [country.code, country]));
  const gone = new Set(byName.filter((hit) => isGone(hit, tokens)).map(({ name: { country } }) => country.code));
  const former = [...FORMER].filter(([code]) => named.has(code) && !gone.has(code));
  return ({ country }) => {
    if (former.length === 0 || named.has(country.code)) return country;
    const [code = ''] = former.find(([, successors]) => successors.has(country.code)) ?? [];
    return named.get(code) ?? country;
  };
}

/** "The former Soviet republic", "a Soviet-era statue", "the collapse of the Soviet Union": the text is of a later time. */
function isGone({ from, to }: PlaceHit, tokens: readonly Token[]): boolean {
  if (REMAINS.has(tokens[to]?.key ?? '')) return true;
  return [1, 2, 3].some((back) => GONE.has(tokens[from - back]?.key ?? ''));
}

/** The countries of the headline and the lead, those that come again and again, and one that is alone; others are mentioned in passing. */
function aboutThem(tallies: readonly Tally[]): readonly Tally[] {
  if (tallies.length === 1) return tallies;
  const least = (tallies[0]?.score ?? 0) * WEIGHTY;
  return tallies.filter(({ early, mentions, score }) => early || (mentions >= OFTEN && score >= least));
}

export function confidenceOf(score: number, named: boolean): number {
  const base = named ? 0.8 : 0.7;
  return Math.round(Math.min(0.99, base + 0.05 * score) * 100) / 100;
}

function uniqueByName(places: FoundPlace[]): FoundPlace[] {
  return [...new Map(places.map((place) => [place.name, place])).values()];
}
