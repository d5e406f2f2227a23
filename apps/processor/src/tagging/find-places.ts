/** Which countries and cities a text is about. Precision before recall: what may be a person, a club or a paper is left out. Pure. */
import type { PlaceIndex, PlaceName } from './place-index.js';
import {
  ALSO_PEOPLE,
  CAUCASUS,
  DOUBTFUL_CITIES,
  LOCATIVE,
  MAKES_NO_PLACE,
  MAKES_NO_PLACE_BEFORE,
  PLACE_NOUNS,
} from './place-words.js';
import type { Token } from './text-tokens.js';

/** A place in the text: words `from` to `to` (not included). `dateline`: the city that the report was written in. */
export interface PlaceHit {
  from: number;
  to: number;
  name: PlaceName;
  located: boolean;
  dateline: boolean;
}

/** `title`: how many of the words are the title's. `text` is what the tokens were cut from. */
export interface PlaceQuestion {
  text: string;
  tokens: readonly Token[];
  title: number;
  language: string | null;
  isFirstName: (word: string) => boolean;
}

/** Enough of a million people to be known without a word of place before it. */
const KNOWN_CITY_THOUSANDS = 1_000;
/** Cities below this need their country in the text as well. */
const SMALL_CITY_THOUSANDS = 250;

/** All names of places, in order, none over another; those that are nothing of the kind are left out already. */
export function placeHits(question: PlaceQuestion, index: PlaceIndex): PlaceHit[] {
  const { tokens, language } = question;
  const [names, cities] = [index.countryNames(language), index.cityNames];
  const hits: PlaceHit[] = [];
  for (let from = 0; from < tokens.length;) {
    const [inNames, inCities] = [names.longest(tokens, from), cities.longest(tokens, from)];
    const match = (inCities?.length ?? 0) > (inNames?.length ?? 0) ? inCities : (inNames ?? inCities);
    if (match === undefined) {
      from += 1;
      continue;
    }
    const to = from + match.length;
    const name = choose(question, match.values, from, to);
    if (name !== undefined) {
      const dateline = name.kind === 'city' && isDateline(question, from, to);
      const located = dateline || LOCATIVE.has(tokens[from - 1]?.key ?? '');
      if (accepted(question, { from, to, name, located, dateline })) hits.push({ from, to, name, located, dateline });
    }
    from = to;
  }
  return hits;
}

/** Which of a phrase's meanings is meant, by how it is written and what the text says besides. */
function choose(
  { text, tokens }: PlaceQuestion,
  values: readonly PlaceName[],
  from: number,
  to: number,
): PlaceName | undefined {
  const [first, last] = [tokens[from] as Token, tokens[to - 1] as Token];
  const fitting = values.filter((name) => {
    if (name.exact?.startsWith(', ') === true)
      return (
        first.gap === 'comma' &&
        (first.dotted || first.raw.endsWith('.') || first.shape === 'capitals') &&
        first.raw.replace(/\.$/, '') === name.exact.slice(2)
      );
    if (name.exact !== undefined) return first.raw === name.exact && !isShouted(tokens, from);
    return name.small === true || (first.shape !== 'small' && last.shape !== 'small');
  });
  const georgia = fitting.find(({ kind, country }) => kind === 'country' && country.code === 'GE');
  if (georgia !== undefined && fitting.length > 1) {
    const isState =
      first.gap === 'comma' ||
      (!CAUCASUS.test(text) && /\b(Atlanta|U\.S\.|US|American|Republican|Democrat)/.test(text));
    return isState ? fitting.find(({ kind }) => kind === 'region') : georgia;
  }
  return fitting[0];
}

/** Its neighbours are in capitals too, so that "US" may be "us". */
function isShouted(tokens: readonly Token[], at: number): boolean {
  const neighbours = [tokens[at - 1], tokens[at + 1]].filter((token) => token !== undefined);
  return neighbours.length > 0 && neighbours.every(({ shape, raw }) => shape === 'capitals' && raw.length > 2);
}

/** "WASHINGTON, Feb 26 -", "PARIS (AP) —": the first words of the body. */
function isDateline({ tokens, title }: PlaceQuestion, from: number, to: number): boolean {
  if (from > title + 3 || from < title) return false;
  const next = tokens[to];
  const beginsLine = from === title || tokens[from]?.gap === 'break';
  return (
    beginsLine &&
    next !== undefined &&
    (next.gap === 'comma' || next.gap === 'bracket' || next.gap === 'break' || next.shape === 'number')
  );
}

function accepted({ tokens, isFirstName }: PlaceQuestion, hit: PlaceHit): boolean {
  const { from, to, name } = hit;
  if (name.kind === 'none') return false;
  const [before, first, next] = [tokens[from - 1], tokens[from] as Token, tokens[to]];
  const after =
    next !== undefined && (next.gap === 'space' || next.gap === 'hyphen') && next.shape !== 'small' ? next : undefined;
  const leading = before !== undefined && first.gap === 'space' && before.shape !== 'small' ? before : undefined;
  if (name.kind === 'demonym' && first.shape === 'capital' && after?.key === 'language') return false;
  if (to - from === 1 && !hit.dateline) {
    // "Michael Jordan", "Jack London": a first name makes a surname of it.
    if (leading !== undefined && leading.shape === 'capital' && !leading.possessive && isFirstName(leading.raw))
      return false;
    if (leading !== undefined && /^(mr|mrs|ms|dr|sir|lord|lady|miss)$/.test(leading.key)) return false;
    // "Paris Hilton": a first name itself.
    if (
      after?.shape === 'capital' &&
      first.shape === 'capital' &&
      !first.possessive &&
      ALSO_PEOPLE.has(first.key) &&
      name.kind !== 'demonym'
    )
      if (!PLACE_NOUNS.has(after.key) && next?.gap === 'space')
        return MAKES_NO_PLACE.has(after.key) ? false : isWordOfPlace(before);
  }
  if (name.kind !== 'city') return true;
  if (after !== undefined && MAKES_NO_PLACE.has(after.key) && next?.gap === 'space') return false;
  if (leading !== undefined && MAKES_NO_PLACE_BEFORE.has(leading.key)) return false;
  return true;
}

function isWordOfPlace(token: Token | undefined): boolean {
  return token !== undefined && LOCATIVE.has(token.key);
}

/** Smaller and doubtful cities count when a word of place, their state or their country stands by them. */
export function supportedHits(hits: readonly PlaceHit[], tokens: readonly Token[]): PlaceHit[] {
  const countries = new Set(
    hits.filter(({ name }) => name.kind === 'country' || name.kind === 'region').map(({ name }) => name.country.code),
  );
  return hits.filter(({ from, to, name, located, dateline }, position) => {
    const { city, country } = name;
    if (city === undefined || dateline) return true;
    // "IN SURPRISE DEFEAT" is no town in Arizona, "at Stamford Bridge" none in Connecticut.
    if (city.rank === 0 && (tokens[from]?.shape !== 'capital' || goesOn(tokens, to))) return false;
    if (city.rank === 0 && city.thousands < SMALL_CITY_THOUSANDS && !countries.has(country.code)) return false;
    if (located) return true;
    const key = tokens
      .slice(from, to)
      .map((token) => token.key)
      .join('-');
    const next = hits[position + 1];
    if (next?.from === to && next.name.country.code === country.code && next.name.kind !== 'demonym') return true;
    if (DOUBTFUL_CITIES.has(key) || ALSO_PEOPLE.has(key)) return city.rank > 0 && !DOUBTFUL_CITIES.has(key);
    return city.rank > 0 || city.thousands >= KNOWN_CITY_THOUSANDS || (to - from > 1 && countries.has(country.code));
  });
}

function goesOn(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at];
  return next !== undefined && next.gap === 'space' && (next.shape === 'capital' || next.shape === 'capitals');
}
